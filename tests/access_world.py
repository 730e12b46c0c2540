"""A small world for the access table: everybody of the table, one organisation, an application in each state, and words
that must not be seen by those who may not read them.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Deputyship, Programme, Role, User
from core.models import FailedTask, OutboxEntry
from grants.choices import Sender
from grants.form_tree import form_tree
from grants.models import Application, Assignment, Call, LegalHold, NamedReader, Recusal
from grants.services.answers import save_answers
from grants.services.applications import save_details, submit_application
from grants.services.attachments import add_attachment
from grants.services.budget import Line, save_budget
from grants.services.confidentiality import restrict_application
from grants.services.forms import new_version
from grants.services.messages import send_message
from grants.services.requests import ask_applicant
from organizations.choices import MemberRole
from organizations.models import Compromise, ErasureRequest, Organization
from reviews.models import GateJudgement, PossibleConflict
from reviews.services import decisions, sheets
from reviews.services.appeals import send_appeal
from reviews.services.panels import add_items, declare
from reviews.services.questions import ask_officer
from reviews.services.rubrics import create_rubric
from reviews.services.translations import save_translation
from tests.access_table import Page, Who
from tests.factories.accounts import InboxItemFactory, InvitationFactory, ProgrammeFactory, UserFactory, person_with
from tests.factories.diligence import PressureEventFactory, possible_duplicate
from tests.factories.grants import CallFactory, draft, made_restricted, member, partner, question_of, small_form
from tests.factories.organizations import DocumentFactory, PersonFactory, RegistrationFactory
from tests.factories.reviews import InterestFactory, meeting_of, passed, proposed, whole_sheet
from tests.factories.slates import fund_with, give, slate_of

# Words of the organisation, and words of its applications. None of them occurs anywhere else.
ORGANIZATION_WORDS = ("Quillwort Sanctuary", "Zebulon Whistlecraft", "ZX-90210-Q", "quillwort-statutes")
APPLICATION_WORDS = (
    "Lanternfish titles",
    "Marmalade was seized at noon",
    "Hidden under the fig tree",
    "brimstone-ledger",
    "Walrus reported the envelope",
    "Thimble for the night guard",
    "Pumpernickel was counted twice",
)
# Nobody is None: there is no user behind a visitor.
type People = dict[Who, Any]
TOKEN = "a-secret-that-came-by-mail"


@dataclass
class World:
    """The people and what the addresses need."""

    people: People
    applications: dict[str, Application]
    values: dict[str, Any]
    by_page: dict[str, dict[str, Any]]

    def address(self, page: Page) -> str:
        """The page's address, for the application the page is tried with."""
        given = self.values | self.by_page.get(page.on, {})
        given |= {name: self.values[key] for name, key in page.values.items()}
        path = reverse(page.name, kwargs={name: given[name] for name in _parameters(page.name)})
        return f"{path}?{page.query}" if page.query else path

    def sends(self, page: Page) -> dict[str, Any]:
        """What a POST carries."""
        given = self.values | self.by_page.get(page.on, {})
        return {
            name: given[value[1:]] if isinstance(value, str) and value.startswith("@") else value
            for name, value in (page.sends or {}).items()
        }


_found: dict[str, tuple[str, ...]] = {}


def _parameters(name: str) -> tuple[str, ...]:
    if not _found:
        _found.update(parameters_by_name())
    return _found[name]


def parameters_by_name() -> dict[str, tuple[str, ...]]:
    """Every named address of the project with the names of what it takes; of two by one name, the first to match."""
    from django.urls import get_resolver

    found: dict[str, tuple[str, ...]] = {}

    def walk(resolver: Any, spaces: tuple[str, ...]) -> None:
        for item in resolver.url_patterns:
            inner = getattr(item, "url_patterns", None)
            if inner is not None:
                walk(item, (*spaces, item.namespace) if item.namespace else spaces)
            else:
                name = ":".join((*spaces, item.name or str(item.pattern)))
                kept = found.get(name)
                mine = tuple(item.pattern.converters)
                found[name] = mine if kept is None or len(mine) > len(kept) else kept

    walk(get_resolver(), ())
    return found


