"""Calls: what may be written, when they take applications, and what may not get harder."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Programme, User
from core.errors import DomainError, NotPermitted, StaleVersion
from core.translated import Translated
from grants import call_words
from grants.call_checks import problems
from grants.choices import CallAction, CallKind, CallStatus
from grants.form_definitions import load_forms
from grants.local_times import LocalTimeNotPossible, instant, local
from grants.models import Application, Call, FormVersion
from grants.services import calls, forms

pytestmark = pytest.mark.django_db
JERUSALEM = ZoneInfo("Asia/Jerusalem")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def text(english: str) -> Translated:
    return Translated(en=english, ar=f"ع {english}", he=f"ע {english}")


@pytest.fixture
def version(programme: Programme) -> FormVersion:
    return load_forms(programme=programme)["rapid-response"]


def fields(version: FormVersion | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "kind": CallKind.OPEN,
        "reference_prefix": "OR",
        "title": text("Orchard call"),
        "summary": text("For orchards"),
        "who_may_apply": text("Gardeners"),
        "amount_max": Decimal(5000),
        "currencies": ["USD"],
        "opens_at": NOON - timedelta(days=5),
        "closes_at": NOON + timedelta(days=5),
        "form_version": version,
        **changes,
    }


@pytest.fixture
def draft_call(programme: Programme, version: FormVersion, officer: User, at_time: Any) -> Call:
    at_time(NOON)
    return calls.create_call(programme=programme, by=officer, **fields(version))


@pytest.fixture
def open_call(draft_call: Call, officer: User) -> Call:
    return calls.publish_call(call=draft_call, by=officer)


def test_a_call_is_written_published_closed_and_opened_again(draft_call: Call, officer: User) -> None:
    call = calls.publish_call(call=draft_call, by=officer)
    assert (call.slug, call.status) == ("orchard-call", CallStatus.PUBLISHED)
    assert calls.publish_call(call=call, by=officer).events.count() == 2
    with pytest.raises(DomainError, match="Write why"):
        calls.close_call(call=call, by=officer)
    assert calls.close_call(call=call, by=officer, reason="No money left").status == CallStatus.CLOSED
    assert calls.reopen_call(call=call, by=officer, reason="Money came").status == CallStatus.PUBLISHED
    assert {event.action for event in call.events.all()} == {
        CallAction.CREATE, CallAction.PUBLISH, CallAction.CLOSE, CallAction.REOPEN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opens_at": NOON, "closes_at": NOON - timedelta(hours=1)}, "closes_at"),
        ({"amount_min": Decimal(6000)}, "amount_max"),
        ({"amount_max": Decimal(-1)}, "amount_max"),
        ({"amount_max": 12.5}, "amount_max"),
        ({"reference_prefix": "R1"}, "reference_prefix"),
        ({"reference_prefix": "rr"}, "reference_prefix"),
        ({"reference_prefix": "ÄB"}, "reference_prefix"),
        ({"reference_prefix": "RRR"}, "reference_prefix"),
        ({"currencies": []}, "currencies"),
        ({"currencies": ["USD", "XXX"]}, "currencies"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"kind": "secret"}, "kind"),
        ({"grace_minutes": -1}, "grace_minutes"),
        ({"months_max": 0}, "months_max"),
        ({"decision_working_days": None}, "decision_working_days"),
        ({"closes_at": datetime(2027, 1, 1, 12)}, "closes_at"),  # noqa: DTZ001 - the point
        ({"title": {}}, "title"),
    ],
)
def test_bad_input_names_the_field(
    changes: dict[str, Any], field: str, programme: Programme, version: FormVersion, officer: User
) -> None:
    with pytest.raises(calls.CallNotPossible) as refused:
        calls.create_call(programme=programme, by=officer, **fields(version, **changes))
    assert refused.value.field == field
    assert Call.objects.count() == 0


def test_a_draft_form_cannot_be_chosen(programme: Programme, officer: User) -> None:
    version = forms.create_form(programme=programme, name=text("Draft"), by=officer)
    with pytest.raises(calls.CallNotPossible) as refused:
        calls.create_call(programme=programme, by=officer, **fields(version))
    assert refused.value.field == "form_version"


@pytest.mark.parametrize("who", ["reviewer", "auditor", "finance", "applicant"])
def test_only_those_who_manage_calls_write_them(
    who: str, draft_call: Call, version: FormVersion, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        calls.create_call(programme=draft_call.programme, by=person, **fields(version))
    with pytest.raises(NotPermitted):
        calls.update_call(call=draft_call, by=person, amount_max=Decimal(1))
    with pytest.raises(NotPermitted):
        calls.publish_call(call=draft_call, by=person)


def test_publishing_names_everything_that_is_missing(programme: Programme, officer: User, at_time: Any) -> None:
    at_time(NOON)
    call = calls.create_call(
        programme=programme,
        by=officer,
        **fields(None, title={"en": "Half"}, amount_max=None, closes_at=None, opens_at=None),
    )
    with pytest.raises(calls.CallNotReady) as refused:
        calls.publish_call(call=call, by=officer)
    assert refused.value.problems == [
        "“title” is missing in العربية, עברית.",
        "Choose the form.",
        "Say how much one may ask for at most.",
        "An open call has a deadline. Write when it closes.",
    ]
    call.refresh_from_db()
    assert call.status == CallStatus.DRAFT


def test_a_deadline_in_the_past_cannot_be_published(draft_call: Call) -> None:
    assert problems(draft_call, [], NOON + timedelta(days=9)) == ["The deadline is in the past."]


def test_a_call_takes_applications_until_the_grace_is_over(open_call: Call, officer: User) -> None:
    call = calls.update_call(call=open_call, by=officer, grace_minutes=30)
    closes = call.closes_at
    assert closes is not None
    moments = [
        call.opens_at - timedelta(seconds=1) if call.opens_at else NOON,
        closes,
        closes + timedelta(minutes=30),
        closes + timedelta(minutes=30, seconds=1),
    ]
    assert [call.accepts_at(moment) for moment in moments] == [False, True, True, False]
    assert [call.is_in_grace(moment) for moment in moments] == [False, False, True, False]
    assert [Call.objects.open_on(moment).filter(pk=call.pk).exists() for moment in moments] == [
        False, True, True, False,
    ]  # fmt: skip
    assert call_words.stage(call, closes + timedelta(hours=1)) == call_words.CLOSED


def test_a_time_that_the_clocks_skip_or_repeat_is_refused() -> None:
    with pytest.raises(LocalTimeNotPossible, match="does not exist"):
        instant(datetime(2027, 3, 26, 2, 30), JERUSALEM)  # noqa: DTZ001 - local on purpose
    with pytest.raises(LocalTimeNotPossible, match="happens twice"):
        instant(datetime(2027, 10, 31, 1, 30), JERUSALEM)  # noqa: DTZ001
    written = datetime(2027, 1, 15, 23, 59)  # noqa: DTZ001
    assert instant(written, JERUSALEM) == datetime(2027, 1, 15, 21, 59, tzinfo=UTC)
    assert local(instant(written, JERUSALEM), JERUSALEM) == written


def test_a_deadline_is_said_with_place_and_offset(open_call: Call) -> None:
    assert call_words.until(open_call) == "28 November 2026, 14:00, Jerusalem time (UTC+02:00)"


def test_terms_get_harder_only_with_a_reason_once_somebody_submitted(
    call: Call, sent: Application, officer: User
) -> None:
    Call.objects.filter(pk=call.pk).update(summary=text("x"), who_may_apply=text("y"))
    for harder in ({"amount_max": Decimal(20000)}, {"amount_min": Decimal(600)}, {"currencies": ["USD"]}):
        with pytest.raises(calls.ReasonNeeded):
            calls.update_call(call=call, by=officer, **harder)
    calls.update_call(call=call, by=officer, amount_max=Decimal(30000))
    calls.update_call(call=call, by=officer, amount_max=Decimal(20000), reason="The fund is smaller")
    event = call.events.first()
    assert event is not None
    assert (event.reason, event.fields) == ("The fund is smaller", ["amount_max"])
    assert sent.call_id == call.pk


def test_the_form_of_a_used_call_is_replaced_by_a_later_version_only(
    open_call: Call, version: FormVersion, group: Any, owner: User, officer: User
) -> None:
    from tests.factories.grants import draft

    application = draft(open_call, group, owner)
    other = load_forms(programme=open_call.programme)["core-support"]
    with pytest.raises(calls.CallNotPossible, match="later version of the same form"):
        calls.update_call(call=open_call, by=officer, form_version=other)
    with pytest.raises(calls.CallNotPossible, match="cannot change any more"):
        calls.update_call(call=open_call, by=officer, reference_prefix="ZZ")
    later = forms.publish_version(version=forms.new_version(form=version.form, by=officer), by=officer)
    calls.update_call(call=open_call, by=officer, form_version=later)
    application.refresh_from_db()
    assert application.form_version_id == version.pk
    with pytest.raises(calls.CallNotPossible, match="later version"):
        calls.update_call(call=open_call, by=officer, form_version=version)


def test_a_public_call_stays_complete(open_call: Call, officer: User) -> None:
    with pytest.raises(calls.CallNotReady):
        calls.update_call(call=open_call, by=officer, summary={"en": "Only English"})
    open_call.refresh_from_db()
    assert open_call.summary.missing() == []


def test_two_people_on_one_call_do_not_overwrite_each_other(draft_call: Call, officer: User) -> None:
    stamp = calls.stamp_of(draft_call)
    calls.update_call(call=draft_call, by=officer, stamp=stamp, amount_max=Decimal(7000))
    with pytest.raises(StaleVersion):
        calls.update_call(call=draft_call, by=officer, stamp=stamp, amount_max=Decimal(9000))


def test_one_answer_of_the_check_cannot_mean_two_things(draft_call: Call, officer: User) -> None:
    row = {"text": text("Sure?"), "no_answer": "no", "ask_answer": "no"}
    with pytest.raises(DomainError, match="cannot mean both"):
        calls.set_eligibility_questions(call=draft_call, by=officer, questions=[row])
