"""Public pages: readable by anybody, and silent about what is not public."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, User
from core.translated import Translated
from grants.choices import CallKind, CallStatus
from grants.eligibility_check import outcome
from grants.form_definitions.calls import write_calls
from grants.form_tree import form_tree
from grants.models import Application, Call
from grants.public_figures import public_figures
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def published(programme: Programme, at_time: Any) -> list[Call]:
    at_time(NOON)
    return write_calls(programme=programme, moment=NOON)


def pages(call: Call) -> list[str]:
    slug = [call.slug]
    return [
        "/", "/calls/", "/check/", "/how-we-decide/", "/privacy/", reverse("public:call", args=slug),
        reverse("public:call_questions", args=slug), reverse("public:eligibility", args=slug),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_public_page_opens_without_account_or_session(
    language: str, published: list[Call], client: Client
) -> None:
    form_tree(published[1].form_version_id)  # type: ignore[arg-type] # published calls have one
    for path in pages(published[1]):
        with at_most(6):
            response = client.get(path, headers={"accept-language": language})
        assert response.status_code == 200
        assert "sessionid" not in response.cookies
        assert f'lang="{language}"' in response.text


def test_the_front_page_opens_before_there_is_a_programme(db: None, client: Client) -> None:
    assert "No call is open now" in client.get("/").text


def test_a_page_of_thirty_calls_costs_no_more_than_one_of_one(
    published: list[Call], programme: Programme, client: Client
) -> None:
    for number in range(30):
        Call.objects.create(
            programme=programme, slug=f"more-{number}", kind=CallKind.RAPID, status=CallStatus.PUBLISHED,
            title=Translated(en=f"More {number}"), reference_prefix="MO", form_version=published[0].form_version,
            amount_max=5, who_may_apply=Translated(en="All"),
        )  # fmt: skip
    for path in ("/", "/calls/", "/check/"):
        with at_most(4):
            assert client.get(path).status_code == 200


def test_a_draft_call_is_nowhere(published: list[Call], programme: Programme, client: Client) -> None:
    draft = Call.objects.create(
        programme=programme, slug="hidden-orchard", kind=CallKind.RAPID, title=Translated(en="Hidden orchard"),
        reference_prefix="HO", form_version=published[0].form_version,
    )  # fmt: skip
    for name in ("call", "call_questions", "eligibility"):
        assert client.get(reverse(f"public:{name}", args=[draft.slug])).status_code == 404
    assert client.post(reverse("public:eligibility", args=[draft.slug])).status_code == 404
    for path in ("/", "/calls/", "/check/"):
        assert "idden orchard" not in client.get(path).text


def test_a_call_by_invitation_is_in_no_list(published: list[Call], client: Client) -> None:
    Call.objects.filter(pk=published[0].pk).update(kind=CallKind.INVITED, title=Translated(en="Quiet call"))
    for path in ("/", "/calls/", "/check/"):
        assert "Quiet call" not in client.get(path).text


def test_nothing_of_applicants_shows(call: Call, sent: Application, owner: User, client: Client) -> None:
    secrets = [sent.reference, sent.title, "Tamarisk", "hidden orchard", owner.email, owner.display_name]
    for path in pages(call):
        page = client.get(path).text
        assert [secret for secret in secrets if secret in page] == []


def test_figures_are_left_out_until_there_are_enough(call: Call, sent: Application, at_time: Any) -> None:
    figures = public_figures(call.programme_id, datetime.now(UTC))
    assert (figures.median_days_to_decision, figures.groups_funded) == (None, None)


def test_the_page_of_a_call_says_money_deadline_and_promises(published: list[Call], client: Client) -> None:
    page = client.get(reverse("public:call", args=["core-support-2027"])).text
    for words in (
        "30,000 to 120,000 (USD or EUR)",
        "15 January 2027, 23:59, Jerusalem time (UTC+02:00)",
        "within 30 working days",
        "within 5 days",
        "about 145 minutes",
        "Start an application",
    ):
        assert words in page


def test_a_closed_call_offers_no_start(published: list[Call], client: Client, at_time: Any) -> None:
    at_time(NOON + timedelta(days=90))
    page = client.get(reverse("public:call", args=["core-support-2027"])).text
    assert "Start an application" not in page
    assert "takes no more applications" in page


def test_every_question_is_on_the_page_to_print(published: list[Call], client: Client) -> None:
    call = published[1]
    page = client.get(reverse("public:call_questions", args=[call.slug])).text
    assert call.form_version_id is not None
    for question in form_tree(call.form_version_id).questions:
        assert str(question.label).replace("'", "&#x27;") in page
    assert "at most 300 words" in page
    assert "other money for this period?” is “Yes”." in page


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (("yes", "yes", "no", "yes", "no"), "Yes, you can apply"),
        (("no", "yes", "no", "yes", "no"), "No, this call is not for you"),
        (("yes", "no", "no", "yes", "no"), "Ask us before you start"),
        (("no", "no", "no", "yes", "no"), "No, this call is not for you"),
        (("yes", "yes", "no", "yes", ""), "Answer every question"),
    ],
)
def test_the_check_says_yes_no_or_ask_and_keeps_nothing(
    answers: tuple[str, ...], words: str, published: list[Call], client: Client
) -> None:
    posted = {f"q{number}": answer for number, answer in enumerate(answers, start=1) if answer}
    with at_most(3):
        response = Client(enforce_csrf_checks=True).post(reverse("public:eligibility", args=["rapid-response"]), posted)
    assert words in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert "sessionid" not in response.cookies
    assert client.get(reverse("public:eligibility", args=["rapid-response"])).text.count("checked") == 0


def test_a_no_explains_itself(published: list[Call], client: Client) -> None:
    posted = {"q1": "yes", "q2": "yes", "q3": "yes", "q4": "yes", "q5": "no"}
    page = client.post(reverse("public:eligibility", args=["rapid-response"]), posted).text
    assert "We only fund work that respects the human rights of everyone, without violence." in page


def test_the_check_without_questions_says_nothing(call: Call, client: Client) -> None:
    assert outcome([], {}) is not None
    assert "no questions to check" in client.get(reverse("public:eligibility", args=[call.slug])).text