def _people(programme: Programme, group: Organization) -> People:
    other = partner(programme, name="Cedar Bench")
    roles = {
        Who.ASSIGNED: RoleName.REVIEWER,
        Who.REVIEWER: RoleName.REVIEWER,
        Who.RECUSED: RoleName.OFFICER,
        Who.OFFICER: RoleName.OFFICER,
        Who.OFFICER2: RoleName.OFFICER,
        Who.DIRECTOR: RoleName.DIRECTOR,
        Who.FINANCE: RoleName.FINANCE,
        Who.AUDITOR: RoleName.AUDITOR,
        Who.ADMIN: RoleName.ADMIN,
    }
    people: People = {
        Who.NOBODY: None,
        Who.OWNER: member(group, MemberRole.OWNER),
        Who.VIEWER: member(group, MemberRole.VIEWER),
        Who.STRANGER: member(other, MemberRole.OWNER),
    }
    for who, role in roles.items():
        people[who] = person_with(role, programme, is_staff=who == Who.ADMIN)
    return people


def _written(call: Call, group: Organization, by: User) -> Application:
    """A complete draft full of words to look for."""
    application = draft(call, group, by)
    title, text, secret, file_name, _message, line, _appeal = APPLICATION_WORDS
    save_details(
        application=application,
        by=by,
        version=1,
        title=title,
        currency="USD",
        starts_on=timezone.localdate().replace(day=1),
        months=3,
    )
    values = {
        question_of(application, "what"): text,
        question_of(application, "secret"): secret,
        question_of(application, "asked-others"): {"yes": "no", "more": ""},
    }
    save_answers(application=application, by=by, values=values)
    save_budget(application=application, by=by, lines=[Line("staff", line, 1, 900, 900, 0)], version=1)  # type: ignore[arg-type] # whole numbers
    add_attachment(application=application, by=by, upload=SimpleUploadedFile(f"{file_name}.txt", b"invented"))
    application.refresh_from_db()
    return application


def _sent(call: Call, group: Organization, people: People) -> Application:
    """Submitted, with messages, a reviewer at work and an officer who has a conflict."""
    owner = people[Who.OWNER]
    application = submit_application(application=_written(call, group, owner), by=owner)
    body = f"{APPLICATION_WORDS[4]}."
    send_message(application=application, by=owner, sender=Sender.APPLICANT, body=body, once=uuid.uuid4())
    officer = people[Who.OFFICER]
    Assignment.objects.create(
        application=application, user=people[Who.ASSIGNED], assigned_by=officer, no_conflict_at=timezone.now()
    )
    Recusal.objects.create(application=application, user=people[Who.RECUSED], reason="family", declared_by=officer)
    return application


def _applications(call: Call, group: Organization, people: People) -> dict[str, Application]:
    owner, officer, director = people[Who.OWNER], people[Who.OFFICER], people[Who.DIRECTOR]
    made = {"draft": _written(call, group, owner)}
    made |= {name: _sent(call, group, people) for name in ("submitted", "waiting", "awaiting", "decided")}
    ask_applicant(application=made["waiting"], by=officer, text="What does the lease cost?")
    for name in ("awaiting", "decided"):
        made[name] = passed(made[name], officer)
        sheets.submit_review(application=made[name], by=people[Who.ASSIGNED], version=0, sheet=whole_sheet())
    refusal = decisions.Proposal(kind="decline", reason="Others pay for it.", message_to_applicant="Not this time.")
    decision = decisions.propose(application=made["decided"], by=officer, proposal=refusal)
    decisions.approve(application=made["decided"], decision_id=decision.pk, by=director)
    return made


