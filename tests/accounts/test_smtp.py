"""Handing mail to a server: what is certain is told apart from what is not, and one line serves many messages."""

import socket
import threading
from collections.abc import Callable, Generator

import pytest
from pytest_django import Settings

from accounts import emails
from accounts.emails import Letter, render_letter
from accounts.services.notices import mail_address
from core import outbox
from core.models import OutboxEntry
from core.models.outbox import OutboxStatus
from core.outbox import TryLater, Undeliverable


class FakeServer:
    """Speaks just enough SMTP. `answers` replaces an answer by command; an empty answer hangs up."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.connections = 0
        self.messages: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as lines:
            client.sendall(b"220 fake\r\n")
            while line := lines.readline():
                word = line.split(b":")[0].split()[0].decode().upper()
                usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 ok")
                answer = self.answers.get(word, usual)
                if not answer:
                    return
                client.sendall(answer.encode() + b"\r\n")
                if word == "QUIT":
                    return
                if word == "DATA" and answer.startswith("354"):
                    content = b""
                    while (part := lines.readline()) != b".\r\n":
                        content += part
                    end = self.answers.get("END", "250 taken")
                    if not end:
                        return
                    if end.startswith("250"):
                        self.messages.append(content)
                    client.sendall(end.encode() + b"\r\n")


@pytest.fixture
def server(settings: Settings) -> Generator[Callable[..., FakeServer]]:
    started: list[FakeServer] = []

    def start(**answers: str) -> FakeServer:
        fake = FakeServer(answers)
        started.append(fake)
        smtp = {"host": "127.0.0.1", "port": fake.port, "timeout": 3}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": smtp}}
        return fake

    emails.hang_up()
    yield start
    emails.hang_up()
    for fake in started:
        fake.listener.close()


def send_one(number: int = 0) -> None:
    letter = Letter(f"person{number}@people.example", "en", "notice", url="https://mainstay.example/")
    emails.send(render_letter(letter, key=f"mail:{number}"))


def test_many_messages_go_over_one_line(server: Callable[..., FakeServer]) -> None:
    fake = server()
    for number in range(20):
        send_one(number)
    assert (fake.connections, len(fake.messages)) == (1, 20)
    assert b"You have a message in Mainstay" in fake.messages[0]


def test_a_line_that_was_idle_is_opened_anew(
    server: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = server()
    monkeypatch.setattr(emails, "IDLE_SECONDS", -1.0)
    send_one(1)
    send_one(2)
    assert (fake.connections, len(fake.messages)) == (2, 2)


def test_no_server_at_all_is_tried_later(settings: Settings) -> None:
    smtp = {"host": "127.0.0.1", "port": 1, "timeout": 3}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": smtp}}
    emails.hang_up()
    with pytest.raises(TryLater):
        send_one()


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"RCPT": "550 no such user"}, Undeliverable),
        ({"RCPT": "451 greylisted"}, TryLater),
        ({"RCPT": ""}, TryLater),
        ({"MAIL": "421 busy"}, TryLater),
        ({"MAIL": "550 you again"}, TryLater),
        ({"EHLO": "", "HELO": ""}, TryLater),
        ({"DATA": "451 not now"}, TryLater),
        ({"DATA": ""}, TryLater),
        ({"END": "554 refused as spam"}, Undeliverable),
        ({"END": "452 disk full"}, TryLater),
    ],
)
def test_what_is_certain_is_said(
    server: Callable[..., FakeServer], answers: dict[str, str], expected: type[Exception]
) -> None:
    fake = server(**answers)
    with pytest.raises(expected) as caught:
        send_one()
    assert fake.messages == []
    assert "@" not in str(caught.value)


def test_a_line_that_breaks_after_the_message_leaves_it_in_doubt(server: Callable[..., FakeServer]) -> None:
    server(END="")
    with pytest.raises(Exception, match=r".*") as caught:
        send_one()
    assert not isinstance(caught.value, (TryLater, Undeliverable))


def test_after_an_error_the_next_message_gets_a_fresh_line(server: Callable[..., FakeServer]) -> None:
    fake = server(RCPT="550 no such user")
    with pytest.raises(Undeliverable):
        send_one(1)
    fake.answers = {}
    send_one(2)
    assert (fake.connections, len(fake.messages)) == (2, 1)


def test_a_line_of_the_text_that_is_a_dot_does_not_end_the_message(server: Callable[..., FakeServer]) -> None:
    fake = server()
    letter = Letter("person@people.example", "en", "notice", {"sentence": "before\n.\nafter"})
    emails.send(render_letter(letter, key="k"))
    assert b"after" in fake.messages[0]


@pytest.mark.parametrize("address", ["no address", "a@b@c", "x@people.example\r\nBcc: y@evil.example", ""])
def test_an_address_that_cannot_be_written_is_undeliverable(server: Callable[..., FakeServer], address: str) -> None:
    fake = server()
    with pytest.raises(Undeliverable):
        emails.send(render_letter(Letter(address, "en", "notice"), key="k"))
    assert fake.messages == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "status", "payload_kept"),
    [
        ({}, OutboxStatus.SENT, False),
        ({"RCPT": "550 no"}, OutboxStatus.FAILED, True),
        ({"RCPT": "451 later"}, OutboxStatus.PENDING, True),
        ({"END": ""}, OutboxStatus.DOUBTFUL, True),
    ],
)
def test_the_outbox_knows_how_it_went(
    server: Callable[..., FakeServer], answers: dict[str, str], status: str, payload_kept: bool
) -> None:
    fake = server(**answers)
    mail_address(key="k", address="a@people.example", language="he", template="notice", context={}, url="https://x/")
    outbox.drain()
    entry = OutboxEntry.objects.get()
    assert (entry.status, bool(entry.payload)) == (status, payload_kept)
    assert "people.example" not in entry.last_error
    assert len(fake.messages) == (1 if status == OutboxStatus.SENT else 0)
