"""The pages on which forms and calls are written: who may open them, and that they work without JavaScript."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, User
from core.translated import Translated
from grants.choices import CallStatus, FormStatus
from grants.choices import QuestionKind as K
from grants.conditions import Condition
from grants.form_definitions.calls import write_calls
from grants.form_tree import form_tree
from grants.models import Call, FormVersion
from grants.services import forms
from tests.factories.accounts import ProgrammeFactory
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Clients = Callable[[User], Client]
MARKS = {"en": "", "ar": "ع ", "he": "ע "}


@pytest.fixture
def written(programme: Programme, at_time: Any) -> list[Call]:
    at_time(NOON)
    return write_calls(programme=programme, moment=NOON)


@pytest.fixture
def version(programme: Programme, officer: User) -> FormVersion:
    return forms.create_form(programme=programme, name=Translated(en="Orchard form"), by=officer)


def words(name: str, english: str) -> dict[str, str]:
    """What three inputs of one text post."""
    return {f"{name}_{code}": f"{mark}{english}" if english else "" for code, mark in MARKS.items()}


def rows(prefix: str, *found: dict[str, str]) -> dict[str, str]:
    """What a form set posts."""
    posted = {f"{prefix}-TOTAL_FORMS": str(len(found)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(found):
        posted |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return posted


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("officer", 200, 200), ("director", 200, 200), ("admin_user", 200, 200),
        ("auditor", 200, 403), ("finance", 200, 403), ("reviewer", 403, 403), ("applicant", 403, 403),
    ],
)  # fmt: skip
def test_pages_open_by_role(
    who: str, reads: int, writes: int, written: list[Call], request: pytest.FixtureRequest
) -> None:
    version: FormVersion = request.getfixturevalue("version")
    client = request.getfixturevalue("client_for")(request.getfixturevalue(who))
    slug = [written[0].slug]
    readable = [
        reverse("staff:calls"), reverse("staff:call_preview", args=slug), reverse("staff:forms"),
        reverse("staff:form_edit", args=[version.pk]), reverse("staff:form_preview", args=[version.pk]),
    ]  # fmt: skip
    writable = [
        reverse("staff:call_create"), reverse("staff:call_edit", args=slug), reverse("staff:call_close", args=slug),
        reverse("staff:form_create"), reverse("staff:form_section_create", args=[version.pk]),
        reverse("staff:form_publish", args=[version.pk]),
    ]  # fmt: skip
    assert [client.get(path).status_code for path in readable] == [reads] * len(readable)
    assert [client.get(path).status_code for path in writable] == [writes] * len(writable)


def test_another_programmes_calls_and_forms_do_not_exist(
    written: list[Call], version: FormVersion, client_for: Clients
) -> None:
    from accounts.choices import RoleName
    from tests.factories.accounts import person_with

    other = person_with(RoleName.OFFICER, ProgrammeFactory.create(), email="other@office.example")
    client = client_for(other)
    for path in (
        reverse("staff:call_preview", args=[written[0].slug]),
        reverse("staff:call_edit", args=[written[0].slug]),
        reverse("staff:form_edit", args=[version.pk]),
        reverse("staff:form_publish", args=[version.pk]),
    ):
        assert client.get(path).status_code == 404
    assert str(written[0].title) not in client.get(reverse("staff:calls")).text
    assert "Orchard form" not in client.get(reverse("staff:forms")).text


def test_a_visitor_is_led_to_sign_in(written: list[Call], client: Client) -> None:
    assert client.get(reverse("staff:calls")).status_code == 302


def test_a_form_is_built_previewed_and_published_on_the_pages(officer: User, client_for: Clients) -> None:
    client = client_for(officer)
    made = client.post(reverse("staff:form_create"), words("name", "Fresh form"))
    version = FormVersion.objects.get()
    assert made.headers["Location"] == reverse("staff:form_edit", args=[version.pk])
    client.post(
        reverse("staff:form_section_create", args=[version.pk]),
        {**words("title", "Needs"), **words("intro", ""), "minutes": "٧"},
    )
    section = version.sections.get()
    assert section.minutes == 7
    add = reverse("staff:form_question_create", args=[section.pk])
    assert client.get(f"{add}?kind=choice").status_code == 200
    assert client.get(f"{add}?kind=nonsense").status_code == 404
    client.post(
        add,
        {
            "kind": "choice", **words("label", "Colour"), "required": "on", "condition": "",
            **rows("rows", {**words("label", "Red"), "ORDER": "2"}, {**words("label", "Blue"), "ORDER": "1"}),
        },
    )  # fmt: skip
    colour = next(form_tree(version.pk).questions)
    assert [option.key for option in colour.options] == ["blue", "red"]
    table_made = client.post(
        add,
        {
            "kind": "table", **words("label", "Plan"), "required": "on", "condition": f"{colour.id}|is|red",
            "set_min_rows": "1", "set_max_rows": "5",
            **rows("rows", {**words("label", "Cost"), "kind": "money", "total": "on", "ORDER": "1"}),
        },
    )  # fmt: skip
    assert table_made.status_code == 302, table_made.context["form"].errors
    table = list(form_tree(version.pk).questions)[1]
    assert (table.settings["total"], table.conditions) == ("cost", (Condition(colour.id, "is", ("red",)),))
    client.post(reverse("staff:form_question_move", args=[table.id]), {"direction": "up"})
    assert [node.slug for node in form_tree(version.pk).questions] == ["colour", "plan"]
    assert "Colour" in client.get(reverse("staff:form_preview", args=[version.pk])).text
    client.post(reverse("staff:form_publish", args=[version.pk]))
    version.refresh_from_db()
    assert version.status == FormStatus.PUBLISHED
    assert client.get(reverse("staff:form_question_edit", args=[colour.id])).status_code == 409


@pytest.mark.parametrize("kind", [kind.value for kind in K])
def test_every_kind_can_be_added_and_saved_again(
    kind: str, version: FormVersion, officer: User, client_for: Clients
) -> None:
    section = forms.add_section(version=version, title={"en": "All"}, by=officer)
    client = client_for(officer)
    own = {
        "set_field": "mission", "set_most": "2", "set_past": "on", "set_future": "on", "set_min": "1", "set_max": "9",
        "set_places": "0", "set_currency": "", "set_min_rows": "0", "set_max_rows": "5", "set_follow_up_when": "no",
        **words("set_follow_up", "Why?"),
    }  # fmt: skip
    two = rows("rows", {**words("label", "One"), "kind": "number"}, {**words("label", "Two"), "kind": "month"})
    posted = {"kind": kind, **words("label", "Asked"), **words("help", "Help"), "condition": "", **own, **two}
    added = client.post(reverse("staff:form_question_create", args=[section.pk]), posted)
    assert added.status_code == 302, added.text
    node = next(form_tree(version.pk).questions)
    page = client.get(reverse("staff:form_question_edit", args=[node.id]))
    assert "Asked" in page.text
    stamp = page.context["form"]["stamp"].value()
    changed = {**posted, **words("label", "Asked again"), "stamp": stamp}
    assert client.post(reverse("staff:form_question_edit", args=[node.id]), changed).status_code == 302
    stale = client.post(reverse("staff:form_question_edit", args=[node.id]), changed)
    assert "A colleague has saved a newer text" in stale.text
    assert next(form_tree(version.pk).questions).label["en"] == "Asked again"
    assert client.post(reverse("staff:form_question_remove", args=[node.id])).status_code == 302
    assert list(form_tree(version.pk).questions) == []


def call_posted(version: FormVersion, **changes: str) -> dict[str, Any]:
    check = {**words("text", "Sure?"), "no_answer": "no", **words("explanation", "Be sure"), "ORDER": "1"}
    return {
        "kind": "open", "reference_prefix": "OR", **words("title", "Orchard call"), **words("summary", "Short"),
        **words("description", ""), **words("who_may_apply", "Gardeners"), "form_version": str(version.pk),
        "amount_min": "", "amount_max": "١٬٢٠٠", "currencies": ["USD"], "months_max": "", "time_zone": "Asia/Jerusalem",
        "opens_at": "", "closes_at": "2027-01-15T23:59", "grace_minutes": "0", "first_answer_hours": "48",
        "decision_working_days": "5", "payment_working_days": "10", "confidentiality": "standard",
        **rows("questions", check), **changes,
    }  # fmt: skip


def test_a_call_is_written_and_published_on_the_pages(written: list[Call], officer: User, client_for: Clients) -> None:
    client = client_for(officer)
    form_version = written[0].form_version
    assert form_version is not None
    made = client.post(reverse("staff:call_create"), call_posted(form_version))
    assert made.status_code == 302, made.text
    call = Call.objects.get(slug="orchard-call")
    assert (call.amount_max, call.closes_at) == (Decimal(1200), datetime(2027, 1, 15, 21, 59, tzinfo=UTC))
    assert call.eligibility_questions.get().no_answer == "no"
    publish = reverse("staff:call_publish", args=[call.slug])
    assert "Publish this call?" in client.get(publish).text
    assert Call.objects.get(pk=call.pk).status == CallStatus.DRAFT
    client.post(publish)
    assert Call.objects.get(pk=call.pk).status == CallStatus.PUBLISHED
    refused = client.post(reverse("staff:call_close", args=[call.slug]))
    assert "Write why the call is closed." in refused.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": "2027-03-26T02:30"}, "does not exist in Asia/Jerusalem"),
        ({"closes_at": "2027-10-31T01:30"}, "happens twice in Asia/Jerusalem"),
        ({"closes_at": "soon"}, "Write a day and a time"),
        ({"opens_at": "2027-02-01T00:00"}, "closes before it opens"),
        ({"amount_min": "2000"}, "less than the least"),
        ({"amount_max": "1e400"}, "digits only"),
        ({"reference_prefix": "x1"}, "two capital letters"),
        ({"grace_minutes": "9999"}, "from 0 to 1440"),
    ],
)
def test_a_wrong_call_says_what_to_mend_and_keeps_what_was_typed(
    changes: dict[str, str], sentence: str, written: list[Call], officer: User, client_for: Clients
) -> None:
    form_version = written[0].form_version
    assert form_version is not None
    page = client_for(officer).post(reverse("staff:call_create"), call_posted(form_version, **changes))
    assert sentence in page.text
    assert "Gardeners" in page.text
    assert not Call.objects.filter(slug="orchard-call").exists()


def test_lists_cost_the_same_for_one_and_for_thirty(
    written: list[Call], programme: Programme, officer: User, client_for: Clients
) -> None:
    client = client_for(officer)
    for name in ("staff:calls", "staff:forms"):
        client.get(reverse(name))
    for number in range(30):
        Call.objects.create(
            programme=programme, slug=f"more-{number}", kind="rapid", title=Translated(en=f"More {number}"),
            reference_prefix="MO", form_version=written[0].form_version, closes_at=NOON + timedelta(days=number + 1),
        )  # fmt: skip
        forms.create_form(programme=programme, name={"en": f"Form {number}"}, by=officer)
    for name in ("staff:calls", "staff:forms"):
        with at_most(12):
            assert client.get(reverse(name)).status_code == 200
