"""Scores of a call: raw, adjusted, in dispute; the pages of scores and progress; reminders."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import InboxItem, User
from core.templatetags.mainstay import points
from grants.models import Application, Assignment, Call
from grants.services import access
from reviews.criteria import STANDARD
from reviews.models import Review
from reviews.scores import application_scores, call_scores
from reviews.services import sheets as sheets_service
from reviews.services.nudges import nudge
from tests.factories.accounts import person_with
from tests.factories.grants import member, partner, submitted
from tests.factories.reviews import passed, reviewed, reviewing, whole_sheet
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(programme) -> list[User]:
    return [
        person_with(RoleName.REVIEWER, programme, email=f"judge{n}@panel.example", display_name=f"Judge {n}")
        for n in range(3)
    ]


def judged(call: Call, officer: User, reviewers: list[User], marks: list[str], name: str) -> Application:
    """An application in review, scored throughout with one mark by each reviewer."""
    group = partner(call.programme, name=f"Group {name}")
    application = passed(submitted(call, group, member(group), title=f"Request {name}"), officer)
    for reviewer, mark in zip(reviewers, marks, strict=True):
        reviewing(application, reviewer, officer)
        reviewed(application, reviewer, mark)
    return application


def scores_page(call: Call, query: str = "") -> str:
    return reverse("reviews:scores", args=[call.slug]) + query


def test_raw_is_the_mean_of_weighted_totals(call, officer, panel):
    one = judged(call, officer, panel, ["2", "3", "4"], "one")
    found = application_scores(call, Application.objects.all())
    assert found[one.pk].raw == Fraction(60)
    assert (found[one.pk].reviews, found[one.pk].margin, found[one.pk].adjusted) == (3, None, Fraction(60))


def test_a_blank_is_left_out_and_never_zero():
    scores = {"values": Decimal(4), "political": None, "financial": Decimal(2)}
    assert STANDARD.total(scores) == Fraction(25 * 4 + 20 * 2, 45)
    assert STANDARD.total({}) is None


def test_the_sheet_of_a_recused_person_counts_no_more(call, officer, panel):
    one = judged(call, officer, panel, ["1", "5", "5"], "one")
    access.recuse(application=one, person=panel[0], reason="family", by=panel[0])
    assert application_scores(call, Application.objects.all())[one.pk].raw == Fraction(100)


def test_strong_disagreement_is_marked(call, officer, panel):
    calm = judged(call, officer, panel, ["3", "3.5", "3"], "calm")
    apart = judged(call, officer, panel, ["2", "3", "4"], "apart")
    opposed = judged(call, officer, panel[:2], ["3", "3"], "opposed")
    Review.objects.filter(application=opposed, reviewer=panel[0]).update(recommendation="decline")
    found = call_scores(call).applications
    assert (found[calm.pk].disputed, found[apart.pk].disputed, found[opposed.pk].disputed) == (False, True, True)


def test_a_strict_reviewer_is_allowed_for(call, officer, panel):
    for number in range(6):
        judged(call, officer, panel, ["2", "4", "4"], f"shared {number}")
    by_strict = judged(call, officer, panel[:1], ["2"], "by the strict one")
    by_mild = judged(call, officer, panel[1:2], ["4"], "by a mild one")
    found = call_scores(call)
    raw_gap = (found.applications[by_mild.pk].raw or 0) - (found.applications[by_strict.pk].raw or 0)
    adjusted = found.calibration.applications
    gap = adjusted[by_mild.pk].total - adjusted[by_strict.pk].total
    assert (raw_gap, abs(gap) < 5) == (40, True)
    shared = Application.objects.get(plain_title="Request shared 0")
    assert adjusted[by_mild.pk].margin > adjusted[shared.pk].margin


def test_the_page_ranks_and_shows_both(client_for, call, officer, panel):
    judged(call, officer, panel, ["2", "2", "2"], "low")
    judged(call, officer, panel, ["4", "4", "4"], "high")
    client = client_for(officer)
    lines = client.get(scores_page(call)).context["page"].object_list
    assert [line["application"].title for line in lines] == ["Request high", "Request low"]
    assert [total for line in lines for total in line["totals"]] == [80, 80, 80, 40, 40, 40]
    for query in ("?by=adjusted", "?by=nothing", "?page=1e400", "?page=-3"):
        assert client.get(scores_page(call, query)).status_code == 200


def test_scores_of_others_stay_hidden_while_ones_own_sheet_is_unfinished(client_for, call, officer, panel):
    application = judged(call, officer, panel, ["2", "2", "2"], "low")
    sheets_service.save_review(application=application, by=officer, version=0, sheet=whole_sheet())
    (line,) = client_for(officer).get(scores_page(call)).context["page"].object_list
    assert (line["hidden"], line["score"].raw, line["totals"]) == (True, None, [])


def test_a_recused_officer_finds_no_line(client_for, call, officer, officer2, panel):
    application = judged(call, officer, panel, ["2", "2", "2"], "Kestrel")
    access.recuse(application=application, person=officer2, reason="work", by=officer2)
    client = client_for(officer2)
    for name in ("scores", "progress"):
        shown = client.get(reverse(f"reviews:{name}", args=[call.slug])).content.decode()
        assert ("Kestrel" in shown, application.reference in shown) == (False, False)


@pytest.mark.parametrize("rows", [1, 30])
def test_both_pages_cost_the_same_for_one_application_and_thirty(client_for, call, officer, panel, rows):
    for number in range(rows):
        judged(call, officer, panel[:1], ["3"], f"{number:02}")
    client = client_for(officer)
    for name in ("scores", "progress"):
        address = reverse(f"reviews:{name}", args=[call.slug])
        client.get(address)
        with at_most(14):
            assert client.get(address).status_code == 200


def test_progress_says_what_is_late_and_when_it_may_be_finished(client_for, call, officer, panel):
    application = judged(call, officer, panel[:1], ["3"], "one")
    reviewing(application, panel[1], officer)
    Assignment.objects.filter(user=panel[1]).update(due_on=timezone.localdate() - timedelta(days=2))
    found = client_for(officer).get(reverse("reviews:progress", args=[call.slug])).context["progress"]
    assert (found.open, found.late) == (1, 1)
    assert [(row.asked, row.sent, row.late) for row in found.applications] == [(2, 1, 1)]
    assert found.finish_on is not None
    assert found.finish_on >= timezone.localdate() + timedelta(days=6)


def test_a_reminder_goes_out_once_a_day_and_only_for_what_is_late(client_for, call, officer, panel):
    application = judged(call, officer, panel[:1], ["3"], "one")
    for person in panel[1:]:
        reviewing(application, person, officer)
    Assignment.objects.filter(user=panel[1]).update(due_on=timezone.localdate() - timedelta(days=2))
    address = reverse("reviews:nudge", args=[call.slug])
    client = client_for(officer)
    first = client.post(address, follow=True).content.decode()
    second = client.post(address, follow=True).content.decode()
    assert "Reminded of 1 review." in first
    assert "Reminded of" not in second
    assert "There is nothing new to remind of" in second
    told = InboxItem.objects.filter(kind="reviews.nudge")
    assert [item.user for item in told] == [panel[1]]
    client.post(address, {"reviewer": str(panel[2].pk)})
    assert {item.user for item in told.all()} == set(panel[1:])
    assert nudge(call=call, by=officer, reviewer_id="not an id") == 0


def test_equal_scores_share_a_rank(client_for, call, officer, panel):
    best = judged(call, officer, panel[:1], ["5"], "one")
    equal = [judged(call, officer, panel[:1], ["3"], name) for name in ("two", "three")]
    last = judged(call, officer, panel[:1], ["1"], "four")
    page = client_for(officer).get(reverse("reviews:scores", args=[call.slug])).context["page"]
    ranks = {line["application"].pk: line["rank"] for line in page.object_list}
    assert ranks == {best.pk: 1, equal[0].pk: 2, equal[1].pk: 2, last.pk: 4}


def test_a_habit_of_next_to_nothing_is_no_minus_nought():
    assert (points(Fraction(-1, 100)), points(Fraction(-1, 10))) == ("0.0", "-0.1")
