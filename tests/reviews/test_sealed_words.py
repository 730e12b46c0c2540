"""What is written in judging lies sealed: what can be asked of it, bulk changes, many partners on one page."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.crypto import keys_kept
from core.sealed import update_rows
from diligence.models import DuplicateCandidate, PressureEvent
from grants.models import Application
from reviews.agenda import minutes_of
from reviews.models import PanelItem, PanelMeeting, Review, Slate
from reviews.services.slates import copy_slate
from reviews.slating import items_of
from tests.factories.diligence import PressureEventFactory, possible_duplicate
from tests.factories.grants import member, partner, submitted
from tests.factories.organizations import OrganizationFactory
from tests.factories.slates import fund_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(call) -> list[Application]:
    groups = [partner(call.programme, name=f"Group {number}") for number in range(4)]
    return [submitted(call, group, member(group)) for group in groups]


def test_whether_there_is_a_text_can_be_asked_and_nothing_else(sent, reviewer, officer):
    Review.objects.create(application=sent, reviewer=reviewer, comments_for_panel="Ask again.")
    Review.objects.create(application=sent, reviewer=officer)
    assert Review.objects.exclude(comments_for_panel="").get().reviewer == reviewer
    assert Review.objects.get(comments_for_panel="").reviewer == officer
    for asked in ({"comments_for_panel": "Ask again."}, {"comments_for_panel__contains": "Ask"}):
        with pytest.raises((FieldError, TypeError)):
            list(Review.objects.filter(**asked))


def test_many_rows_are_sealed_each_under_its_own_key(db):
    rows = [PressureEventFactory.create(source="Before"), PressureEventFactory.create(source="Before")]
    for number, row in enumerate(rows):
        row.source, row.severity = f"Witness {number}", 5
    update_rows(rows, ["source", "severity"])
    assert [row.source for row in rows] == ["Witness 0", "Witness 1"]
    stored = PressureEvent.objects.order_by("created_at")
    assert [(row.source, row.severity) for row in stored] == [("Witness 0", 5), ("Witness 1", 5)]
    assert b"Witness" not in b"".join(bytes(raw) for raw in stored.values_list("source", flat=True))


def test_what_is_added_to_a_sealed_list_is_kept(programme):
    pair = possible_duplicate(*OrganizationFactory.create_batch(2, programme=programme))
    pair = DuplicateCandidate.objects.get(pk=pair.pk)
    pair.evidence["basis"].append("b")
    pair.save(update_fields=["evidence"])
    assert DuplicateCandidate.objects.get().evidence["basis"] == ["a", "b"]


def test_minutes_of_many_partners_cost_as_much_as_of_one(call, director, many):
    meeting = PanelMeeting.objects.create(call=call, title="Panel", starts_at=timezone.now(), chair=director, quorum=1)

    def add(application: Application, position: int) -> None:
        of: dict[str, Any] = {"meeting": meeting, "application": application, "position": position}
        PanelItem.objects.create(
            **of, status="done", outcome="decline", closed_at=timezone.now(), said=f"Said {position}"
        )

    def cost() -> tuple[int, list[str]]:
        with keys_kept(), CaptureQueriesContext(connection) as seen:
            said = [item.said for item in minutes_of(director, meeting)]
        return len(seen), said

    add(many[0], 1)
    cost()  # what is read once of a person stays read
    one, _said = cost()
    for position, application in enumerate(many[1:], start=2):
        add(application, position)
    assert cost() == (one, ["Said 1", "Said 2", "Said 3", "Said 4"])


def test_notes_of_a_slate_cost_as_much_for_many_partners_as_for_one_and_are_copied(call, officer, finance, many):
    slate = Slate.objects.create(
        call=call, fund=fund_with(call, finance), name="First", budget=Decimal(900), seed="1", made_by=officer
    )

    def cost() -> tuple[int, set[str]]:
        with keys_kept(), CaptureQueriesContext(connection) as seen:
            notes = {item.line.note for item in items_of(slate, officer)}
        return len(seen), notes

    slate.lines.create(application=many[0], minimum=Decimal(1), note="Note 0")
    cost()
    one, _notes = cost()
    for number, application in enumerate(many[1:], start=1):
        slate.lines.create(application=application, minimum=Decimal(1), note=f"Note {number}")
    wanted = {f"Note {number}" for number in range(4)}
    assert cost() == (one, wanted)
    Application.objects.filter(pk__in=[row.pk for row in many]).update(status="awaiting")
    assert {line.note for line in copy_slate(slate=slate, by=officer).lines.all()} == wanted