def _of_group(group: Organization, people: People) -> dict[str, Any]:
    officer = people[Who.OFFICER]
    registration = RegistrationFactory.create(organization=group, number=ORGANIZATION_WORDS[2])
    document = DocumentFactory.create(
        organization=group,
        file_name=f"{ORGANIZATION_WORDS[3]}.pdf",
        file=ContentFile(b"%PDF-1.7 invented", name="statutes.pdf"),
    )
    twin = partner(group.programme, name="Quillwort Refuge")
    raided = Compromise.objects.create(
        organization=partner(group.programme, name="Bulrush Kitchen"),
        kind="raid",
        reason="Told by a neighbour.",
        reported_at=timezone.now(),
        lift_proposed_by=people[Who.OFFICER],
        lift_proposed_at=timezone.now(),
    )
    erasure = ErasureRequest.objects.create(organization=raided.organization, asked_by=people[Who.STRANGER])
    hold = LegalHold.objects.create(organization=raided.organization, reason="A court.", placed_by=people[Who.DIRECTOR])
    invitation = {"purpose": "member", "subject": group.pk, "invited_by": people[Who.OWNER], "role": ""}
    return {
        "organization_id": group.pk,
        "registration_id": registration.pk,
        "document_id": document.pk,
        "person_id": PersonFactory.create(organization=group, name={"en": ORGANIZATION_WORDS[1]}).pk,
        "membership_id": people[Who.VIEWER].memberships.get().pk,
        "invitation_id": InvitationFactory.create(**invitation).pk,
        "pair_id": possible_duplicate(group, twin).pk,
        "compromise_id": raided.pk,
        "erasure_id": erasure.pk,
        "hold_id": hold.pk,
        "programme": group.programme.slug,
        "retention_kind": "drafts",
        "kind": "pressure",
        "record_id": PressureEventFactory.create(organization=group, recorded_by=officer).pk,
    }


def _of_office(programme: Programme, call: Call, people: People) -> dict[str, Any]:
    officer = people[Who.OFFICER]
    assert call.form_version is not None
    version = new_version(form=call.form_version.form, by=officer)
    section = version.sections.order_by("position")[0]
    rubric = create_rubric(programme=programme, name={"en": "Orchard rubric"}, by=officer)
    failed = FailedTask.objects.create(name="core.audit.seal", error="OperationalError", failed_at=timezone.now())
    entry = OutboxEntry.objects.create(topic="mail", key="mail:lost", status="failed", payload={})
    return {
        "call": call.slug,
        "section": "threat",
        "profile_section": "names",
        "form_id": version.form_id,
        "version_id": version.pk,
        "section_id": section.pk,
        "question_id": section.questions.order_by("position")[0].pk,
        "rubric_id": rubric.rubric_id,
        "rubric_version_id": rubric.pk,
        "criterion_id": rubric.criteria.filter(kind="score")[0].pk,
        "entry_id": entry.pk,
        "task_id": failed.pk,
        "token": TOKEN,
        "role_id": Role.objects.filter(user=people[Who.REVIEWER]).get().pk,
        "waiting_invitation": InvitationFactory.create(
            programme=programme,
            invited_by=people[Who.ADMIN],
            token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(),
        ).pk,
        "staff_invitation": InvitationFactory.create(programme=programme, invited_by=people[Who.ADMIN]).pk,
        "code": "identity",
        "criterion": "values",
        "officer": officer.pk,
        "reader_to_be": UserFactory.create().pk,
    }


def _of_panel(application: Application, people: People) -> dict[str, Any]:
    """A planned meeting with one application on its agenda, with which one of its members has a conflict."""
    officer = people[Who.OFFICER]
    meeting = meeting_of(
        application.call, officer, [officer, people[Who.DIRECTOR], people[Who.RECUSED]], by=officer, quorum=1
    )
    add_items(meeting=meeting, by=officer, applications=[application])
    item = meeting.items.get()
    for who in (Who.OFFICER, Who.DIRECTOR):
        declare(meeting=meeting, by=people[who], item_ids=[item.pk])
    return {"meeting_id": meeting.pk, "panel_item": item.pk}


def _of_reviewing(application: Application, people: People) -> dict[str, Any]:
    """A question of the reviewer, a sheet begun with notes, and a translation: all of them quote the application."""
    reviewer, words = people[Who.ASSIGNED], APPLICATION_WORDS[1]
    asked = ask_officer(application=application, by=reviewer, text=f"Is it true that {words}?", once=uuid.uuid4())
    sheet = sheets.Sheet(comments_for_panel=f"{words}, they say.", private_notes=f"{words}!")
    sheets.save_review(application=application, by=reviewer, version=0, sheet=sheet)
    question = question_of(application, "what")
    save_translation(
        application=application, by=people[Who.OFFICER], question_id=question, language="he", text=f"{words} (he)",
        answer_version=1, number=0,
    )  # fmt: skip
    return {"asked_by_reviewer": asked.pk, "what_question": question, "into": "he"}


