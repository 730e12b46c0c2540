"""A suggestion of who reviews what in a call: computed, changed by hand, carried out. Officers see and touch only the
lines of applications that they may assign; what a colleague sees beside stays as it is.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.services.notices import notify
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.choices import Status
from grants.models import Application, Call
from grants.services.access import Asked, assign_reviewers
from reviews.models import AssignmentSuggestion, SuggestedReview
from reviews.plan import Plan
from reviews.solving import make_plan
from reviews.workload import Round, due_day, open_questions, round_of

type Pair = tuple[uuid.UUID, uuid.UUID]


class ChangedMeanwhile(StaleVersion):
    """A colleague changed the suggestion."""

    sentence = _(
        "A colleague changed the suggestion meanwhile. It is shown below as it is now; what you chose is kept."
    )


class CannotBeSuggested(DomainError):
    """Somebody with a conflict, or who is asked already."""

    sentence = _("%(person)s cannot be asked for this application.")


class NothingToSuggest(DomainError):
    """Nothing is in review, or nothing is missing."""

    sentence = _("No application of this call that you may assign lacks a reviewer.")


def suggestion_of(call: Call) -> AssignmentSuggestion | None:
    """The call's suggestion, or None."""
    return AssignmentSuggestion.objects.select_related("changed_by").filter(call=call).first()


def lines_seen_by(suggestion: AssignmentSuggestion | None, user: Any) -> "QuerySet[SuggestedReview]":
    """The lines of applications that the person may assign."""
    if suggestion is None:
        return SuggestedReview.objects.none()
    seen = Application.objects.visible_to(user).filter(call=suggestion.call_id, status=Status.IN_REVIEW)
    return suggestion.lines.filter(application__in=seen)


def taken_by_others(suggestion: AssignmentSuggestion | None, user: Any) -> Counter[uuid.UUID]:
    """{person: lines of applications that this user does not see}: they count as load."""
    if suggestion is None:
        return Counter()
    mine = lines_seen_by(suggestion, user).values("pk")
    return Counter(suggestion.lines.exclude(pk__in=mine).values_list("user_id", flat=True))


def _demand(call: Call, by: Any) -> None:
    if not by.has_perm("reviews.manage_judging", call):
        raise NotPermitted


def _locked(call: Call, by: Any, version: int) -> AssignmentSuggestion:
    """The suggestion, locked, if it is still as the page showed it (0: there was none)."""
    Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    row = AssignmentSuggestion.objects.select_for_update().filter(call=call).first()
    if (row.version if row else 0) != version:
        raise ChangedMeanwhile
    if row is None:
        return AssignmentSuggestion(call=call, version=0, changed_by=by)
    return row


def _touch(row: AssignmentSuggestion, by: Any) -> None:
    row.version += 1
    row.changed_by = by
    row.save()


def suggest(*, call: Call, by: Any, version: int, seconds: float | None = None) -> AssignmentSuggestion:
    """Compute who might review what, in place of the lines that were there. Nobody is asked or told yet.

    Raises:
        ChangedMeanwhile: a colleague changed the suggestion while it was computed.
        NothingToSuggest: nothing lacks a reviewer.
    """
    _demand(call, by)
    present = round_of(call, by, taken=taken_by_others(suggestion_of(call), by))
    if not any(task.wanted for task in present.problem.tasks):
        raise NothingToSuggest
    # The solver works outside of any transaction: nobody waits for it.
    plan = make_plan(present.problem) if seconds is None else make_plan(present.problem, seconds=seconds)
    return _store(call=call, by=by, version=version, plan=plan)


@transaction.atomic
def _store(*, call: Call, by: Any, version: int, plan: Plan) -> AssignmentSuggestion:
    row = _locked(call, by, version)
    row.proven = plan.proven
    _touch(row, by)
    lines_seen_by(row, by).delete()
    SuggestedReview.objects.bulk_create(
        [SuggestedReview(suggestion=row, application_id=task, user_id=person) for task, person in plan.pairs()]
    )
    return row


@transaction.atomic
def change_suggestion(
    *, call: Call, by: Any, version: int, drop: Iterable[Pair], add: Mapping[uuid.UUID, uuid.UUID]
) -> AssignmentSuggestion:
    """Take lines out, and put people in: `add` names one more person for an application.

    Raises:
        ChangedMeanwhile: a colleague was quicker; nothing is written.
        CannotBeSuggested: somebody with a conflict, or who is asked already.
    """
    _demand(call, by)
    row = _locked(call, by, version)
    if not row.version:
        raise ChangedMeanwhile
    present = round_of(call, by)
    tasks = present.tasks
    for application_id, person in add.items():
        if application_id not in tasks or person not in present.people:
            raise DomainError
        if not tasks[application_id].may_have(person):
            raise CannotBeSuggested(CannotBeSuggested.sentence % {"person": present.people[person]})
    _touch(row, by)
    unwanted = set(drop)
    mine = lines_seen_by(row, by)
    gone = [line.pk for line in mine if (line.application_id, line.user_id) in unwanted]
    SuggestedReview.objects.filter(pk__in=gone).delete()
    SuggestedReview.objects.bulk_create(
        [
            SuggestedReview(suggestion=row, application_id=application_id, user_id=person, by_hand=True)
            for application_id, person in add.items()
        ],
        ignore_conflicts=True,
    )
    return row


@transaction.atomic
def discard_suggestion(*, call: Call, by: Any, version: int) -> None:
    """Throw the lines away that this person sees."""
    _demand(call, by)
    row = _locked(call, by, version)
    if row.version:
        lines_seen_by(row, by).delete()
        _touch(row, by)


@transaction.atomic
def carry_out(*, call: Call, by: Any, version: int) -> Asked:
    """Ask everybody whom the suggestion names, in one transaction, and tell them. Each pair is judged again: who has
    got a conflict since, or is not a reviewer any more, is refused with a sentence; the others are asked.

    Raises:
        ChangedMeanwhile: a colleague was quicker; nobody is asked.
    """
    _demand(call, by)
    row = _locked(call, by, version)
    lines = list(lines_seen_by(row, by).select_related("user")) if row.version else []
    questions = set(open_questions().filter(application__call=call).values_list("application_id", "interest__user_id"))
    due_on = due_day(call)
    asked = assign_reviewers(
        pairs=[
            (line.application_id, line.user) for line in lines if (line.application_id, line.user_id) not in questions
        ],
        by=by,
        due_on=lambda _application: due_on,
    )
    SuggestedReview.objects.filter(pk__in=[line.pk for line in lines]).delete()
    _refuse_questioned(asked, [line for line in lines if (line.application_id, line.user_id) in questions])
    if row.version:
        _touch(row, by)
    people = {assignment.user_id: assignment.user for assignment in asked.made}
    if people:
        notify(
            event=f"round:{call.pk}:{row.version}:{uuid.uuid4().hex}",
            users=people.values(),
            kind="reviews.assigned_many",
            params={"due_on": due_on.isoformat()},
        )
    return asked


def _refuse_questioned(asked: Asked, lines: list[SuggestedReview]) -> None:
    rows = Application.objects.in_bulk([line.application_id for line in lines])
    sentence = str(_("Somebody must first say whether this person has a conflict of interest with it."))
    asked.refused.extend((rows[line.application_id], line.user, sentence) for line in lines)


def current_round(call: Call, by: Any) -> Round:
    """What the page of the call's assignment shows."""
    return round_of(call, by, taken=taken_by_others(suggestion_of(call), by))
