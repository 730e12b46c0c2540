"""Whatever is assigned, taken away, given to others and declared, in whatever order: a person with a conflict of
interest is shown nothing of the application, at no address, in no list, search, count or message.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import InboxItem, User
from core.errors import DomainError
from grants.models import Application, Assignment, Call, Fund, PanelSeat, Recusal
from grants.services import access, confidentiality
from names import fold
from organizations.models import OrganizationName
from reviews.models import (
    Appeal,
    Decision,
    GateJudgement,
    PanelMeeting,
    PossibleConflict,
    Review,
    Slate,
    SlateLine,
)
from reviews.services import assigning, decisions, interests, panel_room, panels, sheets, slate_decisions, suggestions
from reviews.services.appeals import send_appeal
from reviews.services.sheets import Sheet
from tests.access_table import PAGES, Who
from tests.access_world import APPLICATION_WORDS, ORGANIZATION_WORDS, World, make_world
from tests.factories.reviews import approval, meeting_of, passed, whole_sheet
from tests.factories.slates import give, slate_of

pytestmark = pytest.mark.django_db
# Written by others about the application, and none of the conflicted person's business.
SHEET_WORDS = ("Ptarmigan advises the panel", "Ptarmigan thinks it is strong", "Ptarmigan to the applicant")
AMOUNT = "777"
SEEDS = (3, 11, 29)
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|[A-Za-z0-9_-]{40,}")
# What is tried in the lists beside their plain addresses.
SEARCHES = (
    "/staff/applications/?q=Lanternfish",
    "/staff/applications/?q=Quillwort",
    "/staff/applications/?q={reference}",
    "/staff/applications/?step=needs_step",
    "/staff/applications/?sort=priority",
    "/staff/organisations/?q=Quillwort",
    "/inbox/",
)


class Office:
    """What people do to one application; every verb may be refused by a rule, and then nothing happens."""

    def __init__(self, world: World, suspect: User, chance: random.Random) -> None:
        GateJudgement.objects.filter(application=world.applications["submitted"]).delete()
        self.application = passed(world.applications["submitted"], world.people[Who.OFFICER])
        self.world, self.suspect, self.chance = world, suspect, chance
        self.officer, self.director = world.people[Who.OFFICER], world.people[Who.DIRECTOR]

    def fresh(self) -> Application:
        return Application.objects.select_related("call__programme", "organization").get(pk=self.application.pk)

    def ask(self) -> None:
        assigning.ask_reviewer(application=self.fresh(), reviewer=self.suspect, by=self.officer)

    def ask_another(self) -> None:
        assigning.ask_reviewer(application=self.fresh(), reviewer=self.world.people[Who.ASSIGNED], by=self.officer)

    def declare_none(self) -> None:
        access.declare_no_conflict(application=self.fresh(), by=self.suspect)

    def write(self) -> None:
        sheet = Sheet(comments_for_panel="My own draft")
        sheets.save_review(application=self.fresh(), by=self.suspect, version=0, sheet=sheet)

    def others_send(self) -> None:
        sheet = whole_sheet(comments_for_panel=SHEET_WORDS[0], comments_for_applicant=SHEET_WORDS[2])
        person = self.world.people[Who.ASSIGNED]
        begun = Review.objects.filter(application=self.application, reviewer=person).first()
        version = begun.version if begun else 0
        sheets.submit_review(application=self.fresh(), by=person, version=version, sheet=sheet)

    def decline(self) -> None:
        assigning.decline(application=self.fresh(), by=self.suspect, reason="no_time")

    def end(self) -> None:
        assigning.end_by_officer(assignment=self._assignment(), by=self.officer)

    def give_to_another(self) -> None:
        assigning.reassign(assignment=self._assignment(), reviewer=self.world.people[Who.REVIEWER], by=self.officer)

    def take_back_from_another(self) -> None:
        row = Assignment.objects.get(application=self.application, user=self.world.people[Who.ASSIGNED])
        assigning.reassign(assignment=row, reviewer=self.suspect, by=self.officer)

    def recuse(self) -> None:
        access.recuse(application=self.fresh(), person=self.suspect, reason="family", by=self.director)

    def declare_a_tie(self) -> None:
        interests.declare_interest(by=self.suspect, name="ملجأ الكويلورت", kind="work")

    def lead(self) -> None:
        access.assign_officer(application=self.fresh(), officer=self.suspect, by=self.director)

    def restrict(self) -> None:
        confidentiality.restrict_application(application=self.fresh(), by=self.officer, reason="Danger.")

    def name_reader(self) -> None:
        confidentiality.name_readers(application=self.fresh(), people=[self.suspect], by=self.director)

    def lift(self) -> None:
        confidentiality.lift_restriction(application=self.fresh(), by=self.director, reason="Safe again.")

    def suggest(self) -> None:
        found = suggestions.suggestion_of(self.application.call)
        version = found.version if found else 0
        suggestions.suggest(call=self.application.call, by=self.officer, version=version)

    def carry_out(self) -> None:
        found = suggestions.suggestion_of(self.application.call)
        if found:
            suggestions.carry_out(call=self.application.call, by=self.officer, version=found.version)

    def propose(self) -> None:
        decisions.propose(application=self.fresh(), by=self.officer, proposal=approval(reason=SHEET_WORDS[1]))

    def remind(self) -> None:
        Assignment.objects.filter(application=self.application).update(due_on=timezone.localdate())
        assigning.remind_reviewers()

    def plan_panel(self) -> None:
        members = [self.suspect, self.officer, self.director]
        meeting = meeting_of(self.application.call, self.suspect, members, by=self.officer, quorum=1)
        panels.add_items(meeting=meeting, by=self.officer, applications=[self.fresh()])

    def sit(self) -> None:
        meeting = self.meeting()
        panels.declare(meeting=meeting, by=self.suspect, item_ids=[meeting.items.get().pk])
        panel_room.set_present(meeting=meeting, by=self.suspect, user_id=self.suspect.pk, present=True)

    def begin_meeting(self) -> None:
        meeting = self.meeting()
        panel_room.start_meeting(meeting=meeting, by=self.suspect)
        panel_room.open_item(meeting=meeting, by=self.suspect, item_id=meeting.items.get().pk)

    def vote(self) -> None:
        meeting = self.meeting()
        panel_room.cast_vote(meeting=meeting, by=self.suspect, item_id=meeting.items.get().pk, choice="approve")

    def record_outcome(self) -> None:
        meeting = self.meeting()
        item = meeting.items.get()
        result = panel_room.ItemResult("approve", SHEET_WORDS[1], Decimal(AMOUNT))
        panel_room.close_item(meeting=meeting, by=self.suspect, item_id=item.pk, version=item.version, result=result)

    def give_the_chair_away(self) -> None:
        meeting = self.meeting()
        PanelMeeting.objects.filter(pk=meeting.pk).update(chair=self.director)
        meeting = self.meeting()
        item = meeting.items.get()
        panels.declare(meeting=meeting, by=self.director, item_ids=[item.pk])
        panel_room.start_meeting(meeting=meeting, by=self.director)
        item = panel_room.open_item(meeting=meeting, by=self.director, item_id=item.pk)
        result = panel_room.ItemResult("approve", SHEET_WORDS[1], Decimal(AMOUNT))
        panel_room.close_item(meeting=meeting, by=self.director, item_id=item.pk, version=item.version, result=result)
        panel_room.close_meeting(meeting=meeting, by=self.director, notes="We met.")

    def finish(self) -> None:
        sheets.finish_review(application=self.fresh(), by=self.officer)

    def make_slate(self) -> None:
        fund = Fund.objects.get()
        slate = slate_of(self.application.call, fund, self.officer, name=f"Slate {Slate.objects.count()}")
        give(slate, self.officer, {self.application.reference: AMOUNT})

    def propose_slate(self) -> None:
        slate = Slate.objects.filter(status="draft").order_by("-created_at")[0]
        batch = slate_decisions.BatchProposal(SHEET_WORDS[1])
        slate_decisions.propose_slate(slate=slate, by=self.officer, version=slate.version, batch=batch)

    def approve_slate(self) -> None:
        slate = Slate.objects.filter(status="proposed").order_by("-created_at")[0]
        slate_decisions.approve_slate(slate=slate, by=self.director, version=slate.version)

    def appeal(self) -> None:
        owner = self.world.people[Who.OWNER]
        sent: dict[str, Any] = {"by": owner, "language": "en", "text": "Marmalade was seized at noon", "once": uuid4()}
        send_appeal(application=self.fresh(), kind="conduct", **sent)

    def meeting(self) -> PanelMeeting:
        return PanelMeeting.objects.filter(items__application=self.application).order_by("-created_at")[0]

    def _assignment(self) -> Assignment:
        return Assignment.objects.select_related("application", "user").get(
            application=self.application, user=self.suspect
        )


VERBS = tuple(
    name
    for name, verb in vars(Office).items()
    if callable(verb) and not name.startswith("_") and name not in ("fresh", "meeting")
)


def act(office: Office, name: str) -> None:
    """One verb, or nothing where a rule refuses it."""
    try:
        with transaction.atomic():
            getattr(office, name)()
    except (DomainError, IndexError, Assignment.DoesNotExist):
        pass


def everything_shown(client: Client, world: World, reference: str) -> Iterator[tuple[str, str]]:
    """The address and the text of every page that can be asked for."""
    # The applications of the world beside this one are of the same organisation; only this one is looked at.
    addresses = {world.address(page) for page in PAGES if page.get is not None}
    addresses |= {text.format(reference=reference) for text in SEARCHES} | set(made_meanwhile())
    for address in sorted(addresses - {"/accounts/leave/"}):
        for headers in ({}, {"HX-Request": "true"}) if "/panels/" in address else ({},):
            response = client.get(address, follow=True, headers=headers)
            assert response.status_code < 500 or address.startswith("/readyz"), address
            shown = b"".join(response) if response.streaming else response.content
            yield address, pdf_text(shown) if shown.startswith(b"%PDF") else shown.decode(errors="replace")


def pdf_text(document: bytes) -> str:
    """What somebody reads in a PDF; nothing where there is no tool for it: the page of the minutes says the same."""
    tool = shutil.which("pdftotext")
    if tool is None:
        return ""
    return subprocess.run([tool, "-", "-"], input=document, capture_output=True, check=True).stdout.decode()  # noqa: S603 - a tool by its path


def made_meanwhile() -> Iterator[str]:
    """The pages of every meeting, item, slate, decision, appeal and fund that there is by now."""
    for meeting in PanelMeeting.objects.all():
        for name in ("panel", "panel_edit", "panel_agenda", "panel_close", "panel_minutes", "panel_minutes_pdf"):
            yield reverse(f"reviews:{name}", args=[meeting.pk])
        for item in meeting.items.all():
            yield reverse("reviews:panel_item", args=[meeting.pk, item.pk])
    for slate in Slate.objects.all():
        for name in ("slate", "slate_terms", "slate_propose", "slate_approve", "slate_export"):
            yield reverse(f"reviews:{name}", args=[slate.pk])
        yield reverse("reviews:slates_compare", args=[slate.call.slug]) + f"?a={slate.pk}"
    for decision in Decision.objects.select_related("application"):
        yield reverse("reviews:letter_preview", args=[decision.application.reference, decision.pk])
    for appeal in Appeal.objects.all():
        yield reverse("reviews:appeal", args=[appeal.pk])
    for fund in Fund.objects.all():
        yield reverse("staff:fund", args=[fund.pk])


# A whole way: the person is asked, sits in the panel, chairs it, votes, and has a conflict last.
AT_LAST = (
    "ask", "ask_another", "declare_none", "write", "others_send", "plan_panel", "sit", "begin_meeting", "vote",
    "record_outcome", "finish", "make_slate", "propose_slate", "appeal", "recuse", "approve_slate",
)  # fmt: skip


def prepare(world: World, suspect: User, chance: random.Random) -> Office:
    """One application and one organisation: whatever shows of either is of this one."""
    Call.objects.update(needs_review=True)
    office = Office(world, suspect, chance)
    for name, row in list(world.applications.items()):
        if name != "submitted":
            Recusal.objects.get_or_create(
                application=row, user=suspect, defaults={"reason": "work", "declared_by": suspect}
            )
        world.by_page[name] = world.by_page["submitted"]
    name_text = "ملجأ الكويلورت"
    OrganizationName.objects.create(
        organization=office.application.organization,
        text=name_text,
        use="current",
        fold=fold(name_text),
        latin=name_text,
        skeleton=name_text,
    )
    return office


def shown_wrongly(client: Client, office: Office) -> list[str]:
    """Every address that shows the person a word of the application."""
    reference = office.application.reference
    words = (*APPLICATION_WORDS, *ORGANIZATION_WORDS, *SHEET_WORDS, "My own draft", AMOUNT, reference)
    return [
        f"{address} shows “{word}”"
        for address, shown in everything_shown(client, office.world, reference)
        for word in words
        # A page that was not found may repeat the address that was asked for, and a search what was typed.
        if _stands(word, UUIDS.sub("", shown).replace(f'value="{word}"', "").replace("Quillwort House", ""))
        and not (word == reference and reference in address)
        # What a fund has left is true for everybody; no line of it tells whose it is.
        and not (word == AMOUNT and address.startswith("/staff/funds/"))
    ]


def _stands(word: str, shown: str) -> bool:
    """The amount as a number of its own: not within a shortened key, or the number of an entry."""
    return bool(re.search(rf"(?<![\w,.]){AMOUNT}(?!\w)", shown)) if word == AMOUNT else word in shown


def nothing_is_left(office: Office) -> None:
    """No row of theirs goes on."""
    application, suspect = office.application, office.suspect
    assert not Review.objects.filter(application=application, reviewer=suspect, status="draft").exists()
    assert not Assignment.objects.filter(application=application, user=suspect, ended_at=None).exists()
    assert not PanelSeat.objects.filter(application=application, user=suspect, ended_at=None).exists()
    assert not InboxItem.objects.filter(user=suspect, params__reference=application.reference).exists()
    assert not Application.objects.listed_to(suspect).filter(pk=application.pk).exists()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("who", [Who.REVIEWER, Who.OFFICER2])
def test_no_order_of_events_ever_shows_a_conflicted_person_anything(
    client_for: Callable[[User], Client], seed: int, who: Who
) -> None:
    chance = random.Random(seed)
    world = make_world(restricted=False)
    suspect: Any = world.people[who]
    office = prepare(world, suspect, chance)
    order = [*VERBS, *chance.choices(VERBS, k=12)]
    chance.shuffle(order)
    for verb in order:
        act(office, verb)
    assert Recusal.objects.filter(application=office.application, user=suspect).exists(), "recusal is among the verbs"
    wrong = shown_wrongly(client_for(suspect), office)
    assert not wrong, f"{order}\n" + "\n".join(wrong)
    nothing_is_left(office)


@pytest.mark.slow
@pytest.mark.parametrize("who", [Who.REVIEWER, Who.OFFICER2])
def test_a_conflict_at_the_end_of_the_whole_way_takes_everything_away(
    client_for: Callable[[User], Client], who: Who
) -> None:
    world = make_world(restricted=False)
    suspect: Any = world.people[who]
    office = prepare(world, suspect, random.Random(1))
    PossibleConflict.objects.all().delete()
    GateJudgement.objects.filter(outcome="waived").delete()
    for verb in AT_LAST:
        act(office, verb)
    item = office.meeting().items.get()
    assert (item.outcome, item.votes.count()) == ("approve", 1), "the person took part until then"
    sheets = Review.objects.filter(application=office.application).select_related("application")
    assert SHEET_WORDS[0] in [sheet.comments_for_panel for sheet in sheets]
    assert SlateLine.objects.filter(application=office.application, amount=AMOUNT, decision__isnull=False).exists()
    wrong = shown_wrongly(client_for(suspect), office)
    assert not wrong, "\n".join(wrong)
    nothing_is_left(office)
