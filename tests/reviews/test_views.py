"""The tabs of judging: what they show, refuse and cost."""

import pytest
from django.core.cache import cache

from grants.choices import Status
from grants.models import Application, NamedReader
from organizations.models import Organization
from reviews.models import Decision, EligibilityReview, GateJudgement
from reviews.services import eligibility
from tests.factories.grants import made_restricted
from tests.factories.reviews import proposed, settle
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


def address(application: Application, tail: str) -> str:
    return f"/staff/applications/{application.reference}/{tail}"


def text(answer) -> str:
    return str(answer.content.decode())


def fields(**changes: str) -> dict[str, str]:
    """A whole proposal as the page sends it."""
    sent = {
        "kind": "approve",
        "amount": "900",
        "reason": "Strong and urgent.",
        "message_to_applicant": "Well done.",
        "conditions-TOTAL_FORMS": "2",
        "conditions-INITIAL_FORMS": "0",
        "conditions-0-text": "Send the accounts.",
        "conditions-0-due_on": "2027-03-01",
        "conditions-1-text": "",
        "conditions-1-due_on": "",
    }
    return sent | changes


def propose_by_page(client, application, **changes):
    """See the letter, then propose what was typed."""
    page = client.post(address(application, "decision/"), fields(step="preview", **changes))
    seen = page.context["letter_seen"]
    return client.post(address(application, "decision/"), fields(step="propose", letter_seen=seen, **changes))


@pytest.mark.usefixtures("director")
@pytest.mark.parametrize(("tail", "most"), [("eligibility/", 16), ("reviews/", 17), ("decision/", 19)])
def test_a_tab_costs_a_few_statements(tail, most, awaiting, officer, client_for):
    proposed(awaiting, officer)
    client = client_for(officer)
    client.get(address(awaiting, tail))
    with at_most(most):
        assert client.get(address(awaiting, tail)).status_code == 200


@pytest.mark.parametrize("tail", ["eligibility/", "reviews/", "decision/", "eligibility/fail/"])
def test_a_tab_in_every_language(tail, sent, officer, client_for):
    settle(sent, officer)
    client = client_for(officer)
    for language in ("en", "ar", "he"):
        client.cookies["django_language"] = language
        answer = client.get(address(sent, tail))
        assert answer.status_code == 200
        assert f'lang="{language}"' in text(answer)


@pytest.mark.parametrize("tail", ["eligibility/", "reviews/", "decision/", "review/"])
def test_a_restricted_application_looks_as_if_it_were_not_there(tail, sent, officer, director, client_for):
    made_restricted(sent)
    NamedReader.objects.create(application=sent, user=director, named_by=director)
    hidden, missing = (
        client_for(officer).get(address(sent, tail)),
        client_for(officer).get(f"/staff/applications/RR-0000-0000/{tail}"),
    )
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert client_for(director).get(address(sent, tail)).status_code == 200


@pytest.mark.parametrize("tail", ["eligibility/", "reviews/", "decision/"])
def test_an_applicant_does_not_learn_that_the_page_exists(tail, sent, owner, client_for):
    assert client_for(owner).get(address(sent, tail)).status_code == 403


def test_an_auditor_reads_and_changes_nothing(sent, auditor, client_for):
    client = client_for(auditor)
    assert client.get(address(sent, "eligibility/")).status_code == 200
    assert "Pass eligibility" not in text(client.get(address(sent, "eligibility/")))
    assert client.post(address(sent, "eligibility/pass/")).status_code == 403
    assert client.post(address(sent, "eligibility/run/")).status_code == 403


def test_pass_is_refused_with_its_sentence(sent, officer, client_for):
    answer = client_for(officer).post(address(sent, "eligibility/pass/"))
    assert answer.status_code == 409
    assert "The gates are not open yet" in text(answer)
    sent.refresh_from_db()
    assert sent.status == Status.SUBMITTED


def test_pass_by_button(sent, officer, client_for):
    settle(sent, officer)
    answer = client_for(officer).post(address(sent, "eligibility/pass/"))
    assert answer["Location"] == address(sent, "reviews/")
    again = client_for(officer).post(address(sent, "eligibility/pass/"))
    assert again.status_code == 409


