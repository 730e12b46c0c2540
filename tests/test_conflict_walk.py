"""Whatever is assigned, taken away, given to others and declared, in whatever order: a person with a conflict of
interest is shown nothing of the application, at no address, in no list, search, count or message.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import InboxItem, User
from core.errors import DomainError
from grants.models import Application, Assignment, Call, Recusal
from grants.services import access
from names import fold
from organizations.models import OrganizationName
from reviews.models import GateJudgement, Review
from reviews.services import assigning, decisions, interests, sheets, suggestions
from reviews.services.sheets import Sheet
from tests.access_table import PAGES, Who
from tests.access_world import APPLICATION_WORDS, ORGANIZATION_WORDS, World, make_world
from tests.factories.reviews import approval, passed, whole_sheet

pytestmark = pytest.mark.django_db
# Written by others about the application, and none of the conflicted person's business.
SHEET_WORDS = ("Ptarmigan advises the panel", "Ptarmigan thinks it is strong", "Ptarmigan to the applicant")
SEEDS = (3, 11, 29)
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
        sheets.submit_review(application=self.fresh(), by=person, version=0, sheet=sheet)

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
        access.restrict_application(application=self.fresh(), by=self.officer, reason="Danger.")

    def name_reader(self) -> None:
        access.name_readers(application=self.fresh(), people=[self.suspect], by=self.director)

    def lift(self) -> None:
        access.lift_restriction(application=self.fresh(), by=self.director, reason="Safe again.")

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

    def _assignment(self) -> Assignment:
        return Assignment.objects.select_related("application", "user").get(
            application=self.application, user=self.suspect
        )


VERBS = tuple(
    name for name, verb in vars(Office).items() if callable(verb) and not name.startswith("_") and name != "fresh"
)


def act(office: Office, name: str) -> None:
    """One verb, or nothing where a rule refuses it."""
    try:
        with transaction.atomic():
            getattr(office, name)()
    except (DomainError, Assignment.DoesNotExist):
        pass


def everything_shown(client: Client, world: World, reference: str) -> Iterator[tuple[str, str]]:
    """The address and the text of every page that can be asked for."""
    # The applications of the world beside this one are of the same organisation; only this one is looked at.
    addresses = {world.address(page) for page in PAGES if page.get is not None}
    addresses |= {text.format(reference=reference) for text in SEARCHES}
    for address in sorted(addresses - {"/accounts/leave/"}):
        response = client.get(address, follow=True)
        assert response.status_code < 500 or address.startswith("/readyz"), address
        shown = b"".join(response) if response.streaming else response.content
        yield address, shown.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("who", [Who.REVIEWER, Who.OFFICER2])
def test_no_order_of_events_ever_shows_a_conflicted_person_anything(
    client_for: Callable[[User], Client], seed: int, who: Who
) -> None:
    chance = random.Random(seed)
    world = make_world(restricted=False)
    suspect: Any = world.people[who]
    Call.objects.update(needs_review=True)
    # One application and one organisation: whatever shows of either is of this one.
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
    order = [*VERBS, *chance.choices(VERBS, k=12)]
    chance.shuffle(order)
    for verb in order:
        act(office, verb)
    assert Recusal.objects.filter(application=office.application, user=suspect).exists(), "recusal is among the verbs"
    reference = office.application.reference
    words = (*APPLICATION_WORDS, *ORGANIZATION_WORDS, *SHEET_WORDS, "My own draft", reference)

    wrong = [
        f"{address} shows “{word}”"
        for address, shown in everything_shown(client_for(suspect), world, reference)
        for word in words
        # A page that was not found may repeat the address that was asked for, and a search what was typed.
        if word in shown.replace(f'value="{word}"', "").replace("Quillwort House", "")
        and not (word == reference and reference in address)
    ]

    assert not wrong, f"{order}\n" + "\n".join(wrong)
    assert not Review.objects.filter(application=office.application, reviewer=suspect, status="draft").exists()
    assert not Assignment.objects.filter(application=office.application, user=suspect, ended_at=None).exists()
    assert not InboxItem.objects.filter(user=suspect, params__reference=reference).exists()
    assert not Application.objects.listed_to(suspect).filter(pk=office.application.pk).exists()
