"""Letters: three templates each, rendered in the reader's language when they are delivered, and one way to send them.

Nothing of ours is fetched by a mail program: no images, no tracking, no fonts. A mail names the product and holds one
link; what happened stays here unless the person asked otherwise.
"""

import hashlib
import re
import smtplib
import threading
import time
from dataclasses import dataclass, field
from email import policy
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend
from django.template import Context, Engine
from django.utils import timezone, translation

from accounts.zones import DEFAULT_ZONE
from core.outbox import TryLater, Undeliverable

# A server may hang up on a connection that says nothing for a while; do not find out in the middle of a message.
IDLE_SECONDS = 10.0
_line = threading.local()


@dataclass(frozen=True)
class Letter:
    """One mail to one address. `template` is a folder of templates/emails; `subject` replaces the template's."""

    address: str
    language: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    subject: str = ""
    zone: str = DEFAULT_ZONE


def render_letter(letter: Letter, *, key: str) -> EmailMultiAlternatives:
    """The message in its language. `key` is the outbox key: the Message-ID follows from it and never changes."""
    code = letter.language if letter.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    values = {
        **letter.context,
        "url": letter.url,
        "language": code,
        "direction": "ltr" if code == "en" else "rtl",
        "site_url": settings.SITE_URL,
    }
    with translation.override(code), timezone.override(letter.zone):
        subject = letter.subject or _text(f"emails/{letter.template}/subject.txt", values)
        message = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=_text(f"emails/{letter.template}/body.txt", values),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.address],
            headers={
                "Message-ID": message_id(key),
                "Content-Language": code,
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        html = Engine.get_default().get_template(f"emails/{letter.template}/body.html")
        message.attach_alternative(html.render(Context(values)), "text/html")
    return message


def _text(template: str, values: dict[str, Any]) -> str:
    """Plain text: nothing is escaped, and blank lines that tags leave are one."""
    text = Engine.get_default().get_template(template).render(Context(values, autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def message_id(key: str) -> str:
    """The Message-ID of an outbox key: the same however often it is sent, so that a mail server can tell."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{settings.MESSAGE_ID_DOMAIN}>"


def send(message: EmailMultiAlternatives) -> None:
    """Hand one message to the mail server.

    Raises:
        TryLater: nothing was handed over, and it may work later.
        Undeliverable: the server refuses this recipient or message for good.
        Any other error: nobody knows whether the server has it.
    """
    mailer = mailers["default"]
    if not isinstance(mailer, EmailBackend):
        mailer.send_messages([message])
        return
    try:
        _send_by_smtp(_open_line(mailer), message, mailer)
    except BaseException:
        hang_up()
        raise
    _line.used = time.monotonic()


def _open_line(mailer: EmailBackend) -> smtplib.SMTP:
    """The connection of this thread, fresh when it was idle."""
    held: EmailBackend | None = getattr(_line, "mailer", None)
    if held is not None and (time.monotonic() - _line.used > IDLE_SECONDS or not _same_server(held, mailer)):
        hang_up()
        held = None
    if held is None:
        try:
            mailer.open()
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(type(error).__name__) from error
        _line.mailer, _line.used, held = mailer, time.monotonic(), mailer
    connection = held.connection
    if not isinstance(connection, smtplib.SMTP):
        raise TryLater("no connection")
    return connection


def _same_server(one: EmailBackend, other: EmailBackend) -> bool:
    return (one.host, one.port, one.username) == (other.host, other.port, other.username)


def _send_by_smtp(line: smtplib.SMTP, message: EmailMultiAlternatives, mailer: EmailBackend) -> None:
    try:
        sender = mailer.prep_address(message.from_email)
        recipient = mailer.prep_address(message.to[0])
        content = message.message(policy=policy.SMTP).as_bytes()
    except (ValueError, UnicodeError) as error:
        raise Undeliverable("address cannot be written") from error
    try:
        line.ehlo_or_helo_if_needed()
        _expect(line.mail(sender), {250}, "sender", final=False)
        _expect(line.rcpt(recipient), {250, 251}, "recipient", final=True)
        _expect(line.docmd("DATA"), {354}, "message", final=True)
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(type(error).__name__) from error
    # From here on an error leaves it open whether the server has the message: it is let through as it is.
    line.send(re.sub(rb"(?m)^\.", b"..", content).rstrip(b"\r\n") + b"\r\n.\r\n")
    _expect(line.getreply(), {250}, "message", final=True)


def _expect(reply: tuple[int, bytes], good: set[int], what: str, *, final: bool) -> None:
    """Go on at a good answer. A 5xx is for good where `final`; what the server wrote may quote an address: not kept."""
    code = reply[0]
    if code in good:
        return
    if code == -1:
        raise smtplib.SMTPServerDisconnected
    if final and 500 <= code < 600:
        raise Undeliverable(f"{what} refused: {code}")
    raise TryLater(f"{what}: {code}")


def hang_up() -> None:
    """Close the connection of this thread; called when a drain has ended, and after any error."""
    mailer: EmailBackend | None = getattr(_line, "mailer", None)
    _line.mailer = None
    if mailer is None:
        return
    try:
        mailer.close()
    except (OSError, smtplib.SMTPException):
        pass  # it was gone already
