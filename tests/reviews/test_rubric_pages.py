"""The pages on which rubrics are written: they work without JavaScript, and lose nothing that was typed."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, User
from core.translated import CODES
from grants.models import Call
from reviews.criteria import rubric_tree
from reviews.models import JudgingTerms, Rubric, RubricCriterion, RubricVersion
from reviews.services import rubrics
from tests.factories.accounts import ProgrammeFactory, person_with
from tests.factories.reviews import own_rubric
from tests.grants.counting import at_most
from tests.reviews.test_terms import TYPED

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]


@pytest.fixture
def version(programme: Programme, officer: User) -> RubricVersion:
    return rubrics.create_rubric(programme=programme, name={"en": "Ours"}, by=officer)


def page(name: str, *args: Any) -> str:
    return reverse(f"reviews:{name}", args=args)


def criterion_of(version: RubricVersion, code: str) -> RubricCriterion:
    return RubricCriterion.objects.get(version=version, code=code)


def typed(client: Client, criterion: RubricCriterion, **changes: str) -> dict[str, str]:
    """What the page of a criterion posts when nothing is changed but `changes`."""
    form = client.get(page("rubric_criterion_edit", criterion.pk)).context["form"]
    posted: dict[str, str] = {}
    for field in form:
        value = field.value()
        if hasattr(field.field, "fields"):
            posted |= {f"{field.name}_{code}": (value or {}).get(code, "") for code in CODES}
        else:
            posted[field.name] = "" if value is None else str(value)
    return posted | changes


def test_an_officer_makes_a_rubric_changes_it_and_publishes_it(client_for: Clients, officer: User) -> None:
    client = client_for(officer)
    made = client.post(page("rubric_create"), {"name_en": "Ours", "source": "standard", "kind": "own"})
    version = RubricVersion.objects.get()
    assert made["Location"] == page("rubric", version.pk)
    added = {"name_en": "Reach", "name_ar": "الوصول", "name_he": "היקף", "weight": "١٠", "anchor_0_en": "Nobody."}
    assert client.post(page("rubric_criterion_create", version.pk), added).status_code == 302
    shown = client.get(page("rubric", version.pk))
    assert "The weights sum to 110 %: 10 more than 100." in shown.content.decode()
    assert shown.content.decode().count("btn btn-primary") == 1
    refused = client.post(page("rubric_publish", version.pk), {"without_texts": "yes"})
    assert (refused.status_code, "10 more than 100" in refused.content.decode()) == (409, True)
    fields = {field.name: field.value() for field in shown.context["form"]}
    values = criterion_of(version, "values")
    weights = {name: "" if value is None else f"{value}" for name, value in fields.items()}
    client.post(page("rubric_weights", version.pk), weights | {f"weight_{values.pk.hex}": "15"})
    assert client.post(page("rubric_publish", version.pk)).status_code == 409
    published = client.post(page("rubric_publish", version.pk), {"without_texts": "yes"})
    assert published["Location"] == page("rubric", version.pk)
    version.refresh_from_db()
    tree = rubric_tree(version.pk)
    assert (version.published_by, [str(leaf.weight) for leaf in tree.leaves]) == (
        officer,
        ["15", "15", "25", "20", "15", "10"],
    )


def test_publishing_twice_fixes_it_once(
    client_for: Clients, officer: User, director: User, version: RubricVersion
) -> None:
    client_for(officer).post(page("rubric_publish", version.pk), {"without_texts": "yes"})
    first = RubricVersion.objects.get()
    again = client_for(director).post(page("rubric_publish", version.pk), {"without_texts": "yes"})
    assert again["Location"] == page("rubric", version.pk)
    assert RubricVersion.objects.values("published_at", "published_by").get() == {
        "published_at": first.published_at,
        "published_by": officer.pk,
    }


def test_what_a_colleague_saved_meanwhile_is_shown_beside_what_was_typed(
    client_for: Clients, officer: User, officer2: User, version: RubricVersion
) -> None:
    mine, theirs = client_for(officer), client_for(officer2)
    row = criterion_of(version, "values")
    at_first = typed(mine, row)
    theirs.post(page("rubric_criterion_edit", row.pk), at_first | {"name_en": "Their name"})
    answer = mine.post(page("rubric_criterion_edit", row.pk), at_first | {"anchor_3_en": "My anchor"})
    shown = answer.content.decode()
    assert (answer.status_code, "Their name" in shown, "My anchor" in shown) == (409, True, True)
    again = at_first | {"anchor_3_en": "My anchor", "stamp": answer.context["form"]["stamp"].value()}
    assert mine.post(page("rubric_criterion_edit", row.pk), again).status_code == 302
    assert row.anchors.get(level=3).words["en"] == "My anchor"


def test_weights_typed_against_older_ones_are_kept_on_the_page(
    client_for: Clients, officer: User, version: RubricVersion
) -> None:
    client = client_for(officer)
    row = criterion_of(version, "values")
    name = f"weight_{row.pk.hex}"
    stale = {name: "33.3333", "stamp": "of-yesterday"}
    answer = client.post(page("rubric_weights", version.pk), stale)
    assert (answer.status_code, answer.context["form"][name].value()) == (409, "33.3333")
    row.refresh_from_db()
    assert row.weight == 25


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weight": "120"}, "__all__"),
        ({"weight": "much"}, "weight"),
        ({"code": "political"}, "code"),
        ({"code": "Ünï"}, "code"),
        ({"linked": "political"}, "linked"),
        ({"name_en": "", "name_ar": "", "name_he": ""}, "name"),
        ({"anchor_9_en": "Beyond the scale."}, "__all__"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_stays_typed(
    client_for: Clients, officer: User, version: RubricVersion, changes: dict[str, str], field: str
) -> None:
    client = client_for(officer)
    row = criterion_of(version, "values")
    posted = typed(client, row, question_en="Typed just now?") | changes
    answer = client.post(page("rubric_criterion_edit", row.pk), posted)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Typed just now?" in answer.content.decode()
    assert all(text in answer.content.decode() for text in changes.values() if len(text) > 9)
    row.refresh_from_db()
    assert (row.code, row.weight) == ("values", Decimal(25))


@pytest.mark.parametrize(("step", "status"), [("2", 422), ("1e400", 422), ("0.5", 302)])
def test_a_step_that_does_not_divide_the_scale_is_refused(
    client_for: Clients, officer: User, version: RubricVersion, step: str, status: int
) -> None:
    posted = {"name_en": "Ours", "low": "0", "high": "5", "step": step, "stamp": rubrics.scale_stamp(version)}
    answer = client_for(officer).post(page("rubric_scale", version.pk), posted)
    assert answer.status_code == status
    if status == 422:
        assert list(answer.context["form"].errors) == ["step"]


def test_a_published_version_is_read_and_a_change_of_it_told_no(
    client_for: Clients, officer: User, version: RubricVersion
) -> None:
    client = client_for(officer)
    row = criterion_of(version, "values")
    posted = typed(client, row)
    rubrics.publish_version(version=version, by=officer, without_texts=True)
    assert "Save the weights" not in client.get(page("rubric", version.pk)).content.decode()
    for address in (page("rubric_criterion_edit", row.pk), page("rubric_scale", version.pk)):
        answer = client.post(address, posted)
        assert answer.status_code == 409
        assert "Make a new version of the rubric" in answer.content.decode()
    new = client.post(page("rubric_new_version", version.rubric_id))
    assert new["Location"] == page("rubric", RubricVersion.objects.get(number=2).pk)


def test_a_draft_is_thrown_away_after_asking(client_for: Clients, officer: User, version: RubricVersion) -> None:
    client = client_for(officer)
    assert "Throw this draft away?" in client.get(page("rubric_discard", version.pk)).content.decode()
    client.post(page("rubric_discard", version.pk))
    assert not Rubric.objects.exists()


def test_the_preview_shows_the_sheet_with_nested_criteria_and_anchors(
    client_for: Clients, officer: User, programme: Programme, version: RubricVersion
) -> None:
    client = client_for(officer)
    nested = client.get(page("rubric_preview", own_rubric(programme, officer).pk)).content.decode()
    assert [name in nested for name in ("The work", "The plan", "The people", "The need")] == [True] * 4
    assert nested.count("<select id=") == 3
    assert "Six months of cash or more." in client.get(page("rubric_preview", version.pk)).content.decode()


def test_a_rubric_of_another_programme_is_not_there(client_for: Clients, officer: User) -> None:
    other = ProgrammeFactory.create(slug="elsewhere")
    theirs = rubrics.create_rubric(programme=other, name={"en": "Hidden"}, by=person_with("officer", other))
    client = client_for(officer)
    assert client.get(page("rubric", theirs.pk)).status_code == 404
    assert "Hidden" not in client.get(page("rubrics")).content.decode()


def test_a_call_chooses_among_published_rubrics(
    client_for: Clients, officer: User, call: Call, version: RubricVersion
) -> None:
    client = client_for(officer)
    address = reverse("reviews:terms", args=[call.slug])
    assert client.post(address, TYPED | {"rubric_version": str(version.pk)}).status_code == 422
    rubrics.publish_version(version=version, by=officer, without_texts=True)
    assert client.post(address, TYPED | {"rubric_version": str(version.pk)}).status_code == 302
    assert JudgingTerms.objects.get(call=call).rubric_version == version
    assert "Ours, version 1" in client.get(address).content.decode()
    assert "used by 1 call" in client.get(page("rubrics")).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_at_one_and_at_thirty(
    client_for: Clients, officer: User, programme: Programme, rows: int
) -> None:
    client = client_for(officer)
    client.get(page("rubrics"))
    for number in range(rows):
        rubrics.create_rubric(programme=programme, name={"en": f"R {number}"}, by=officer, empty=True)
    with at_most(9):
        shown = client.get(page("rubrics")).content.decode()
    assert shown.count("Version 1") == rows


def test_a_page_of_a_rubric_costs_the_same_whatever_its_size(
    client_for: Clients, officer: User, programme: Programme, version: RubricVersion
) -> None:
    client = client_for(officer)
    for row in (version, own_rubric(programme, officer)):
        client.get(page("rubric", row.pk))
        with at_most(13):
            client.get(page("rubric", row.pk))
    assert criterion_of(version, "values").weight == Decimal(25)


def test_a_draft_that_cannot_be_published_says_what_is_missing_instead_of_offering_it(
    client_for: Clients, officer: User, version: RubricVersion
) -> None:
    def publish_links(shown: str) -> list[str]:
        return re.findall(r'<a class="btn (btn-[a-z-]+)" href="(?:[^"]*/publish/|#before-publishing)">', shown)

    client = client_for(officer)
    assert publish_links(client.get(page("rubric", version.pk)).text) == ["btn-primary"]
    added = {"name_en": "Reach", "name_ar": "الوصول", "name_he": "היקף", "weight": "10"}
    client.post(page("rubric_criterion_create", version.pk), added)
    shown = client.get(page("rubric", version.pk)).text
    assert publish_links(shown) == ["btn-outline-primary"]
    assert "Publish: 1 thing is missing" in shown
    assert 'id="before-publishing"' in shown


def test_the_terms_of_a_call_lead_to_its_rubric_and_back(
    client_for: Clients, officer: User, version: RubricVersion, call: Call
) -> None:
    rubrics.publish_version(version=version, by=officer, without_texts=True)
    client, terms = client_for(officer), reverse("reviews:terms", args=[call.slug])
    assert f'href="{page("rubrics")}"' in client.get(terms).text
    assert page("rubric", version.pk) not in client.get(terms).text
    JudgingTerms.objects.create(call=call, rubric_version=version)
    assert f'href="{page("rubric", version.pk)}"' in client.get(terms).text
    assert f'href="{terms}"' in client.get(page("rubric", version.pk)).text
