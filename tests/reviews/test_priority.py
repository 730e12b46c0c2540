"""Computing and keeping priority."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core import outbox
from core.models import OutboxEntry
from grants.models import Application, ApplicationEvent
from organizations.choices import Community
from reviews.explain import reason_sentence
from reviews.models import PriorityScore
from reviews.services.priority import compute_priority
from tests.factories.diligence import FinancialPositionFactory, PressureEventFactory
from tests.factories.reviews import reviewed

pytestmark = pytest.mark.django_db


def test_submitting_has_a_worker_check_and_score(sent):
    topics = set(OutboxEntry.objects.exclude(topic="mail").values_list("topic", flat=True))
    assert {"eligibility", "priority"} <= topics
    outbox.drain()
    sent.refresh_from_db()
    assert sent.priority_scores.count() == 1
    assert sent.eligibility.checked_at is not None


def test_the_same_inputs_are_computed_once(sent):
    PressureEventFactory.create(organization=sent.organization, happened_on=timezone.localdate() - timedelta(days=3))
    first, second = compute_priority(application_id=sent.pk), compute_priority(application_id=sent.pk)
    assert first == second
    assert ApplicationEvent.objects.filter(application=sent, kind="scored").count() == 1


def test_a_new_fact_makes_a_new_score_and_the_old_one_stays(sent):
    compute_priority(application_id=sent.pk)
    FinancialPositionFactory.create(organization=sent.organization, as_of=timezone.localdate(), cash=Decimal(100))
    score = compute_priority(application_id=sent.pk)
    sent.refresh_from_db()
    assert PriorityScore.objects.filter(application=sent).count() == 2
    assert score is not None
    assert (sent.priority, sent.priority_known) == (score.value, score.known) == (Decimal("100.00"), Decimal("0.20"))


def test_no_line_depends_on_the_community(sent):
    PressureEventFactory.create(organization=sent.organization, happened_on=timezone.localdate())
    FinancialPositionFactory.create(organization=sent.organization, as_of=timezone.localdate())
    found = set()
    for community in Community.values:
        type(sent.organization).objects.filter(pk=sent.organization_id).update(community=community)
        PriorityScore.objects.all().delete()
        score = compute_priority(application_id=sent.pk)
        assert score is not None
        found.add((score.value, score.inputs_hash, str(score.lines)))
    assert len(found) == 1


def test_a_sent_sheet_replaces_what_the_data_said(assigned, reviewer):
    PressureEventFactory.create(organization=assigned.organization, happened_on=timezone.localdate(), severity=5)
    reviewed(assigned, reviewer, value="2")
    outbox.drain()
    score = PriorityScore.objects.filter(application=assigned).latest("computed_at")
    political = next(line for line in score.lines if line["criterion"] == "political")
    assert (political["score"], political["source"], political["suggestion"]) == ("2.0", "person", "5.0")
    assert (score.value, score.known) == (Decimal("40.00"), Decimal("1.00"))


def test_a_draft_and_what_is_gone_are_not_scored(application_draft, db):
    assert compute_priority(application_id=application_draft.pk) is None
    assert compute_priority(application_id="00000000-0000-4000-8000-000000000000") is None


@pytest.fixture
def application_draft(call, group, owner) -> Application:
    from tests.factories.grants import draft

    return draft(call, group, owner)


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_reason_has_its_sentence(language, in_language):
    params: dict[str, object] = {
        "kind": "raid",
        "happened_on": "2026-11-01",
        "as_of_on": "2026-11-01",
        "assessed_on": "2026-11-01",
    }
    params |= {"severity": 4, "percent": 75, "count": 2, "overlapping": 1, "judged": 3, "months": "2.5", "mean": "3.0"}
    codes = [
        "sheets", "events_further", "funding_overlaps", "capacity_too_few", "values_people_only", "funding_unknown",
        "funding_none_overlaps", "event_strongest", "events_none", "finance_unknown", "finance_stale", "cash_months",
        "budget_lost", "accounts_frozen", "capacity_unknown", "capacity_mean", "capacity_overdue",
    ]  # fmt: skip
    with in_language(language):
        for code in codes:
            sentence = reason_sentence(code, params)
            assert sentence
            assert "%(" not in sentence