def test_a_gate_judged_meanwhile_keeps_what_was_typed(sent, officer, officer2, client_for):
    eligibility.run_checks(application_id=sent.pk)
    eligibility.judge_gate(application=sent, criterion="values", outcome="pass", reason="Theirs.", by=officer2)
    typed = {"values-outcome": "needs_work", "values-reason": "Mine, typed", "values-seen": ""}
    answer = client_for(officer).post(address(sent, "eligibility/gate/values/"), typed)
    assert answer.status_code == 409
    assert "Mine, typed" in text(answer)
    assert "Theirs." in text(answer)
    assert GateJudgement.objects.get().reason == "Theirs."


def test_a_gate_without_a_reason_is_refused_at_its_field(sent, officer, client_for):
    typed = {"legal-outcome": "waived", "legal-reason": "", "legal-seen": ""}
    answer = client_for(officer).post(address(sent, "eligibility/gate/legal/"), typed)
    assert answer.status_code == 422
    assert "Write the reason." in text(answer)


def test_a_waiver_by_page(sent, officer, director, client_for):
    typed = {"legal-outcome": "waived", "legal-reason": "Banned unjustly.", "legal-seen": ""}
    client_for(officer).post(address(sent, "eligibility/gate/legal/"), typed)
    gate = GateJudgement.objects.get()
    own = client_for(officer).post(address(sent, f"eligibility/waiver/{gate.pk}/"))
    assert own.status_code == 409
    assert "you waived this gate yourself" in text(own)
    assert "Confirm the waiver" in text(client_for(director).get(address(sent, "eligibility/")))
    assert client_for(director).post(address(sent, f"eligibility/waiver/{gate.pk}/")).status_code == 302
    gate.refresh_from_db()
    assert gate.confirmed_by == director


def test_checks_by_button_and_overruling_by_page(sent, officer, client_for):
    client = client_for(officer)
    client.post(address(sent, "eligibility/run/"))
    assert EligibilityReview.objects.get(application=sent).checks.count() == 11
    refused = client.post(address(sent, "eligibility/check/budget/"), {"budget-outcome": "accepted", "budget-note": ""})
    assert refused.status_code == 422
    assert "Write a note that says why." in text(refused)
    assert client.post(address(sent, "eligibility/check/nonsense/"), {}).status_code == 404


def test_failing_wants_a_reason(sent, officer, client_for):
    assert client_for(officer).post(address(sent, "eligibility/fail/"), {"reason": ""}).status_code == 422
    answer = client_for(officer).post(address(sent, "eligibility/fail/"), {"reason": "Not a group at risk."})
    assert answer.status_code == 302
    sent.refresh_from_db()
    assert sent.status == Status.INELIGIBLE


def test_proposing_by_page_with_conditions(awaiting, officer, client_for):
    answer = propose_by_page(client_for(officer), awaiting, amount="٩٠٠")
    assert answer.status_code == 302
    decision = Decision.objects.get()
    assert (str(decision.amount), [row.text for row in decision.conditions.all()]) == ("900.00", ["Send the accounts."])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "1e400"}, "Write a number with digits only"),
        ({"amount": "1001"}, "The amount is more than was asked."),
        ({"amount": ""}, "Write the amount to approve."),
        ({"kind": "decline", "message_to_applicant": ""}, "Write to the applicant why it is declined"),
        ({"conditions-0-text": "", "conditions-0-due_on": "2027-03-01"}, "A condition needs a text."),
    ],
)
def test_a_proposal_that_cannot_stand_keeps_what_was_typed(changes, sentence, awaiting, officer, client_for):
    answer = client_for(officer).post(address(awaiting, "decision/"), fields(**changes))
    assert answer.status_code in (409, 422)
    assert sentence in text(answer)
    assert "Strong and urgent." in text(answer)
    assert not Decision.objects.exists()


def test_the_second_officer_keeps_the_text_and_reads_why(awaiting, officer, officer2, client_for):
    proposed(awaiting, officer)
    answer = propose_by_page(client_for(officer2), awaiting, reason="Typed by the second")
    assert answer.status_code == 409
    assert "A colleague has proposed a decision meanwhile." in text(answer)
    assert "Typed by the second" in text(answer)
    assert Decision.objects.count() == 1