def make_world(*, restricted: bool) -> World:
    """All of it; the applications standard, or restricted to the officer."""
    programme = ProgrammeFactory.create(slug="orchard")
    version = small_form(programme)
    call = CallFactory.create(programme=programme, slug="rapid", form_version=version, needs_review=False)
    form_tree(version.pk)
    group = partner(programme, name=ORGANIZATION_WORDS[0])
    people = _people(programme, group)
    of_group = _of_group(group, people)
    applications = _applications(call, group, people)
    proposal = proposed(applications["awaiting"], people[Who.OFFICER])
    values = of_group | _of_office(programme, call, people)
    reader = person_with(RoleName.FINANCE, programme)
    values |= {"reader_to_be": reader.pk, "user_id": people[Who.AUDITOR].pk}
    gate = GateJudgement.objects.create(
        application=applications["submitted"],
        criterion="legal",
        outcome="waived",
        reason="Seen.",
        judged_by=reader,
        judged_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    values |= _of_panel(applications["awaiting"], people)
    values |= _of_reviewers(applications["submitted"], people)
    owner = people[Who.OWNER]
    item = InboxItemFactory.create(user=owner, kind="grants.message", params={"reference": "RR-0000-0000"})
    values |= _of_reviewing(applications["submitted"], people)
    values |= {"gate_id": gate.pk, "decision_id": proposal.pk, "item_id": item.pk}
    values |= _asked_again(programme, applications["decided"], people)
    fund = fund_with(call, people[Who.FINANCE])
    slate = slate_of(call, fund, people[Who.OFFICER])
    give(slate, people[Who.OFFICER], {applications["awaiting"].reference: "700"})
    values |= {"fund_id": fund.pk, "slate_id": slate.pk}
    if restricted:
        _restrict(applications, people)
    by_page = {
        name: {"reference": row.reference, "attachment_id": row.attachments.get().pk}
        for name, row in applications.items()
    }
    return World(people=people, applications=applications, values=values, by_page=by_page)


def _of_reviewers(application: Application, people: People) -> dict[str, Any]:
    assigned, reviewer = people[Who.ASSIGNED], people[Who.REVIEWER]
    tie = InterestFactory.create(user=reviewer, name="Quillwort House")
    return {
        "assignment_id": Assignment.objects.get(application=application, user=assigned).pk,
        "possible_id": PossibleConflict.objects.create(interest=tie, application=application).pk,
        "interest_id": InterestFactory.create(user=assigned, name="Harbour Light").pk,
        "reviewer_id": reviewer.pk,
    }


def _asked_again(programme: Programme, decided: Application, people: People) -> dict[str, Any]:
    """An appeal and a complaint about the decision, and a deputy."""
    sent: dict[str, Any] = {"application": decided, "by": people[Who.OWNER], "language": "en"}
    sent["text"] = APPLICATION_WORDS[6]
    appeal = send_appeal(kind="decision", once=uuid.uuid4(), **sent)
    complaint = send_appeal(kind="conduct", once=uuid.uuid4(), **sent)
    today = timezone.localdate()
    deputy = Deputyship.objects.create(
        user=people[Who.OFFICER2],
        deputy=people[Who.REVIEWER],
        programme=programme,
        role=RoleName.FINANCE,
        starts_on=today,
        ends_on=today,
        reason="absence",
    )
    return {"appeal_id": appeal.pk, "complaint_id": complaint.pk, "deputyship_id": deputy.pk}


def _restrict(applications: Mapping[str, Application], people: People) -> None:
    officer = people[Who.OFFICER]
    for name, row in applications.items():
        if name == "draft":
            made_restricted(row)
        else:
            restrict_application(application=row, by=officer, reason="Danger.")
            NamedReader.objects.get_or_create(application=row, user=officer, defaults={"named_by": officer})
