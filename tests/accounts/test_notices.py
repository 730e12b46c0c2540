"""Notices: once for each event and person, in the reader's language, and never more by mail than they want."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.choices import MailDetail, MailTiming
from accounts.models import InboxItem, User
from accounts.notices import NoticeKind, notice_kinds
from accounts.services.digests import send_digests
from accounts.services.notices import mail_address, mark_read, notify
from core import outbox
from core.models import OutboxEntry
from core.models.outbox import OutboxStatus
from tests.factories.accounts import InboxItemFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "RR-7K4Q-M2XD"
WORDS = {"en": "was answered", "ar": "تمّت الإجابة", "he": "התקבלה תשובה"}


def _sentence(params: dict[str, Any]) -> str:
    return f"{params['reference']} {WORDS[translation.get_language() or 'en']}"


@pytest.fixture(autouse=True)
def _example_kind() -> Generator[None]:
    kind = NoticeKind(
        name="example",
        sentence=_sentence,
        subject=lambda params: f"About {params['reference']}",
        url=lambda params, user: f"/apply/{params['reference']}/status/",
    )
    notice_kinds.register("example", kind)
    yield
    notice_kinds._providers.pop("example")


def tell(*users: User, event: str = "answered:1", restricted: bool = False) -> None:
    notify(event=event, users=users, kind="example", params={"reference": SECRET}, restricted=restricted)


def whole(message: Any) -> str:
    """Everything a mail says, decoded."""
    return f"{message.subject}\n{message.body}\n{message.alternatives[0].content}\n{message.extra_headers}"


def test_one_event_is_one_notice_and_one_mail_however_often_it_is_told(applicant: User) -> None:
    tell(applicant)
    tell(applicant, applicant)
    outbox.drain()
    tell(applicant)
    outbox.drain()
    assert InboxItem.objects.count() == 1
    assert OutboxEntry.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_neutral_mail_says_nothing(applicant: User) -> None:
    tell(applicant)
    outbox.drain()
    assert SECRET not in whole(mail.outbox[0])
    assert mail.outbox[0].subject == "You have a message in Mainstay"
    link = f"{django_settings.SITE_URL}/inbox/{InboxItem.objects.get().pk}/"
    assert link in str(mail.outbox[0].body)


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize(
    ("detail", "subject_tells", "body_tells"),
    [(MailDetail.NOTHING, False, False), (MailDetail.SUBJECT, True, False), (MailDetail.ALL, True, True)],
)
@pytest.mark.parametrize("restricted", [False, True])
def test_a_mail_says_what_the_person_chose_and_nothing_of_what_is_restricted(
    language: str, detail: str, subject_tells: bool, body_tells: bool, restricted: bool
) -> None:
    user = UserFactory.create(language=language, mail_detail=detail)
    tell(user, restricted=restricted)
    outbox.drain()
    message: Any = mail.outbox[0]
    html = message.alternatives[0].content
    assert (SECRET in message.subject) == (subject_tells and not restricted)
    assert (SECRET in message.body) == (body_tells and not restricted)
    assert (SECRET in html) == (body_tells and not restricted)
    assert (WORDS[language] in message.body) == (body_tells and not restricted)
    if restricted:
        assert SECRET not in whole(message)
    assert message.extra_headers["Content-Language"] == language
    assert f'lang="{language}" dir="{"ltr" if language == "en" else "rtl"}"' in html
    assert "<img" not in html
    assert "src=" not in html


def test_the_message_id_follows_from_the_outbox_key(applicant: User) -> None:
    tell(applicant)
    outbox.drain()
    entry = OutboxEntry.objects.get()
    OutboxEntry.objects.update(status=OutboxStatus.DOUBTFUL)
    outbox.send_again(entry_id=entry.pk)
    outbox.drain()
    first, second = (m.extra_headers["Message-ID"] for m in mail.outbox)
    assert first == second
    assert first.endswith(f"@{django_settings.MESSAGE_ID_DOMAIN}>")


@pytest.mark.parametrize("timing", [MailTiming.DAILY, MailTiming.NEVER])
def test_who_wants_no_mail_at_once_gets_a_notice_only(timing: str) -> None:
    tell(UserFactory.create(mail_timing=timing))
    assert InboxItem.objects.count() == 1
    assert OutboxEntry.objects.count() == 0


def test_someone_who_left_gets_nothing(applicant: User) -> None:
    tell(applicant)
    User.objects.update(is_active=False)
    outbox.drain()
    assert mail.outbox == []
    assert OutboxEntry.objects.get().status == OutboxStatus.DROPPED
    assert list(outbox.needing_attention()) == []


def test_someone_who_changed_to_never_meanwhile_gets_no_mail(applicant: User) -> None:
    tell(applicant)
    User.objects.update(mail_timing=MailTiming.NEVER)
    outbox.drain()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 21:59", "2026-11-23 21:59"),
        ("2026-11-23 22:00", "2026-11-24 07:00"),
        ("2026-11-24 03:00", "2026-11-24 07:00"),
        ("2026-11-24 07:00", "2026-11-24 07:00"),
    ],
)
def test_mail_waits_until_quiet_hours_are_over(at_time: Callable[..., datetime], now: str, expected: str) -> None:
    user = UserFactory.create(time_zone="Asia/Hebron", quiet_from=time(22), quiet_until=time(7))
    at_time(now)
    tell(user)
    assert timezone.localtime(OutboxEntry.objects.get().due_at, timezone.get_fixed_timezone(120)) == at_time(expected)


def test_quiet_hours_chosen_after_the_event_hold_too(at_time: Callable[..., datetime]) -> None:
    user = UserFactory.create(time_zone="Asia/Jerusalem")
    at_time("2026-11-23 23:00")
    tell(user)
    User.objects.update(quiet_from=time(22), quiet_until=time(7))
    outbox.drain()
    entry = OutboxEntry.objects.get()
    assert (entry.status, entry.attempts, mail.outbox) == (OutboxStatus.PENDING, 0, [])
    at_time("2026-11-24 07:00")
    outbox.drain()
    assert len(mail.outbox) == 1


def test_the_digest_comes_once_a_day_at_seven_in_the_persons_own_zone(at_time: Callable[..., datetime]) -> None:
    near = UserFactory.create(time_zone="Asia/Jerusalem", mail_timing=MailTiming.DAILY)
    far = UserFactory.create(time_zone="America/New_York", mail_timing=MailTiming.DAILY)
    at_time("2026-11-23 15:00")
    tell(near, far)
    tell(near, far, event="answered:2")
    at_time("2026-11-24 06:59")
    assert send_digests() == 0
    at_time("2026-11-24 07:00")
    assert (send_digests(), send_digests()) == (1, 0)
    outbox.drain()
    assert [(m.to, m.subject) for m in mail.outbox] == [([near.email], "You have 2 messages in Mainstay")]
    assert SECRET not in whole(mail.outbox[0])
    at_time("2026-11-24 07:05")
    tell(near, event="answered:3")
    assert send_digests() == 0
    at_time("2026-11-24 14:00")
    assert send_digests() == 1
    at_time("2026-11-25 07:10")
    send_digests()
    outbox.drain()
    assert [(m.to[0], m.subject) for m in mail.outbox[1:]] == [
        (far.email, "You have 2 messages in Mainstay"),
        (near.email, "You have 1 message in Mainstay"),
    ]


def test_the_digest_stays_out_of_quiet_hours(at_time: Callable[..., datetime]) -> None:
    UserFactory.create(
        time_zone="Asia/Jerusalem", mail_timing=MailTiming.DAILY, quiet_from=time(22), quiet_until=time(9)
    )
    at_time("2026-11-23 15:00")
    tell(User.objects.get())
    at_time("2026-11-24 07:01")
    assert send_digests() == 1
    outbox.drain()
    assert mail.outbox == []
    at_time("2026-11-24 09:00")
    outbox.drain()
    assert len(mail.outbox) == 1


def test_a_digest_of_notices_read_meanwhile_is_not_sent(at_time: Callable[..., datetime]) -> None:
    user = UserFactory.create(mail_timing=MailTiming.DAILY)
    at_time("2026-11-23 15:00")
    tell(user)
    at_time("2026-11-24 07:01")
    send_digests()
    mark_read(user=user)
    outbox.drain()
    assert mail.outbox == []


def test_a_digest_lists_what_the_person_chose_and_nothing_restricted(at_time: Callable[..., datetime]) -> None:
    user = UserFactory.create(mail_timing=MailTiming.DAILY, mail_detail=MailDetail.ALL, language="he")
    at_time("2026-11-23 15:00")
    tell(user)
    notify(event="x", users=[user], kind="example", params={"reference": "XX-HIDDEN"}, restricted=True)
    at_time("2026-11-24 07:01")
    send_digests()
    outbox.drain()
    assert WORDS["he"] in str(mail.outbox[0].body)
    assert "XX-HIDDEN" not in whole(mail.outbox[0])


def test_mail_to_an_address_waits_sealed_and_goes_once() -> None:
    for _time in range(2):
        mail_address(
            key="invitation:1",
            address="new@people.example",
            language="ar",
            template="invitation",
            context={"offer": "Come <b>along</b> & help", "days": 14},
            url="https://mainstay.example/accounts/invitation/token/",
        )
    entry = OutboxEntry.objects.get()
    assert "new@people.example" not in str(entry.payload)
    outbox.drain()
    message: Any = mail.outbox[0]
    assert (len(mail.outbox), message.to) == (1, ["new@people.example"])
    assert "Come <b>along</b> & help" in message.body
    assert "Come &lt;b&gt;along&lt;/b&gt; &amp; help" in message.alternatives[0].content
    entry.refresh_from_db()
    assert entry.payload == {}


def test_a_name_cannot_smuggle_a_header_into_a_mail(applicant: User) -> None:
    User.objects.update(mail_detail=MailDetail.SUBJECT)
    applicant.refresh_from_db()
    reference = "RR\r\nBcc: evil@evil.example"
    notify(event="e", users=[applicant], kind="example", params={"reference": reference})
    outbox.drain()
    assert mail.outbox[0].message()["Bcc"] is None


def test_the_inbox_lists_and_opens_ones_own_notices_only(
    applicant: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    tell(applicant)
    item = InboxItem.objects.get()
    client = client_for(applicant)
    page = client.get("/inbox/")
    assert f"{SECRET} was answered" in page.text
    assert SECRET not in client_for(officer).get("/inbox/").text
    assert client_for(officer).get(f"/inbox/{item.pk}/").status_code == 404
    for _twice in range(2):
        response = client.get(f"/inbox/{item.pk}/")
        assert response.headers["Location"] == f"/apply/{SECRET}/status/"
    item.refresh_from_db()
    assert item.read_at is not None
    assert Client().get("/inbox/").headers["Location"] == "/accounts/login/?next=/inbox/"


def test_a_restricted_notice_says_nothing_in_the_inbox_either(
    applicant: User, client_for: Callable[[User], Client]
) -> None:
    tell(applicant, restricted=True)
    page = client_for(applicant).get("/inbox/").text
    assert SECRET not in page
    assert "You have a message." in page


def test_all_is_marked_read_by_a_post_only(applicant: User, client_for: Callable[[User], Client]) -> None:
    InboxItemFactory.create_batch(3, user=applicant, params={"reference": "A"})
    other = InboxItemFactory.create(params={"reference": "B"})
    client = client_for(applicant)
    assert client.get("/inbox/read/").status_code == 405
    client.post("/inbox/read/")
    assert InboxItem.objects.filter(user=applicant, read_at__isnull=True).count() == 0
    other.refresh_from_db()
    assert other.read_at is None


def test_a_kind_of_notice_that_is_gone_does_not_break_the_inbox(
    applicant: User, client_for: Callable[[User], Client]
) -> None:
    item = InboxItemFactory.create(user=applicant, kind="of-an-older-release")
    client = client_for(applicant)
    assert "You have a message." in client.get("/inbox/").text
    assert client.get(f"/inbox/{item.pk}/").headers["Location"] == "/inbox/"


def test_the_inbox_costs_the_same_at_one_and_at_thirty(
    applicant: User, client_for: Callable[[User], Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(applicant)
    InboxItemFactory.create(user=applicant, params={"reference": "A"})
    with django_assert_max_num_queries(5):  # session, person, roles, page, unread
        client.get("/inbox/")
    InboxItemFactory.create_batch(40, user=applicant, params={"reference": "A"})
    with django_assert_max_num_queries(5):
        client.get("/inbox/")


def test_the_inbox_turns_pages(applicant: User, client_for: Callable[[User], Client]) -> None:
    start = timezone.now()
    for number in range(35):
        item = InboxItemFactory.create(user=applicant, params={"reference": f"N{number:02}"})
        InboxItem.objects.filter(pk=item.pk).update(created_at=start - timedelta(minutes=number))
    client = client_for(applicant)
    page = client.get("/inbox/")
    assert page.text.count("data-row>") == 30
    assert "N30 " not in page.text
    after = client.get("/inbox/", {"cursor": page.context["page"].next_cursor})
    assert after.text.count("data-row>") == 5


@pytest.mark.parametrize("cursor", ["x", "%00", "W10", "WyJuIiwgIjEiLCAiMiJd", "a" * 5000])
def test_the_inbox_bears_any_cursor(applicant: User, client_for: Callable[[User], Client], cursor: str) -> None:
    assert client_for(applicant).get("/inbox/", {"cursor": cursor}).status_code == 200


def test_words_of_the_inbox_follow_the_language(
    applicant: User,
    client_for: Callable[[User], Client],
    in_language: Callable[[str], AbstractContextManager[None]],
) -> None:
    tell(applicant)
    client = client_for(applicant)
    for language in ("en", "ar", "he"):
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        assert WORDS[language] in client.get("/inbox/").text
    with in_language("he"):
        assert _sentence({"reference": ""}) == f" {WORDS['he']}"