def test_a_director_approves_by_page_and_the_second_reads_why(awaiting, officer, director, director2, client_for):
    decision = proposed(awaiting, officer)
    approve = address(awaiting, f"decision/{decision.pk}/approve/")
    assert "Approve this decision" in text(client_for(director).get(address(awaiting, "decision/")))
    assert client_for(officer).post(approve).status_code == 403
    assert client_for(director).post(approve).status_code == 409  # without having read the letter
    page = client_for(director).get(address(awaiting, "decision/"))
    seen = {"letter_seen": page.context["proposal_letter_seen"]}
    assert client_for(director).post(approve, seen).status_code == 302
    late = client_for(director2).post(approve, seen)
    assert late.status_code == 409
    assert "A colleague has already settled this proposal." in text(late)


def test_a_director_who_proposed_reads_why_not(awaiting, programme, director, client_for):
    from accounts.choices import RoleName
    from tests.factories.accounts import RoleFactory

    RoleFactory.create(user=director, programme=programme, name=RoleName.OFFICER)
    decision = proposed(awaiting, director)
    client = client_for(director)
    page = text(client.get(address(awaiting, "decision/")))
    assert "Another director must approve it." in page
    assert "Approve this decision" not in page
    assert client.post(address(awaiting, f"decision/{decision.pk}/approve/")).status_code == 409


def test_returning_by_page(awaiting, officer, director, client_for):
    decision = proposed(awaiting, officer)
    back = address(awaiting, f"decision/{decision.pk}/return/")
    assert client_for(director).post(back, {"reason": ""}).status_code == 422
    assert client_for(director).post(back, {"reason": "Ask for less."}).status_code == 302
    assert "Ask for less." in text(client_for(officer).get(address(awaiting, "decision/")))


def test_reopening_by_page(sent, officer, director, client_for):
    eligibility.fail_eligibility(application=sent, by=officer, reason="No.")
    assert client_for(officer).get(address(sent, "decision/reopen/")).status_code == 403
    assert client_for(director).post(address(sent, "decision/reopen/"), {"reason": "New facts."}).status_code == 302
    sent.refresh_from_db()
    assert sent.status == Status.SUBMITTED


def test_the_letter_is_previewed_in_every_language(awaiting, officer, client_for):
    decision = proposed(awaiting, officer)
    for language, direction in (("en", "ltr"), ("ar", "rtl"), ("he", "rtl")):
        page = text(client_for(officer).get(address(awaiting, f"decision/{decision.pk}/letter/?language={language}")))
        assert f'lang="{language}" dir="{direction}"' in page
        assert "Well done." in page


def test_the_list_of_decisions_shows_only_what_may_be_read(awaiting, officer, officer2, director, client_for):
    proposed(awaiting, officer)
    assert awaiting.title in text(client_for(director).get("/staff/decisions/"))
    made_restricted(awaiting)
    NamedReader.objects.create(application=awaiting, user=director, named_by=director)
    assert awaiting.reference in text(client_for(director).get("/staff/decisions/"))
    hidden = text(client_for(officer2).get("/staff/decisions/"))
    assert awaiting.reference not in hidden
    assert awaiting.title not in hidden


def test_the_list_of_decisions_costs_the_same_for_one_and_for_many(awaiting, officer, director, client_for):
    decision = proposed(awaiting, officer)
    cache.clear()
    client = client_for(director)
    client.get("/staff/decisions/")
    with at_most(9):
        client.get("/staff/decisions/")
    for number in range(30):
        copy = Application.objects.get(pk=awaiting.pk)
        copy.pk, copy.reference, copy._state.adding = None, f"ZZ-0000-{number:04}", True
        copy.organization = Organization.objects.get(pk=awaiting.organization_id)
        copy.save(force_insert=True)
        other = Decision.objects.get(pk=decision.pk)
        other.pk, other.application, other._state.adding = None, copy, True
        other.save(force_insert=True)
    with at_most(9):
        assert len(client.get("/staff/decisions/").context["waiting"]) == 31
