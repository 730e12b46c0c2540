"""The scored criteria of a real fund, rebuilt without code on the pages of the portal, and random sheets scored on the
page of reviewers: the totals are those of the fund's own formula, exactly.

How its file is read is written here only: the product knows nothing of that format.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils.text import slugify

from accounts.models import User
from grants.models import Application, Call
from organizations.models import Organization
from reviews.criteria import rubric_tree
from reviews.models import Review, RubricCriterion, RubricVersion
from reviews.scores import application_scores
from tests.factories.grants import submitted
from tests.factories.reviews import passed, reviewing
from tests.reviews.test_terms import TYPED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LOW, HIGH, SHEETS = 1, 5, 4


@dataclass(frozen=True)
class Published:
    """One criterion as the fund published it: its weight, a share of one, and what it is the mean of."""

    id: str
    weight: Fraction
    sub_criteria: tuple[str, ...]

    def codes(self) -> list[str]:
        return [f"{self.id}-{slugify(name)}"[:60].strip("-") for name in self.sub_criteria]


def formula(fund: list[Published], scores: Mapping[str, int]) -> Fraction:
    """The sum of weight × mean of the sub-criteria, out of five: nothing of the product is used."""
    return sum(
        (row.weight * Fraction(sum(scores[code] for code in row.codes()), len(row.sub_criteria)) for row in fund),
        Fraction(0),
    )


@pytest.fixture
def fund(needs_shared_data: Callable[[str], Path]) -> list[Published]:
    source = yaml.safe_load(needs_shared_data("rubrics/uk-cyp.yaml").read_text(encoding="utf-8"))
    found = [
        Published(row["id"], Fraction(str(row["weight"])), tuple(row["sub_criteria"])) for row in source["criteria"]
    ]
    assert (len(found), sum(len(row.sub_criteria) for row in found)) == (4, 10)
    assert sum(row.weight for row in found) == 1
    return found


class Writer:
    """An officer at the pages of rubrics, without JavaScript."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def post(self, name: str, *args: Any, **fields: str) -> str:
        answer = self.client.post(reverse(f"reviews:{name}", args=args), fields)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def rebuild(self, fund: list[Published]) -> RubricVersion:
        self.post("rubric_create", name_en="A real fund", source="empty", kind="own")
        version = RubricVersion.objects.get()
        stamp = self.client.get(reverse("reviews:rubric_scale", args=[version.pk])).context["form"]["stamp"].value()
        scale = {"low": str(LOW), "high": str(HIGH), "step": "1"}
        self.post("rubric_scale", version.pk, name_en="A real fund", stamp=stamp, **scale)
        for row in fund:
            percent = str(Decimal(row.weight.numerator) * 100 / row.weight.denominator)
            name = row.id.replace("-", " ").capitalize()
            self.post("rubric_criterion_create", version.pk, name_en=name, code=row.id, weight=percent)
            parent = str(RubricCriterion.objects.get(version=version, code=row.id).pk)
            for part, code in zip(row.sub_criteria, row.codes(), strict=True):
                self.post("rubric_criterion_create", version.pk, name_en=part, code=code, parent=parent)
        self.post("rubric_publish", version.pk, without_texts="yes")
        return RubricVersion.objects.get()


@pytest.fixture
def rebuilt(fund: list[Published], client_for: Callable[[User], Client], officer: User) -> RubricVersion:
    return Writer(client_for(officer)).rebuild(fund)


def random_scores(fund: list[Published], chance: random.Random) -> dict[str, int]:
    return {code: chance.randint(LOW, HIGH) for row in fund for code in row.codes()}


def test_nothing_of_the_real_fund_is_left_out(rebuilt: RubricVersion, fund: list[Published]) -> None:
    tree = rubric_tree(rebuilt.pk)
    assert [(node.code, Fraction(node.weight) / 100) for node in tree.criteria] == [
        (row.id, row.weight) for row in fund
    ]
    assert [str(leaf.name) for leaf in tree.leaves] == [name for row in fund for name in row.sub_criteria]
    assert [str(level) for level in tree.levels] == ["1", "2", "3", "4", "5"]


def test_totals_are_those_of_the_funds_own_formula(rebuilt: RubricVersion, fund: list[Published]) -> None:
    tree, chance = rubric_tree(rebuilt.pk), random.Random(2026)
    for _time in range(500):
        scores = random_scores(fund, chance)
        assert tree.total({code: Decimal(score) for code, score in scores.items()}) == formula(fund, scores)
    for edge in (LOW, HIGH):
        assert tree.total({leaf.code: Decimal(edge) for leaf in tree.leaves}) == edge


@pytest.fixture
def under_review(call: Call, group: Organization, owner: User, officer: User, reviewer: User) -> list[Application]:
    sent = [submitted(call, group, owner, title=f"Request {number}") for number in range(SHEETS)]
    return [reviewing(passed(application, officer), reviewer, officer) for application in sent]


def test_random_sheets_scored_on_the_page_come_out_as_the_formula_gives_them(
    rebuilt: RubricVersion,
    fund: list[Published],
    under_review: list[Application],
    client_for: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    officer, reviewer = request.getfixturevalue("officer"), request.getfixturevalue("reviewer")
    call = under_review[0].call
    terms = reverse("reviews:terms", args=[call.slug])
    assert client_for(officer).post(terms, TYPED | {"rubric_version": str(rebuilt.pk)}).status_code == 302
    client, chance, wanted = client_for(reviewer), random.Random(7), {}
    for application in under_review:
        scores = random_scores(fund, chance)
        sheet = {"version": "0", "recommendation": "fund", "comments_for_panel": "", "comments_for_applicant": ""}
        for code, score in scores.items():
            sheet |= {f"{code}_score": str(score), f"{code}_reason": "Read, and weighed."}
        address = reverse("reviews:sheet", args=[application.reference])
        assert client.post(address, sheet | {"step": "send"}).status_code == 302
        wanted[application.pk] = formula(fund, scores)
    sheets = Review.objects.filter(application__call=call).prefetch_related("scores")
    tree = rubric_tree(rebuilt.pk)
    found = {
        row.application_id: tree.total({score.criterion: score.value for score in row.scores.all()}) for row in sheets
    }
    assert found == wanted
    assert {row.rubric_version_id for row in sheets} == {rebuilt.pk}
    # Lists and slates say the same on a scale of 0–100.
    call = Call.objects.get(pk=call.pk)
    in_lists = application_scores(call, Application.objects.filter(call=call))
    assert {pk: score.raw for pk, score in in_lists.items()} == {
        pk: (total - LOW) / (HIGH - LOW) * 100 for pk, total in wanted.items()
    }
