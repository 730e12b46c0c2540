"""Canaries in what the staff writes about a partner, an application or each other: see tests/test_canaries.py."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import Programme, User
from core import outbox
from diligence.choices import DuplicateStatus
from diligence.models import CapacityAssessment, FinancialPosition, OtherFunding, PressureEvent
from diligence.services.duplicates import resolve
from diligence.services.records import add_record
from diligence.signals import record_saved
from grants.models import Application, Call
from grants.services import access, confidentiality
from grants.services.glass import break_glass
from organizations.completeness import LEGAL
from organizations.models import Organization
from organizations.services import profiles
from organizations.services.erasing import erase_organization
from organizations.services.registrations import registration_values, take_back_verification, verify_registration
from organizations.versions import version_of
from reviews.choices import HumanCheck
from reviews.models import Decision, PanelMeeting, Review, Slate
from reviews.services import appeals, decisions, eligibility, panel_room, sheets, slates
from reviews.services.panel_room import ItemResult
from reviews.services.proposing import Condition, Feedback
from reviews.services.questions import answer_reviewer, ask_officer
from tests.factories.accounts import person_with
from tests.factories.diligence import possible_duplicate
from tests.factories.grants import CallFactory, member, partner, small_form, submitted
from tests.factories.organizations import RegistrationFactory
from tests.factories.reviews import meeting_of, proposed, reviewing, running_meeting, settle, whole_sheet
from tests.factories.slates import fund_with, slate_of
from tests.factories.written import APPS, sealed_columns, word_of, write_everything
from tests.looking import dump, in_valkey, logged, stored_files, tables_with

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)


class Words:
    """Words that say where they were written."""

    def __init__(self) -> None:
        self.all: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        self.all[place] = f"zq{place}canaryqz"
        return self.all[place]


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def office(programme: Programme, owner: User, request: pytest.FixtureRequest) -> dict[str, User]:
    """Everybody who works on it, and who sent it."""
    people = {
        name: request.getfixturevalue(name) for name in ("officer", "officer2", "director", "reviewer", "finance")
    }
    return people | {
        "owner": owner,
        "director2": person_with(RoleName.DIRECTOR, programme, display_name="Doron Director"),
    }


@pytest.fixture
def call(programme: Programme) -> Call:
    return CallFactory.create(programme=programme, form_version=small_form(programme))


@pytest.fixture
def group(programme: Programme) -> Organization:
    return partner(programme)


@pytest.fixture
def owner(group: Organization) -> User:
    return member(group, email="owner@group.example")


@pytest.fixture
def sent(call: Call, group: Organization, owner: User) -> Application:
    return submitted(call, group, owner)


def plant_in_diligence(group: Organization, office: dict[str, User], words: Words) -> None:
    officer = office["officer"]
    records: Any = (
        (PressureEvent, {"happened_on": TODAY, "kind": "raid", "nature": "political", "severity": 3,
                         "description": words("event"), "source": words("witness")}),
        (FinancialPosition, {"as_of": TODAY, "currency": "USD", "cash": Decimal(3), "monthly_costs": Decimal(2),
                             "source": words("bank")}),
        (CapacityAssessment, {"assessed_on": TODAY, "governance": 3, "evidence": words("capacity")}),
        (OtherFunding, {"funder": words("funder"), "purpose": words("purpose"), "amount": Decimal(5),
                        "currency": "EUR"}),
    )  # fmt: skip
    for model, values in records:
        add_record(model=model, organization=group, by=officer, values=values)
    pair = possible_duplicate(group, partner(group.programme, name="Poplar Circle"))
    assert resolve(pair=pair, by=officer, same=False, note=words("pair")).status == DuplicateStatus.DIFFERENT
    legal = {"legal_status": "unregistered", "legal_status_note": words("legal")}
    version = profiles.section_version(group, LEGAL)
    profiles.save_section(organization=group, by=office["owner"], section=LEGAL, values=legal, version=version)
    registration = RegistrationFactory.create(organization=group)
    version = version_of(registration_values(registration))
    verify_registration(registration=registration, by=officer, version=version)
    take_back_verification(registration=registration, by=officer, reason=words("registration"))


def plant_in_judging(application: Application, office: dict[str, User], words: Words) -> Application:
    officer, reviewer = office["officer"], office["reviewer"]
    eligibility.run_checks(application_id=application.pk)
    code = next(iter(HumanCheck.values))
    eligibility.set_check(application=application, code=code, outcome="fail", note=words("check"), by=officer)
    eligibility.judge_gate(
        application=application, criterion="values", outcome="needs_work", reason=words("gate"), by=officer
    )
    held = application.gates.get(superseded_at__isnull=True)
    eligibility.judge_gate(
        application=application, criterion="values", outcome="pass", reason="", by=officer, seen=held.pk
    )
    held = application.gates.get(superseded_at__isnull=True)
    held.delete()
    settle(application, officer)
    application = reviewing(eligibility.pass_eligibility(application=application, by=officer), reviewer, officer)
    question = ask_officer(application=application, by=reviewer, text=words("question"), once=uuid.uuid4())
    answer_reviewer(application=application, question_id=question.pk, by=officer, text=words("answer"))
    texts = {"comments_for_panel": words("topanel"), "comments_for_applicant": words("toapplicant")}
    sheet = whole_sheet(**texts, private_notes=words("private"))
    sheet.scores.update({code: (value, words(f"score{code}")) for code, (value, _why) in sheet.scores.items()})
    sheets.submit_review(application=application, by=reviewer, version=0, sheet=sheet)
    return sheets.finish_review(application=application, by=officer)


def plant_in_panel(application: Application, office: dict[str, User], words: Words) -> PanelMeeting:
    chair = office["director"]
    meeting = meeting_of(application.call, chair, [chair, office["officer"]], by=office["officer"])
    meeting = running_meeting(meeting, [application], by=office["officer"])
    item = panel_room.open_item(meeting=meeting, by=chair, item_id=meeting.items.get().pk)
    result = ItemResult("approve", words("said"), Decimal(900), words("panelcondition"), words("panelletter"))
    panel_room.close_item(meeting=meeting, by=chair, item_id=item.pk, version=item.version, result=result)
    panel_room.close_meeting(meeting=meeting, by=chair, notes=words("minutes"))
    return meeting


def plant_in_slate(application: Application, office: dict[str, User], words: Words) -> Slate:
    fund = fund_with(application.call, office["finance"])
    slate = slate_of(application.call, fund, office["officer"])
    line = slate.lines.get()
    values = slates.LineValues(line.lock, line.minimum, Decimal(0), words("line"))
    return slates.save_lines(slate=slate, by=office["officer"], version=slate.version, lines={line.pk: values})


def plant_in_decision(application: Application, office: dict[str, User], words: Words) -> None:
    officer = office["officer"]
    first = proposed(application, officer, reason=words("firstreason"))
    decisions.return_to_officer(
        application=application, decision_id=first.pk, by=office["director"], reason=words("returned")
    )
    decision = proposed(
        application, officer, reason=words("reason"), message_to_applicant=words("letter"),
        messages={"ar": words("arabic")}, conditions=[Condition(words("condition"))],
        feedback=[Feedback(application.reviews.get().pk, words("feedback"))],
    )  # fmt: skip
    decisions.approve(application=application, decision_id=decision.pk, by=office["director"])
    application.refresh_from_db()
    sent = appeals.send_appeal(
        application=application,
        by=office["owner"],
        kind="conduct",
        text=words("appeal"),
        once=uuid.uuid4(),
        language="en",
    )
    appeals.answer_appeal(
        appeal=sent, by=office["director2"], outcome="rejected", answer=words("appealed"), note=words("appealnote")
    )


def plant_in_access(application: Application, office: dict[str, User], words: Words) -> None:
    director = office["director"]
    access.recuse(application=application, person=office["officer2"], reason="work", by=director, note=words("recusal"))
    confidentiality.restrict_application(application=application, by=director, reason=words("restricted"))
    broken = f"{words('glass')} and nobody else could be reached"
    break_glass(application=application, by=office["director2"], reason=broken)


def assert_nowhere(found: dict[str, str], said: str, *, files: bytes, kept: bytes) -> None:
    for name, word in found.items():
        where = tables_with(word)
        assert where == [], f"{name} lies in {where}"
        assert word.encode() not in files, name
        assert word.encode() not in kept, name
        assert word not in said, name


def exports_for(person: User, client_for: Callable[[User], Any], meeting: PanelMeeting, slate: Slate) -> str:
    """What somebody gets under every address that makes a file, and on the page beside it."""
    client = client_for(person)
    shown = ""
    for name, key in (("panel_minutes_pdf", meeting.pk), ("panel", meeting.pk), ("slate_export", slate.pk)):
        answer = client.get(reverse(f"reviews:{name}", args=[key]))
        assert answer.status_code in (200, 302, 403, 404)
        is_document = answer["Content-Type"] == "application/pdf"
        # The document says what the page says, which is looked at here.
        shown += "" if is_document else answer.text
    answer = client.get(reverse("insights:audit_export"))
    return shown + (b"".join(answer.streaming_content).decode() if answer.streaming else answer.text)


def test_what_the_staff_writes_is_found_nowhere_in_plain(
    sent: Application,
    office: dict[str, User],
    words: Words,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
) -> None:
    client_for, caplog = (request.getfixturevalue(name) for name in ("client_for", "caplog"))
    group = sent.organization
    plant_in_diligence(group, office, words)
    application = plant_in_judging(sent, office, words)
    slate = plant_in_slate(application, office, words)
    meeting = plant_in_panel(application, office, words)
    plant_in_decision(application, office, words)
    plant_in_access(application, office, words)
    outbox.drain()

    # They are there: whoever may read them does.
    client = client_for(office["director"])
    shown = "".join(
        client.get(reverse(f"reviews:{name}", args=[application.reference])).text
        for name in ("eligibility", "reviews", "decision", "conflicts")
    )
    for name in ("gate", "topanel", "scorevalues", "reason", "returned", "recusal"):
        assert words.all[name] in shown or name == "gate", name
    assert words.all["funder"] in client.get(reverse("organizations_staff:detail", args=[group.pk])).text

    said = "".join(capfd.readouterr()) + caplog.text
    letters: Any = mail.outbox
    said += "".join(f"{letter.subject}{letter.body}{letter.alternatives}" for letter in letters)
    stranger = member(partner(sent.call.programme, name="Acacia Circle"))
    outside = (stranger, *(request.getfixturevalue(name) for name in ("reviewer2", "admin_user")))
    for person in outside:
        said += exports_for(person, client_for, meeting, slate)
        minutes = client_for(person).get(reverse("reviews:panel_minutes_pdf", args=[meeting.pk]))
        assert minutes.status_code != 200
    # The application is restricted to others: of the meeting they read its notes, and nothing of what it judged.
    for person in (request.getfixturevalue("auditor"), office["officer2"]):
        said += exports_for(person, client_for, meeting, slate).replace(words.all["minutes"], "")
    assert_nowhere(words.all, said, files=stored_files(), kept=in_valkey())


def test_every_sealed_column_holds_nothing_in_plain(sent: Application, office: dict[str, User]) -> None:
    write_everything(sent, office["officer"], office["reviewer"])
    found = {str(field): word_of(model, field.name) for app in APPS for model, field in sealed_columns(app)}
    assert len(found) > 35
    assert_nowhere(found, "", files=stored_files(), kept=in_valkey())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_database_and_the_stored_files_hold_nothing_in_plain(
    sent: Application, office: dict[str, User], words: Words
) -> None:
    group, owner = sent.organization, office["owner"]
    plant_in_diligence(group, office, words)
    application = plant_in_judging(sent, office, words)
    plant_in_decision(application, office, words)
    write_everything(submitted(sent.call, group, owner, title="Another"), office["officer"], office["reviewer"])
    found = {str(field): word_of(model, field.name) for app in APPS for model, field in sealed_columns(app)}
    backup = dump().lower()
    assert "tamarisk circle" in backup  # names are matched, and lie there in plain
    for name, word in (found | words.all).items():
        assert word.lower() not in backup, name
        assert word.encode().hex() not in backup, name
        assert word.encode() not in stored_files(), name


def test_what_is_erased_reads_so_on_every_page_of_judging(
    sent: Application, office: dict[str, User], words: Words, client_for: Callable[[User], Any]
) -> None:
    group = sent.organization
    plant_in_diligence(group, office, words)
    application = plant_in_judging(sent, office, words)
    meeting = plant_in_panel(application, office, words)
    plant_in_decision(application, office, words)
    assert erase_organization(organization=group)
    client = client_for(office["director"])
    pages = [reverse(f"reviews:{name}", args=[application.reference]) for name in
             ("eligibility", "reviews", "decision", "conflicts")]  # fmt: skip
    pages += [
        reverse("organizations_staff:detail", args=[group.pk]),
        reverse("diligence:application", args=[application.reference]),
        reverse("staff:history", args=[application.reference]),
        reverse("reviews:panel", args=[meeting.pk]),
    ]
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200] * len(pages)
    shown = "".join(answer.text for answer in answers)
    assert "(erased)" in shown
    assert [name for name, word in words.all.items() if word in shown and name != "minutes"] == []
    assert Decision.objects.latest("proposed_at").reason == "(erased)"
    assert Review.objects.get().comments_for_panel == "(erased)"
    read = client_for(office["owner"]).get(reverse("apply:status", args=[application.reference]))
    assert (read.status_code, words.all["letter"] in read.text) == (200, False)


def test_an_error_page_and_what_is_logged_of_it_tell_nothing(
    group: Organization,
    office: dict[str, User],
    words: Words,
    client_for: Callable[[User], Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def breaks(record: Any, **_kwargs: Any) -> None:
        raise RuntimeError(f"could not file {record.description}")

    record_saved.connect(breaks)
    try:
        client = client_for(office["officer"])
        client.raise_request_exception = False
        answer = client.post(
            reverse("diligence:record_add", args=[group.pk, "pressure"]),
            {
                "happened_on": "2026-11-01", "kind": "raid", "nature": "political", "severity": "3",
                "description": words("event"), "source": words("witness"), "once": str(uuid.uuid4()),
            },
        )  # fmt: skip
    finally:
        record_saved.disconnect(breaks)
    said = logged(caplog)
    assert answer.status_code == 500
    assert "RuntimeError" in said
    letters: Any = mail.outbox
    told = answer.text + said + "".join(f"{letter.subject}{letter.body}" for letter in letters)
    assert [word for word in words.all.values() if word in told] == []
