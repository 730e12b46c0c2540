"""Making the whole demo, in one transaction: either all of it is there, or nothing."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.choices import DeputyReason, RoleName
from accounts.models import InboxItem, Programme
from accounts.services.deputies import Deputising, name_deputy
from core.models import OutboxEntry
from core.models.outbox import OutboxStatus
from grants.form_definitions import load_forms
from insights.demo.judging import introduce_reviewers, suggest_reviewers
from insights.demo.library import content
from insights.demo.panels import plan_panel
from insights.demo.partners import PartnerMaker
from insights.demo.people import Accounts, Staff
from insights.demo.programme import close_the_office, make_calls, make_programme
from insights.demo.rubric import choose_rubric, make_rubric
from insights.demo.safety import tell_of_danger
from insights.demo.slates import make_funds, make_slates
from insights.demo.stories import JOINT, PAIRED, Story, restricted_without_reader
from insights.demo.telling import Telling, World
from insights.demo.terms import change_terms
from insights.demo.timeline import Timeline
from reviews.models import Appeal, terms_of

PAIR = ("israeli", "palestinian")
# Notices older than this have been read.
UNREAD = timedelta(days=4)
# Topics of the outbox whose work can be repeated.
AGAIN = ("duplicates", "eligibility", "interests", "priority")


@transaction.atomic
def make_demo() -> bool:
    """Make everything; False, with nothing changed, when it is there already."""
    if Programme.objects.filter(slug=content("programme")["slug"]).exists():
        return False
    programme = make_programme()
    timeline = Timeline(timezone.now(), programme.calendar)
    with timeline.told():
        _make(programme, timeline)
    return True


def _make(programme: Programme, timeline: Timeline) -> None:
    now = timeline.now
    close_the_office(programme, now.date())
    # Before the history begins: what belongs to a published form cannot be moved in time, nor in any other way.
    versions = load_forms(programme=programme)
    accounts = Accounts(programme)
    timeline.happens(timeline.working_days_ago(110))
    staff = accounts.add_staff()
    calls = make_calls(programme, versions, staff.officer, timeline)
    timeline.acts(staff.officer, "reviews:rubric_create")
    choose_rubric(calls["core"], make_rubric(programme, staff.officer), staff.officer)
    timeline.acts(staff.officer, "reviews:terms")
    # Large grants of the open call need two directors.
    change_terms(calls["core"], staff.officer, second_approval_above=Decimal(30000))
    funds = make_funds(programme, staff, timeline)
    partners = PartnerMaker(programme, accounts, staff, timeline).make_all()
    introduce_reviewers(staff, calls["core"], partners, timeline)
    world = World(timeline, staff, calls, partners, funds)
    for number, story in enumerate(PAIRED):
        for community in PAIR:
            tell(world, story, community, number)
    for number, story in enumerate(JOINT, start=len(PAIRED)):
        tell(world, story, "joint", number)
    timeline.happens(timeline.working_days_ago(1))
    plan_panel(world)
    make_slates(calls["core"], funds["core"], staff, timeline)
    tell_of_danger(world)
    timeline.happens(now)
    timeline.settle()
    timeline.settle_promises(programme)
    settle_appeals(programme)
    InboxItem.objects.filter(created_at__lt=now - UNREAD).update(read_at=F("created_at") + timedelta(hours=3))
    # Today: the newest of the audit, above the moving of all that was made.
    timeline.acts(staff.officer2, "reviews:suggest")
    suggest_reviewers(staff, calls["core"])
    timeline.acts(staff.director2, "deputies:list")
    name_deputy(by=staff.director2, wish=_away(staff, now))
    _ask_once()


def _away(staff: Staff, now: datetime) -> Deputising:
    """One director travels; the finance officer acts for them."""
    role = staff.director2.roles.get(name=RoleName.DIRECTOR)
    today = now.astimezone(role.programme.calendar.zone).date()
    last = today + timedelta(days=9)
    return Deputising(staff.finance, role.programme, role.name, today, last, DeputyReason.ABSENCE)


def settle_appeals(programme: Programme) -> None:
    """Promise the answers from the moments at which appeals are now on record."""
    for appeal in Appeal.objects.filter(application__call__programme=programme).select_related("application__call"):
        days = terms_of(appeal.application.call).appeal_answer_days
        appeal.due_at = programme.calendar.add_days(appeal.sent_at, days)
        appeal.save(update_fields=["due_at"])


def _ask_once() -> None:
    """What the worker is asked to look at again, it need look at once: no worker has seen any of it yet."""
    rows = OutboxEntry.objects.filter(topic__in=AGAIN, status=OutboxStatus.PENDING).order_by("-created_at")
    seen, superfluous = set(), []
    for pk, topic, payload in rows.values_list("pk", "topic", "payload"):
        asked = (topic, json.dumps(payload, sort_keys=True))
        if asked in seen:
            superfluous.append(pk)
        seen.add(asked)
    OutboxEntry.objects.filter(pk__in=superfluous).delete()


def tell(world: World, story: Story, community: str, number: int) -> None:
    """Tell one story of one partner."""
    partner = world.partners[community, story.partner]
    told = Telling(world, partner, world.calls[story.call], story.theme, number)
    told.restricted_at_first = story.steps is restricted_without_reader
    story.steps(told)
