"""Rubrics: what is refused before one is fixed, that it is fixed then, and what a call makes of it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Programme, User
from core import outbox
from core.errors import DomainError, NotPermitted, StaleVersion
from core.models import OutboxEntry
from core.translated import CODES
from grants.models import Application, Call
from reviews import scoring
from reviews.anchors import ANCHORS
from reviews.choices import SCORED, CriterionKind, RubricKind
from reviews.criteria import STANDARD, CriterionNode, RubricTree, forget_rubrics, rubric_of, rubric_tree
from reviews.facts import scoring_inputs
from reviews.models import JudgingTerms, Review, RubricAnchor, RubricCriterion, RubricVersion
from reviews.rubric_checks import gaps, written
from reviews.services import rubric_criteria, rubrics, sheets
from reviews.services.rubric_criteria import CriterionText
from reviews.services.terms import FIELDS, TermsRefused, set_terms
from reviews.views.eligibility import criteria_panel
from tests.factories.reviews import own_rubric, reviewed, scale_sheet, whole_sheet
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(programme: Programme, officer: User) -> RubricVersion:
    return rubrics.create_rubric(programme=programme, name={"en": "Ours"}, by=officer)


@pytest.fixture
def own(programme: Programme, officer: User) -> RubricVersion:
    return own_rubric(programme, officer)


def scored(version: RubricVersion, code: str) -> RubricCriterion:
    return RubricCriterion.objects.get(version=version, code=code)


def text_of(row: RubricCriterion, **changes: Any) -> CriterionText:
    values: dict[str, Any] = {
        "name": row.name,
        "question": row.question,
        "weight": row.weight,
        "code": row.code,
        "linked": row.criterion,
        "parent_id": row.parent_id,
    }
    return CriterionText(**(values | changes))


def use(call: Call, version: RubricVersion | None, by: User) -> JudgingTerms:
    terms = JudgingTerms(call=call)
    values = {name: getattr(terms, name) for name in FIELDS} | {"rubric_version": version}
    return set_terms(call=Call.objects.get(pk=call.pk), by=by, values=values)


# ---- the standard rubric --------------------------------------------------------------------------------------------
def test_the_seven_criteria_stand_in_it_with_their_kinds_and_texts_in_three_languages(standard: RubricVersion) -> None:
    rows = list(standard.criteria.order_by("position"))
    kinds = [(row.kind, row.criterion) for row in rows]
    assert kinds == [
        ("gate", "values"),
        ("gate", "legal"),
        *(("score", criterion.value) for criterion in SCORED),
        ("portfolio", "communities"),
    ]
    assert gaps(written(standard)) != []  # the name that the officer gave in one language
    assert [problem for problem in gaps(written(standard)) if problem.criterion] == []
    assert all(row.name.missing() == [] and row.question.missing() == [] for row in rows)


def test_each_point_of_each_score_has_an_anchor_in_three_languages(standard: RubricVersion) -> None:
    for row in standard.criteria.filter(kind=CriterionKind.SCORE):
        anchors = list(row.anchors.order_by("level"))
        assert [anchor.level for anchor in anchors] == list(range(6))
        for code in CODES:
            assert len({anchor.words[code] for anchor in anchors}) == 6
            assert code == "en" or all(anchor.words[code] != anchor.words["en"] for anchor in anchors)
    assert all([level for level, _words in ANCHORS[criterion]] == list(range(6)) for criterion in SCORED)


def test_its_rows_say_what_the_call_without_a_rubric_is_judged_by(standard: RubricVersion, in_language: Any) -> None:
    tree = rubric_tree(standard.pk)
    for code in CODES:
        with in_language(code):
            for mine, theirs in zip(tree.leaves, STANDARD.leaves, strict=True):
                assert (mine.code, mine.weight, mine.linked) == (theirs.code, theirs.weight, theirs.linked)
                assert [(a.level, str(a.words)) for a in mine.anchors] == [
                    (a.level, str(a.words)) for a in theirs.anchors
                ]
    assert (tree.levels, tree.typed(Decimal("3.50"))) == (STANDARD.levels, "3.5")


# ---- what is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        ("24.9999", "The weights sum to 99.9999 %: 0.0001 is missing to 100."),
        ("30.5", "The weights sum to 105.5 %: 5.5 more than 100."),
    ],
)
def test_weights_that_do_not_sum_are_refused_with_the_difference(
    standard: RubricVersion, officer: User, weight: str, sentence: str
) -> None:
    row = scored(standard, "values")
    rubrics.set_weights(version=standard, weights={row.pk: Decimal(weight)}, by=officer)
    with pytest.raises(rubrics.RubricNotReady) as refused:
        rubrics.publish_version(version=standard, by=officer, without_texts=True)
    assert str(refused.value) == sentence
    standard.refresh_from_db()
    assert standard.published_at is None


def test_parts_weigh_all_or_none_and_sum_too(own: RubricVersion, officer: User) -> None:
    parts = list(own.criteria.filter(parent__code="work"))
    rubrics.set_weights(version=own, weights={parts[0].pk: Decimal(60)}, by=officer)
    with pytest.raises(rubrics.RubricNotReady, match="every part"):
        rubrics.publish_version(version=own, by=officer, without_texts=True)
    rubrics.set_weights(version=own, weights={part.pk: Decimal(60) for part in parts}, by=officer)
    with pytest.raises(rubrics.RubricNotReady) as refused:
        rubrics.publish_version(version=own, by=officer, without_texts=True)
    assert str(refused.value) == "The weights of the parts of “The work” sum to 120 %: 20 more than 100."
    rubrics.set_weights(version=own, weights={parts[0].pk: Decimal(40), parts[1].pk: Decimal(60)}, by=officer)
    rubrics.publish_version(version=own, by=officer, without_texts=True)


@pytest.mark.parametrize("weight", ["0", "-1", "100.0001", "33.33333"])
def test_a_weight_that_the_column_cannot_keep_is_refused(standard: RubricVersion, officer: User, weight: str) -> None:
    row = scored(standard, "values")
    with pytest.raises(DomainError):
        rubrics.set_weights(version=standard, weights={row.pk: Decimal(weight)}, by=officer)
    row.refresh_from_db()
    assert row.weight == 25


def test_a_short_name_is_taken_once(standard: RubricVersion, officer: User) -> None:
    with pytest.raises(rubric_criteria.CriterionRefused, match="short name") as refused:
        rubric_criteria.add_criterion(
            version=standard, text=CriterionText(name={"en": "Again"}, code="values"), by=officer
        )
    assert refused.value.field == "code"
    made = rubric_criteria.add_criterion(version=standard, text=CriterionText(name={"en": "Political"}), by=officer)
    assert made.code == "political-2"


def test_both_communities_cannot_become_a_score(standard: RubricVersion, officer: User) -> None:
    refused: tuple[dict[str, Any], ...] = ({"code": "communities"}, {"linked": "communities"})
    for changes in refused:
        with pytest.raises(rubric_criteria.CriterionRefused):
            rubric_criteria.add_criterion(
                version=standard, text=CriterionText(name={"en": "Balance"}, **changes), by=officer
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        standard.criteria.filter(kind=CriterionKind.PORTFOLIO).update(kind=CriterionKind.SCORE)
    with pytest.raises(DomainError):
        rubric_criteria.remove_criterion(criterion=standard.criteria.get(kind=CriterionKind.PORTFOLIO), by=officer)


@pytest.mark.parametrize("level", ["6", "0.25"])
def test_an_anchor_outside_the_scale_is_refused(standard: RubricVersion, officer: User, level: str) -> None:
    row = scored(standard, "values")
    text = text_of(row, anchors={Decimal(level): {"en": "Beyond."}})
    with pytest.raises(rubric_criteria.AnchorOutsideScale, match=r"from 0 to 5 in steps of 0\.5"):
        rubric_criteria.update_criterion(criterion=row, text=text, by=officer)
    assert row.anchors.count() == 6


@pytest.mark.parametrize(
    ("scale", "field"),
    [
        ("0 5 2", "step"),
        ("0 5 0", "step"),
        ("5 5 1", "high"),
        ("0 100 0.5", "step"),
        ("-1 5 1", "low"),
        ("0 101 1", "high"),
        # Anchors are written for 0 and 5.
        ("1 4 0.5", "high"),
    ],
)
def test_a_scale_that_makes_no_sense_is_refused(standard: RubricVersion, officer: User, scale: str, field: str) -> None:
    low, high, step = map(Decimal, scale.split())
    with pytest.raises(rubrics.ScaleRefused) as refused:
        rubrics.update_version(version=standard, name={"en": "Ours"}, low=low, high=high, step=step, by=officer)
    assert refused.value.field == field
    standard.refresh_from_db()
    assert standard.step == Decimal("0.5")


def test_the_database_refuses_a_step_that_does_not_divide_the_scale(standard: RubricVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RubricVersion.objects.filter(pk=standard.pk).update(step=Decimal("0.3"))


def test_a_criterion_is_no_part_of_itself_and_not_nested_too_deep(own: RubricVersion, officer: User) -> None:
    work, plan = scored(own, "work"), scored(own, "plan")
    with pytest.raises(rubric_criteria.CriterionRefused, match="part of itself"):
        rubric_criteria.update_criterion(criterion=work, text=text_of(work, parent_id=plan.pk), by=officer)
    below = CriterionText(name={"en": "Below"}, parent_id=plan.pk)
    third = rubric_criteria.add_criterion(version=own, text=below, by=officer)
    with pytest.raises(rubric_criteria.CriterionRefused, match="deep"):
        rubric_criteria.add_criterion(
            version=own, text=CriterionText(name={"en": "Deeper"}, parent_id=third.pk), by=officer
        )


def test_two_officers_do_not_overwrite_each_other_in_silence(
    standard: RubricVersion, officer: User, officer2: User
) -> None:
    row = scored(standard, "values")
    read, weights = rubrics.stamp_of(row), rubrics.weights_stamp(list(standard.criteria.filter(kind="score")))
    changed = text_of(row, name={"en": "Changed"}, weight=Decimal(20))
    rubric_criteria.update_criterion(criterion=row, text=changed, by=officer2, stamp=read)
    with pytest.raises(StaleVersion):
        rubric_criteria.update_criterion(criterion=row, text=text_of(row), by=officer, stamp=read)
    with pytest.raises(StaleVersion):
        rubrics.set_weights(version=standard, weights={row.pk: Decimal(30)}, by=officer, stamp=weights)
    row.refresh_from_db()
    assert (str(row.name), row.weight) == ("Changed", Decimal(20))


def test_who_may_not_write_rubrics_does_not(standard: RubricVersion, finance: User, reviewer: User) -> None:
    for person in (finance, reviewer):
        with pytest.raises(NotPermitted):
            rubrics.publish_version(version=standard, by=person, without_texts=True)


# ---- fixed for ever -------------------------------------------------------------------------------------------------
@pytest.fixture
def published(own: RubricVersion, officer: User) -> RubricVersion:
    return rubrics.publish_version(version=own, by=officer, without_texts=True)


def test_anchors_and_translations_are_missing_knowingly_or_not_at_all(own: RubricVersion, officer: User) -> None:
    with pytest.raises(rubrics.TextsMissing) as refused:
        rubrics.publish_version(version=own, by=officer)
    assert any("what these scores mean: 1, 2, 3, 4" in problem.sentence for problem in refused.value.problems)


def test_a_published_version_does_not_change_and_says_what_to_do(published: RubricVersion, officer: User) -> None:
    row = scored(published, "work")
    writes: list[Callable[[], object]] = [
        lambda: rubrics.set_weights(version=published, weights={row.pk: Decimal(1)}, by=officer),
        lambda: rubric_criteria.update_criterion(criterion=row, text=text_of(row), by=officer),
        lambda: rubric_criteria.move_criterion(criterion=row, places=1, by=officer),
        lambda: rubric_criteria.remove_criterion(criterion=row, by=officer),
        lambda: rubrics.discard_draft(version=published, by=officer),
        lambda: rubrics.publish_version(version=published, by=officer, without_texts=True),
    ]
    for write in writes:
        with pytest.raises(rubrics.RubricIsPublished) as refused:
            write()
        assert "Make a new version" in str(refused.value)
        assert "keep the one they began with" in str(refused.value)


def test_the_database_refuses_it_too(published: RubricVersion) -> None:
    row = scored(published, "plan")
    attempts: list[Callable[[], object]] = [
        lambda: RubricVersion.objects.filter(pk=published.pk).update(high=Decimal(6)),
        lambda: RubricCriterion.objects.filter(pk=row.pk).update(weight=Decimal(1)),
        lambda: RubricCriterion.objects.create(version=published, position=99, code="late", name={"en": "Late"}),
        row.delete,
        lambda: RubricAnchor.objects.create(criterion=row, level=Decimal(3), words={"en": "Late"}),
        lambda: RubricVersion.objects.filter(pk=published.pk)._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_the_next_version_is_a_copy_and_the_first_stays(published: RubricVersion, officer: User) -> None:
    draft = rubrics.new_version(rubric=published.rubric, by=officer)
    with pytest.raises(rubrics.DraftExists):
        rubrics.new_version(rubric=published.rubric, by=officer)
    row = scored(draft, "plan")
    rubric_criteria.update_criterion(criterion=row, text=text_of(row, name={"en": "Another plan"}), by=officer)
    assert (draft.number, draft.low, draft.high) == (2, Decimal(1), Decimal(5))
    assert [leaf.code for leaf in rubric_tree(draft.pk).leaves] == [
        leaf.code for leaf in rubric_tree(published.pk).leaves
    ]
    assert str(scored(published, "plan").name) == "The plan"


def test_moving_takes_the_parts_along(own: RubricVersion, officer: User) -> None:
    rubric_criteria.move_criterion(criterion=scored(own, "work"), places=1, by=officer)
    assert [leaf.code for leaf in rubric_tree(own.pk).leaves] == ["need", "plan", "people"]
    rubric_criteria.move_criterion(criterion=scored(own, "work"), places=1, by=officer)
    assert [leaf.code for leaf in rubric_tree(own.pk).leaves] == ["need", "plan", "people"]
    rubric_criteria.remove_criterion(criterion=scored(own, "work"), by=officer)
    assert [row.code for row in own.criteria.order_by("position")] == ["values_gate", "legal", "need", "communities"]


# ---- a call and its rubric ------------------------------------------------------------------------------------------
def test_a_call_is_judged_by_the_version_it_names(
    published: RubricVersion, call: Call, officer: User, assigned: Application, reviewer: User
) -> None:
    assert rubric_of(call) is STANDARD
    use(call, published, officer)
    with pytest.raises(DomainError):
        reviewed(Application.objects.get(pk=assigned.pk), reviewer)
    review = sheets.submit_review(
        application=Application.objects.get(pk=assigned.pk), by=reviewer, version=0, sheet=scale_sheet("4", "3", "5")
    )
    assert review.rubric_version == published
    assert dict(review.scores.values_list("criterion", "value")) == {"plan": 4, "people": 3, "need": 5}


def test_the_rubric_stays_once_a_review_has_begun(
    published: RubricVersion, call: Call, officer: User, assigned: Application, reviewer: User
) -> None:
    use(call, published, officer)
    again = Application.objects.get(pk=assigned.pk)
    sheets.save_review(application=again, by=reviewer, version=0, sheet=scale_sheet("4", None, None))
    draft = rubrics.new_version(rubric=published.rubric, by=officer)
    newer = rubrics.publish_version(version=draft, by=officer, without_texts=True)
    for other in (newer, None):
        with pytest.raises(TermsRefused, match="has begun") as refused:
            use(call, other, officer)
        assert refused.value.field == "rubric_version"
    use(call, published, officer)
    assert JudgingTerms.objects.get(call=call).rubric_version == published
    assert Review.objects.get().rubric_version == published


def test_a_sheet_begun_while_the_rubric_changes_is_refused_and_nothing_is_kept(
    published: RubricVersion, call: Call, officer: User, assigned: Application, reviewer: User
) -> None:
    before = Application.objects.select_related("call").get(pk=assigned.pk)
    assert rubric_of(before.call) is STANDARD
    use(call, published, officer)
    with pytest.raises(rubrics.RubricChanged):
        sheets.save_review(application=before, by=reviewer, version=0, sheet=whole_sheet())
    assert not Review.objects.exists()


def test_a_draft_a_template_and_another_programmes_rubric_are_not_chosen(
    own: RubricVersion, programme: Programme, call: Call, officer: User
) -> None:
    template = rubrics.create_rubric(programme=programme, name={"en": "T"}, by=officer, kind=RubricKind.TEMPLATE)
    template = rubrics.publish_version(version=template, by=officer, without_texts=True)
    for version in (own, template):
        with pytest.raises(TermsRefused):
            use(call, version, officer)
    assert rubric_of(Call.objects.get(pk=call.pk)) is STANDARD


def test_a_published_rubric_is_read_once_a_process(published: RubricVersion) -> None:
    forget_rubrics()
    with at_most(3):
        tree = rubric_tree(published.pk)
    with at_most(0):
        assert rubric_tree(published.pk) is tree


# ---- priority -------------------------------------------------------------------------------------------------------
def test_priority_weighs_by_the_rubric_of_the_call_on_its_scale(
    published: RubricVersion, call: Call, officer: User, assigned: Application, reviewer: User
) -> None:
    OutboxEntry.objects.all().delete()
    use(call, published, officer)
    assert OutboxEntry.objects.filter(topic="priority").count() == 1
    again = Application.objects.get(pk=assigned.pk)
    sheets.submit_review(application=again, by=reviewer, version=0, sheet=scale_sheet("4", "3", "5"))
    outbox.drain()
    inputs = scoring_inputs(Application.objects.get(pk=assigned.pk), again.created_at.date())
    # Capacity is the mean of two parts, 3.5 on 1–5, and has 60 %; need is the rubric's own and has no part in it.
    assert inputs.rubric == scoring.RubricInput((("capacity", Fraction(60)),), str(published.pk), 1)
    assert dict(inputs.people) == {"capacity": scoring.PersonInput(Decimal("3.1"), 1)}
    score = again.priority_scores.latest("computed_at")
    assert (score.value, score.known, score.rule_version) == (Decimal("62.00"), Decimal("1.00"), scoring.RULE_VERSION)
    assert [(line["criterion"], line["weight"]) for line in score.lines] == [("capacity", "60")]
    assert score.inputs["rubric"] == {"weights": [["capacity", "60"]], "version": str(published.pk), "own": 1}
    assert criteria_panel(again)["notes"] == [
        "The weights are those of the rubric of this call, whose scale was brought to 0–5.",
        "1 criterion of the call's own rubric has no part in it: people alone judge it.",
    ]


def test_a_rubric_without_any_of_the_five_leaves_the_usual_weights() -> None:
    found = scoring.compute(scoring.Inputs(rubric=scoring.RubricInput(weights=(), version="x", own=3)))
    assert [line.criterion for line in found.lines] == list(scoring.WEIGHTS)


numbers = st.fractions(0, 5, max_denominator=4)


@given(st.lists(st.tuples(st.integers(1, 50), st.lists(numbers, min_size=1, max_size=4)), min_size=1, max_size=5))
def test_the_total_is_the_weighted_mean_of_the_means_exactly(criteria: list[tuple[int, list[Fraction]]]) -> None:
    scores: dict[str, Fraction | Decimal | None] = {}
    nodes = []
    for number, (weight, values) in enumerate(criteria):
        parts = tuple(CriterionNode(f"c{number}-{part}", "", "", Decimal(1)) for part in range(len(values)))
        scores |= dict(zip((part.code for part in parts), values, strict=True))
        nodes.append(CriterionNode(f"c{number}", "", "", Decimal(weight), children=parts))
    wanted = sum(weight * sum(values) / Fraction(len(values)) for weight, values in criteria)
    assert RubricTree(tuple(nodes)).total(scores) == wanted / sum(weight for weight, _values in criteria)
