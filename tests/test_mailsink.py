"""The local post office: whole messages, shown harmlessly."""

import threading
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from config.local.mailsink import Page, Postbox


def message(subject: str, *, html: str = "<p>x</p>", language: str = "ar") -> bytes:
    written = EmailMessage()
    written["Subject"] = subject
    written["From"] = "notices@mainstay.example"
    written["To"] = "somebody@demo.example"
    written["Content-Language"] = language
    written.set_content("مرحبا https://site.example/?a=1&b=2 <b>")
    written.add_alternative(html, subtype="html")
    return written.as_bytes()


@pytest.fixture
def postbox(tmp_path: Path) -> Postbox:
    return Postbox(tmp_path / "mail")


@pytest.fixture
def address(postbox: Postbox) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("BoundPage", (Page,), {"postbox": postbox}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def get(address: str) -> tuple[str, str]:
    """The page and its content policy."""
    with urllib.request.urlopen(address, timeout=5) as answer:
        return answer.read().decode(), answer.headers["Content-Security-Policy"]


def test_the_same_message_twice_is_there_twice_and_the_newest_first(postbox: Postbox) -> None:
    for subject in ("one", "two", "two"):
        postbox.keep(message(subject), ["somebody@demo.example"])
    assert [found.subject for found in postbox.messages()] == ["two", "two", "one"]


def test_search_finds_a_recipient_of_the_envelope_and_nobody_else(postbox: Postbox) -> None:
    postbox.keep(message("hers"), ["Her@demo.example"])
    postbox.keep(message("his"), ["him@demo.example"])
    assert [found.subject for found in postbox.messages(recipient="her@")] == ["hers"]


def test_a_half_written_message_is_not_shown(postbox: Postbox) -> None:
    (postbox.folder / ".00000000000000000001-abcdef12.eml").write_bytes(b"Subject: half")
    assert list(postbox.messages()) == []


def test_text_and_subject_are_escaped_and_links_can_be_followed(postbox: Postbox, address: str) -> None:
    postbox.keep(message("<script>alert(1)</script> رسالة"), ["a@demo.example"])
    listing, policy = get(f"{address}/")
    shown, _ = get(f"{address}/messages/{postbox.names()[0]}/")
    assert "<script" not in listing + shown
    assert '<a href="https://site.example/?a=1&amp;b=2"' in shown
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_the_html_of_a_message_is_served_in_a_sandbox(postbox: Postbox, address: str) -> None:
    postbox.keep(message("x", html="<script>alert(1)</script>"), ["a@demo.example"])
    shown, policy = get(f"{address}/messages/{postbox.names()[0]}/html")
    assert "<script>alert(1)</script>" in shown
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
