"""A post office of its own for the demo and the tests: takes every message, sends none, shows them all.

    python -m config.local.mailsink --folder var/mail --smtp-port 1025 --page-port 8025

A message is one file, written whole or not at all; the same message sent twice is there twice. The page listens on
127.0.0.1, runs no script and shows a message's HTML in a frame that may do nothing but open a link.
"""

import argparse
import email
import email.message
import email.policy
import functools
import json
import os
import re
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

PAGE_SIZE = 100
ENVELOPE_HEADER = "X-Envelope-To"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
MESSAGE_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'self'"
)
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 1.5rem auto; padding-inline: 1rem; }
table { inline-size: 100%; border-collapse: collapse; }
th, td { text-align: start; padding: .5rem; border-block-end: 1px solid #8886; vertical-align: top; }
td { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; text-align: start; font: inherit;
      border: 1px solid #8886; padding: 1rem; }
iframe { inline-size: 100%; block-size: 40rem; border: 1px solid #8886; background: #fff; }
form { margin-block: 1rem; display: flex; gap: .5rem; flex-wrap: wrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
"""
LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class Message:
    """What the lists show of one message, and its plain text."""

    id: str
    sender: str
    to: list[str]
    subject: str
    date: str
    language: str
    message_id: str
    text: str
    html: str


class Postbox:
    """The folder of messages, newest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, content: bytes, recipients: list[str]) -> None:
        """Write one message beside the others; it appears under its name only when it is complete."""
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.eml"
        fresh = self.folder / f".{name}"
        fresh.write_bytes(f"{ENVELOPE_HEADER}: {', '.join(recipients)}\r\n".encode() + content)
        fresh.rename(self.folder / name)

    def names(self) -> list[str]:
        return sorted((path.stem for path in self.folder.glob("[0-9]*.eml")), reverse=True)

    def messages(self, *, recipient: str = "") -> Iterator[Message]:
        wanted = recipient.strip().lower()
        for name in self.names():
            message = self.read(name)
            if message and (not wanted or any(wanted in address.lower() for address in message.to)):
                yield message

    @functools.lru_cache(maxsize=20_000)  # noqa: B019  (one postbox a process; messages never change)
    def read(self, name: str) -> Message | None:
        """One message, or None where there is none of that name."""
        if not re.fullmatch(r"[0-9]+-[0-9a-f]+", name):
            return None
        try:
            content = (self.folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        recipients = str(parsed.get(ENVELOPE_HEADER, "")).split(",")
        return Message(
            id=name,
            sender=str(parsed.get("From", "")),
            to=[address.strip() for address in recipients if address.strip()],
            subject=str(parsed.get("Subject", "")),
            date=str(parsed.get("Date", "")),
            language=str(parsed.get("Content-Language", "")),
            message_id=str(parsed.get("Message-ID", "")),
            text=_body(parsed, "plain"),
            html=_body(parsed, "html"),
        )


def _body(parsed: email.message.EmailMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError):  # an unknown charset or a broken encoding is shown as it came
        payload = part.get_payload(decode=True) if part is not None else b""
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)


class Receiver:
    """What aiosmtpd calls with a complete message."""

    def __init__(self, postbox: Postbox) -> None:
        self.postbox = postbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        self.postbox.keep(envelope.original_content, envelope.rcpt_tos)
        return "250 Kept"


class Page(BaseHTTPRequestHandler):
    """The list, one message, its HTML, everything as JSON."""

    postbox: Postbox
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if host not in {"127.0.0.1", "localhost"}:  # another site's name that resolves to this machine
            self._send("Only for this machine.", "text/plain", status=HTTPStatus.MISDIRECTED_REQUEST)
            return
        address = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        found = re.fullmatch(r"/messages/([0-9a-f-]+)/(html)?", address.path)
        if address.path == "/":
            self._send(self._list(query), "text/html")
        elif address.path == "/style.css":
            self._send(STYLE, "text/css")
        elif address.path == "/messages.json":
            chosen = [asdict(message) for message in self.postbox.messages(recipient=query.get("to", ""))]
            self._send(json.dumps(chosen, ensure_ascii=False), "application/json")
        elif found and (message := self.postbox.read(found[1])):
            if found[2]:
                self._send(f'<base target="_blank">{message.html}', "text/html", policy=MESSAGE_POLICY)
            else:
                self._send(self._message(message), "text/html")
        else:
            self._send("There is no such page.", "text/plain", status=HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: an address of this page can hold a person's."""

    def _send(self, content: str, kind: str, *, status: HTTPStatus = HTTPStatus.OK, policy: str = PAGE_POLICY) -> None:
        body = content.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def _list(self, query: dict[str, str]) -> str:
        recipient = query.get("to", "")
        start = max(0, int(query["from"])) if query.get("from", "").isdecimal() else 0
        messages = list(self.postbox.messages(recipient=recipient))
        shown = messages[start : start + PAGE_SIZE]
        rows = "".join(
            f'<tr><td><a href="/messages/{message.id}/"><bdi>{escape(message.subject) or "(no subject)"}</bdi></a></td>'
            f"<td><bdi>{escape(', '.join(message.to))}</bdi></td><td>{escape(message.language)}</td>"
            f"<td>{escape(message.date)}</td></tr>"
            for message in shown
        )
        older = ""
        if start + PAGE_SIZE < len(messages):
            link = urlencode({"to": recipient, "from": start + PAGE_SIZE})
            older = f'<p><a href="/?{escape(link)}">Older messages</a></p>'
        table = (
            '<table><thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Language</th>'
            f'<th scope="col">Date</th></tr></thead><tbody>{rows}</tbody></table>{older}'
        )
        return _document(
            "Mail that stayed here",
            "<p>Every message that this Mainstay sent. None of them left this machine.</p>"
            '<form method="get" action="/" role="search"><label for="to">Recipient</label>'
            f'<input id="to" name="to" type="search" dir="auto" value="{escape(recipient)}">'
            "<button>Search</button></form>"
            f"<p>{len(messages)} messages</p>" + (table if shown else "<p>No message yet.</p>"),
        )

    def _message(self, message: Message) -> str:
        facts = {
            "From": message.sender,
            "To": ", ".join(message.to),
            "Date": message.date,
            "Language": message.language,
            "Message-ID": message.message_id,
        }
        shown = "".join(f"<dt>{name}</dt><dd><bdi>{escape(value)}</bdi></dd>" for name, value in facts.items())
        text = LINK.sub(lambda found: f'<a href="{found[0]}" rel="noreferrer">{found[0]}</a>', escape(message.text))
        frame = (
            "<h2>HTML</h2>"
            f'<iframe src="/messages/{message.id}/html" title="The message as HTML" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        )
        return _document(
            message.subject or "(no subject)",
            f'<p><a href="/">All messages</a></p><dl>{shown}</dl><h2>Text</h2><pre dir="auto">{text}</pre>'
            + (frame if message.html else ""),
        )


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
        f'<body><main><h1 dir="auto">{escape(title)}</h1>{body}</main></body></html>'
    )


def serve(*, folder: Path, smtp_port: int, page_port: int) -> None:
    """Take mail and show it until SIGTERM or SIGINT."""
    from aiosmtpd.controller import Controller  # noqa: PLC0415  (in the group `local` only)

    postbox = Postbox(folder)
    handler = type("BoundPage", (Page,), {"postbox": postbox})
    page = ThreadingHTTPServer(("127.0.0.1", page_port), handler)
    post_office = Controller(Receiver(postbox), hostname="127.0.0.1", port=smtp_port, enable_SMTPUTF8=True)
    post_office.start()
    threading.Thread(target=page.serve_forever, daemon=True).start()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    print(f"mail on 127.0.0.1:{smtp_port}, shown on http://127.0.0.1:{page_port}/", flush=True)
    ended.wait()
    post_office.stop()
    page.shutdown()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.local.mailsink")
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("MAINSTAY_VAR", "var")) / "mail")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--page-port", type=int, default=8025)
    chosen = parser.parse_args()
    serve(folder=chosen.folder, smtp_port=chosen.smtp_port, page_port=chosen.page_port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
