"""Eligibility: each automatic check, human checks, gates, passing and failing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import InboxItem
from core.errors import DomainError, NotPermitted, SamePerson, StaleVersion
from core.registry import automatic_checks
from grants.choices import Status
from grants.models import Application, ApplicationEvent
from organizations.choices import LegalStatus, Registry
from organizations.models import Registration
from reviews.choices import Criterion, GateOutcome, HumanCheck
from reviews.explain import check_label, check_sentence
from reviews.models import EligibilityReview, GateJudgement
from reviews.services import decisions
from reviews.services import eligibility as service
from tests.factories.diligence import possible_duplicate
from tests.factories.grants import made_restricted, member, partner, submitted
from tests.factories.reviews import passed, settle

pytestmark = pytest.mark.django_db


def found(application: Application, code: str) -> tuple[str, str]:
    """Outcome and evidence of one check, run now."""
    result = automatic_checks.get(code).run(Application.objects.get(pk=application.pk))
    return str(result.outcome), result.evidence


def change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


# ---- the automatic checks -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "currency", "expected"),
    [
        ("1000", "USD", ("pass", "within")),
        ("25000", "USD", ("pass", "within")),
        ("25000.01", "USD", ("fail", "too_much")),
        ("499", "USD", ("fail", "too_little")),
        ("0", "USD", ("fail", "nothing")),
        ("1000", "ILS", ("look", "other_currency")),
        ("1000", "EUR", ("fail", "currency")),
    ],
)
def test_limits(sent, asked, currency, expected):
    change(sent, amount_asked=Decimal(asked), currency=currency)
    assert found(sent, "limits") == expected


def test_no_limits(sent):
    change(sent.call, amount_min=None, amount_max=None)
    assert found(sent, "limits") == ("pass", "no_limits")


def test_completeness(sent):
    assert found(sent, "completeness") == ("pass", "complete")
    sent.answers.all().delete()
    assert found(sent, "completeness")[0] == "fail"


@pytest.mark.parametrize(
    ("status", "required", "expected"),
    [
        (LegalStatus.UNREGISTERED, False, ("pass", "none_needed")),
        (LegalStatus.UNREGISTERED, True, ("fail", "none_required")),
        (LegalStatus.UNKNOWN, False, ("look", "none_needed")),
        (LegalStatus.HOSTED, True, ("look", "hosted")),
        (LegalStatus.CONTESTED, True, ("look", "contested")),
        (LegalStatus.CONTESTED, False, ("look", "contested")),
    ],
)
def test_registration_by_legal_status(sent, status, required, expected):
    change(sent.call, registration_required=required)
    change(sent.organization, legal_status=status)
    assert found(sent, "registration") == expected


@pytest.mark.parametrize(
    ("days", "required", "expected"),
    [
        (-1, False, ("look", "expired")),
        (-1, True, ("fail", "expired")),
        (30, False, ("look", "expires_during")),
        (3000, False, ("pass", "valid_until")),
        (None, False, ("pass", "valid")),
    ],
)
def test_registration_by_its_end(sent, officer, days, required, expected):
    change(sent.call, registration_required=required)
    change(sent, starts_on=timezone.localdate(), months=6)
    change(sent.organization, legal_status=LegalStatus.REGISTERED)
    end = None if days is None else timezone.localdate() + timedelta(days=days)
    Registration.objects.create(
        organization=sent.organization,
        registry=Registry.FOREIGN,
        number="12",
        expires_on=end,
        verified_by=officer,
        verified_at=timezone.now(),
    )
    assert found(sent, "registration") == expected


def test_an_unverified_registration_is_to_be_looked_at(sent):
    change(sent.organization, legal_status=LegalStatus.REGISTERED)
    Registration.objects.create(organization=sent.organization, registry=Registry.FOREIGN, number="12")
    assert found(sent, "registration") == ("look", "unverified")


def test_budget(sent):
    assert found(sent, "budget") == ("pass", "adds_up")
    change(sent, amount_asked=Decimal(999))
    assert found(sent, "budget") == ("fail", "sum_wrong")
    sent.budget_lines.update(asked=Decimal(1))
    assert found(sent, "budget") == ("fail", "lines_wrong")
    sent.budget_lines.all().delete()
    assert found(sent, "budget") == ("fail", "no_lines")


def test_dates(sent):
    assert found(sent, "dates")[0] == "pass"
    change(sent, months=7)
    assert found(sent, "dates") == ("fail", "too_long")
    change(sent, months=3, starts_on=date(2020, 1, 1))
    assert found(sent, "dates") == ("look", "before_submission")
    change(sent, starts_on=None)
    assert found(sent, "dates") == ("look", "not_given")


def test_other_applications_of_theirs(sent, another):
    assert found(sent, "previous") == ("look", "others")
    change(another, status=Status.DECLINED)
    assert found(sent, "previous") == ("pass", "none")


def test_a_restricted_application_of_theirs_is_not_given_away(sent, another):
    made_restricted(another)
    assert found(sent, "previous") == ("pass", "none")


def test_an_open_duplicate_is_to_be_looked_at(sent, programme):
    possible_duplicate(sent.organization, partner(programme, name="Tamarisk Circle Two"))
    assert found(sent, "duplicates") == ("look", "open")


def test_every_check_explains_itself(sent, officer, in_language):
    review = service.run_checks(application_id=sent.pk)
    assert review is not None
    assert set(review.checks.values_list("code", flat=True)) == {*automatic_checks.names(), *HumanCheck.values}
    for language in ("en", "ar", "he"):
        with in_language(language):
            for check in review.checks.filter(automatic=True):
                assert check_label(check.code)
                assert check_sentence(check.code, check.evidence)


def test_every_sentence_takes_what_its_check_names():
    names = ("asked", "least", "most", "currencies", "count", "total", "months", "references")
    params = dict.fromkeys(names, "7") | dict.fromkeys(("until_on", "ends_on", "starts_on"), "2026-11-23")
    for rule in automatic_checks:
        for code in rule.sentences:
            assert "%(" not in check_sentence(rule.code, {"code": code, "params": params})


# ---- people settle, overrule, pass and fail -------------------------------------------------------------------------
def test_an_overruled_check_stays_overruled_until_the_rule_finds_something_else(sent, officer):
    change(sent, amount_asked=Decimal(999))
    service.run_checks(application_id=sent.pk)
    service.set_check(application=sent, code="budget", outcome="accepted", note="One dollar.", by=officer)
    service.run_checks(application_id=sent.pk)
    assert sent.eligibility.checks.get(code="budget").outcome == "accepted"
    change(sent, amount_asked=Decimal(998))
    service.run_checks(application_id=sent.pk)
    check = sent.eligibility.checks.get(code="budget")
    assert (check.outcome, check.note, check.decided_by) == ("fail", "", None)


def test_overruling_needs_a_note(sent, officer):
    service.run_checks(application_id=sent.pk)
    with pytest.raises(service.NoteNeeded):
        service.set_check(application=sent, code="budget", outcome="accepted", note=" ", by=officer)


def test_a_failed_check_blocks_until_a_person_accepts_it(sent, officer):
    settle(sent, officer)
    change(sent, amount_asked=Decimal(999))
    service.run_checks(application_id=sent.pk)
    with pytest.raises(service.ChecksNotSettled):
        service.pass_eligibility(application=sent, by=officer)
    service.set_check(application=sent, code="budget", outcome="accepted", note="One dollar.", by=officer)
    assert service.pass_eligibility(application=sent, by=officer).status == Status.IN_REVIEW


def test_an_open_human_check_blocks(sent, officer):
    settle(sent, officer)
    service.set_check(application=sent, code=HumanCheck.IDENTITY, outcome="open", note="", by=officer)
    with pytest.raises(service.ChecksNotSettled):
        service.pass_eligibility(application=sent, by=officer)


@pytest.mark.parametrize("outcome", ["needs_work", "waived"])
def test_a_gate_that_is_not_open_blocks(sent, officer, outcome):
    settle(sent, officer)
    seen = GateJudgement.objects.get(application=sent, criterion="legal").pk
    service.judge_gate(application=sent, criterion="legal", outcome=outcome, reason="Unclear.", by=officer, seen=seen)
    with pytest.raises(service.GateNotOpen) as caught:
        service.pass_eligibility(application=sent, by=officer)
    assert "values and legal status" in str(caught.value)


def test_a_gate_that_nobody_judged_blocks(sent, officer):
    settle(sent, officer)
    GateJudgement.objects.filter(criterion="values").delete()
    with pytest.raises(service.GateNotOpen):
        service.pass_eligibility(application=sent, by=officer)


def test_a_waiver_needs_a_second_person(sent, officer, officer2, director):
    settle(sent, officer)
    seen = service.gates_of(sent)["legal"].pk
    gate = service.judge_gate(
        application=sent, criterion="legal", outcome="waived", reason="Banned unjustly.", by=officer, seen=seen
    )
    assert InboxItem.objects.filter(user=director, event=f"waived:{gate.pk}").count() == 1
    with pytest.raises(SamePerson) as caught:
        service.confirm_waiver(application=sent, gate_id=gate.pk, by=officer)
    assert "second person" in str(caught.value)
    service.confirm_waiver(application=sent, gate_id=gate.pk, by=director)
    service.confirm_waiver(application=sent, gate_id=gate.pk, by=officer2)
    gate.refresh_from_db()
    assert gate.confirmed_by == director
    assert service.pass_eligibility(application=sent, by=officer).status == Status.IN_REVIEW


def test_a_new_judgement_keeps_the_old_one_and_needs_a_new_confirmation(sent, officer, director):
    service.run_checks(application_id=sent.pk)
    first = service.judge_gate(application=sent, criterion="values", outcome="waived", reason="A.", by=officer)
    service.confirm_waiver(application=sent, gate_id=first.pk, by=director)
    second = service.judge_gate(
        application=sent, criterion="values", outcome="waived", reason="B.", by=officer, seen=first.pk
    )
    assert second.confirmed_by is None
    assert GateJudgement.objects.filter(application=sent, criterion="values").count() == 2


def test_a_gate_judged_meanwhile_is_not_overwritten_in_silence(sent, officer, officer2):
    service.run_checks(application_id=sent.pk)
    service.judge_gate(application=sent, criterion="values", outcome="pass", reason="", by=officer2)
    with pytest.raises(StaleVersion):
        service.judge_gate(application=sent, criterion="values", outcome="needs_work", reason="No.", by=officer)


def test_a_gate_that_does_not_simply_pass_needs_a_reason(sent, officer):
    for outcome in (GateOutcome.NEEDS_WORK, GateOutcome.NOT_APPLICABLE, GateOutcome.WAIVED):
        with pytest.raises(service.ReasonNeeded):
            service.judge_gate(application=sent, criterion=Criterion.LEGAL, outcome=outcome, reason="", by=officer)


def test_passing_tells_the_applicant_and_says_who(sent, officer, owner):
    passed(sent, officer)
    event = ApplicationEvent.objects.get(application=sent, kind="pass_eligibility")
    assert event.actor == officer
    assert InboxItem.objects.filter(user=owner, event=f"moved:{event.pk}").count() == 1


def test_a_call_without_review_goes_straight_to_decision(sent, officer):
    change(sent.call, needs_review=False)
    assert passed(sent, officer).status == Status.AWAITING_DECISION


def test_failing_needs_a_reason_which_the_applicant_may_read(sent, officer):
    with pytest.raises(service.ReasonNeeded):
        service.fail_eligibility(application=sent, by=officer, reason="  ")
    service.fail_eligibility(application=sent, by=officer, reason="The call is for groups at risk.")
    sent.refresh_from_db()
    event = ApplicationEvent.objects.get(application=sent, kind="fail_eligibility")
    assert (sent.status, event.for_applicant) == (Status.INELIGIBLE, True)
    assert sent.eligibility.reason_for_applicant == "The call is for groups at risk."


def test_passing_twice_is_refused_with_a_sentence(sent, officer, officer2):
    passed(sent, officer)
    with pytest.raises(service.EligibilityClosed):
        service.pass_eligibility(application=sent, by=officer2)


def test_a_reopened_application_is_judged_anew(sent, officer, director):
    service.fail_eligibility(application=sent, by=officer, reason="No.")
    decisions.reopen(application=sent, by=director, reason="We misread it.")
    review = EligibilityReview.objects.get(application=sent)
    service.run_checks(application_id=sent.pk)
    review.refresh_from_db()
    assert (review.closed_at, review.passed) == (None, None)


@pytest.mark.parametrize("role", ["director", "reviewer", "auditor", "finance", "owner"])
def test_only_officers_judge(role, sent, officer, request):
    settle(sent, officer)
    with pytest.raises(NotPermitted):
        service.pass_eligibility(application=sent, by=request.getfixturevalue(role))


def test_an_officer_of_another_programme_does_not_judge(sent, officer):
    from accounts.choices import RoleName
    from tests.factories.accounts import ProgrammeFactory, person_with

    elsewhere = person_with(RoleName.OFFICER, ProgrammeFactory.create())
    with pytest.raises(NotPermitted):
        service.fail_eligibility(application=sent, by=elsewhere, reason="No.")


def test_checks_of_what_is_gone_or_decided_do_nothing(sent, officer):
    service.fail_eligibility(application=sent, by=officer, reason="No.")
    assert service.run_checks(application_id=sent.pk) is None
    assert service.run_checks(application_id="00000000-0000-4000-8000-000000000000") is None


def test_an_unknown_outcome_is_refused(sent, officer):
    service.run_checks(application_id=sent.pk)
    with pytest.raises(DomainError):
        service.set_check(application=sent, code="budget", outcome="pass", note="x", by=officer)


def test_another_partner_changes_nothing(sent, call, programme):
    other = partner(programme, name="Cedar Bench")
    submitted(call, other, member(other))
    assert found(sent, "previous") == ("pass", "none")
