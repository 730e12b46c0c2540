"""Eligibility: automatic and human checks, the two gates, passing and failing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services.notices import notify
from core.errors import DomainError, NotPermitted, SamePerson, StaleVersion, TransitionNotAllowed
from core.prepared import prepared
from core.registry import CheckResult, automatic_checks
from grants.choices import Status
from grants.models import Application
from grants.services.moves import lock, move
from grants.workflow import FAIL, PASS_TO_DECISION, PASS_TO_REVIEW
from reviews.choices import GATES, CheckOutcome, GateOutcome, HumanCheck
from reviews.letters import ineligible_letters
from reviews.models import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.readers import directors_of

TOPIC = "eligibility"


class NoteNeeded(DomainError):
    """A person overruled a check, or found one failed, without saying why."""

    sentence = _("Write a note that says why.")


class ReasonNeeded(DomainError):
    """A gate needs work or is waived, or an application fails, without a reason."""

    sentence = _("Write the reason.")


class GateNotOpen(DomainError):
    """One of the two gates does not let the application through."""

    sentence = _("The gates are not open yet: judge values and legal status first.")


class ChecksNotSettled(DomainError):
    """A check failed or is still open, and nobody has accepted it."""

    sentence = _("Some checks are still open or have failed. Settle them, or accept them with a note.")


class EligibilityClosed(DomainError):
    """Eligibility has been judged; only a reopened application is judged again."""

    sentence = _("Eligibility of this application is not being judged now.")


def _locked_for_judging(
    application: Application, by: Any, permission: str = "reviews.judge_eligibility"
) -> tuple[Application, EligibilityReview]:
    """The locked application and its open review; refuses who may not judge and what is not being judged."""
    application = lock(application)
    if not by.has_perm(permission, application):
        raise NotPermitted
    if application.status != Status.SUBMITTED:
        raise EligibilityClosed
    return application, open_review(application=application)


@transaction.atomic
def open_review(*, application: Application) -> EligibilityReview:
    """The review of an application, opened with its human checks when there is none. A review that was closed is opened
    again when the application is back to be judged.
    """
    review, made = EligibilityReview.objects.get_or_create(application=application)
    review.application = application
    if made:
        EligibilityCheck.objects.bulk_create(
            [EligibilityCheck(review=review, code=code, automatic=False) for code in HumanCheck.values]
        )
    if review.closed_at is not None and application.status == Status.SUBMITTED:
        review.closed_at = review.closed_by = review.passed = None
        review.reason_for_applicant = ""
        review.version += 1
        review.save()
    return review


@transaction.atomic
def run_checks(*, application_id: Any, codes: Iterable[str] | None = None) -> EligibilityReview | None:
    """Run every automatic check (or those named) and keep what each found; safe to repeat. None when the application is
    gone or is not being judged. A person's overruling holds until a check finds something else.
    """
    application = Application.objects.filter(pk=application_id).first()
    if application is None:
        return None
    application = lock(application)
    if application.status not in (Status.SUBMITTED, Status.WAITING):
        return None
    review = open_review(application=application)
    known = {check.code: check for check in review.checks.filter(automatic=True)}
    wanted = set(automatic_checks.names() if codes is None else codes)
    for rule in automatic_checks:
        if rule.code in wanted:
            _keep(review, known.get(rule.code), rule.code, rule.run(application))
    review.checked_at = timezone.now()
    review.save(update_fields=["checked_at"])
    return review


def _keep(review: EligibilityReview, check: EligibilityCheck | None, code: str, found: CheckResult) -> None:
    evidence = {"code": found.evidence, "params": dict(found.params), "found": str(found.outcome)}
    if check is None:
        EligibilityCheck.objects.create(review=review, code=code, outcome=found.outcome, evidence=evidence)
        return
    if check.evidence == evidence:
        return
    check.outcome, check.evidence, check.note = found.outcome, evidence, ""
    check.decided_by = check.decided_at = None
    check.save()


@transaction.atomic
def set_check(*, application: Application, code: str, outcome: str, note: str, by: Any) -> EligibilityCheck:
    """A person settles a human check, or overrules an automatic one (`accepted`, with a note; `open` takes it back)."""
    _application, review = _locked_for_judging(application, by)
    check = review.checks.filter(code=code).first()
    if check is None:
        raise DomainError
    allowed = (
        {CheckOutcome.ACCEPTED, CheckOutcome.FAIL, CheckOutcome.OPEN}
        if check.automatic
        else {CheckOutcome.PASS, CheckOutcome.LOOK, CheckOutcome.FAIL, CheckOutcome.OPEN}
    )
    if outcome not in allowed:
        raise DomainError
    note = note.strip()
    if not note and outcome in (CheckOutcome.ACCEPTED, CheckOutcome.FAIL, CheckOutcome.LOOK):
        raise NoteNeeded
    if outcome == CheckOutcome.OPEN:
        check.outcome = check.evidence.get("found", CheckOutcome.OPEN) if check.automatic else CheckOutcome.OPEN
        check.note, check.decided_by, check.decided_at = note, None, None
    else:
        check.outcome, check.note, check.decided_by, check.decided_at = outcome, note, by, timezone.now()
    check.save(update_fields=["outcome", "note", "decided_by", "decided_at"])
    return check


@transaction.atomic
def judge_gate(
    *, application: Application, criterion: str, outcome: str, reason: str, by: Any, seen: Any = None
) -> GateJudgement:
    """Judge values or legal status. What was judged before stays on record. `seen` is the id of the judgement that the
    page showed (None: none); a newer one is not overwritten in silence.

    Raises:
        ReasonNeeded: needs work, does not apply and waived want a reason.
        StaleVersion: somebody judged it meanwhile.
    """
    if criterion not in GATES or outcome not in GateOutcome.values:
        raise DomainError
    application, _review = _locked_for_judging(application, by)
    reason = reason.strip()
    if outcome != GateOutcome.PASS and not reason:
        raise ReasonNeeded
    present = application.gates.filter(criterion=criterion, superseded_at__isnull=True).first()
    if str(present.pk if present else "") != str(seen or ""):
        raise StaleVersion
    now = timezone.now()
    if present is not None:
        if (present.outcome, present.reason) == (outcome, reason):
            return present
        present.superseded_at = now
        present.save(update_fields=["superseded_at"])
    gate = GateJudgement.objects.create(
        application=application, criterion=criterion, outcome=outcome, reason=reason, judged_by=by, judged_at=now
    )
    if outcome == GateOutcome.WAIVED:
        notify(
            event=f"waived:{gate.pk}",
            users=[person for person in directors_of(application) if person.pk != by.pk],
            kind="reviews.waiver",
            params={"reference": application.reference},
            restricted=application.is_restricted,
        )
    return gate


@transaction.atomic
def confirm_waiver(*, application: Application, gate_id: Any, by: Any) -> GateJudgement:
    """A second person confirms that a gate is waived; confirming twice changes nothing."""
    application, _review = _locked_for_judging(application, by, "reviews.confirm_waiver")
    gate = application.gates.filter(pk=gate_id, superseded_at__isnull=True).first()
    if gate is None or gate.outcome != GateOutcome.WAIVED:
        raise TransitionNotAllowed
    if gate.judged_by_id == by.pk:
        raise SamePerson(_("A waiver needs a second person: you waived this gate yourself."))
    if gate.confirmed_at is None:
        gate.confirmed_by, gate.confirmed_at = by, timezone.now()
        gate.save(update_fields=["confirmed_by", "confirmed_at"])
    return gate


def gates_of(application: Application) -> dict[str, GateJudgement]:
    """The judgements in force by criterion (one statement)."""
    found = {row.criterion: row for row in _gates_of(application=application.pk)}
    for gate in found.values():
        gate.application = application
    return found


@prepared
def _gates_of(*, application: UUID) -> QuerySet[GateJudgement]:
    rows = GateJudgement.objects.filter(application=application, superseded_at__isnull=True)
    return rows.select_related("judged_by", "confirmed_by")


@transaction.atomic
def pass_eligibility(*, application: Application, by: Any) -> Application:
    """Let the application go on, to review or (where the call needs none) to decision.

    Raises:
        GateNotOpen, ChecksNotSettled: with what is left to do.
    """
    application, review = _locked_for_judging(application, by)
    gates = gates_of(application)
    if not all(criterion in gates and gates[criterion].is_open_for_passing for criterion in GATES):
        raise GateNotOpen
    blocking = {CheckOutcome.FAIL, CheckOutcome.OPEN}
    if review.checked_at is None or review.checks.filter(outcome__in=blocking).exists():
        raise ChecksNotSettled
    transition = PASS_TO_REVIEW if application.call.needs_review else PASS_TO_DECISION
    _close(review, by, passed=True)
    move(application=application, transition=transition, actor=by)
    return application


@transaction.atomic
def fail_eligibility(*, application: Application, by: Any, reason: str) -> Application:
    """Find the application ineligible, with a reason that the applicant may read."""
    application, review = _locked_for_judging(application, by)
    if not reason.strip():
        raise ReasonNeeded(_("Write the reason in words that the applicant may read."))
    now = timezone.now()
    review.reason_for_applicant = reason.strip()
    review.letters = ineligible_letters(application, review.reason_for_applicant, dated=now)
    _close(review, by, passed=False, at=now)
    move(application=application, transition=FAIL, actor=by, reason=reason.strip(), at=now)
    return application


def _close(review: EligibilityReview, by: Any, *, passed: bool, at: datetime | None = None) -> None:
    review.closed_at, review.closed_by, review.passed = at or timezone.now(), by, passed
    review.version += 1
    review.save(update_fields=["closed_at", "closed_by", "passed", "reason_for_applicant", "letters", "version"])
