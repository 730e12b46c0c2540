"""The only place that assigns an application's `status`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted, TransitionNotAllowed
from core.workflow import Transition
from grants import workflow
from grants.choices import PromiseKind, Status
from grants.models import Application, ApplicationEvent
from grants.services import promises
from grants.services.events import record_event
from grants.signals import application_moved

# Moves that a person of the programme makes: the first of them is the first answer that was promised.
_HUMAN = frozenset({"ask", "pass_eligibility", "fail_eligibility", "finish_review", "approve", "decline", "waitlist"})
_DECIDED = frozenset({Status.APPROVED, Status.DECLINED, Status.WAITLISTED, Status.INELIGIBLE})


class TextsDestroyed(TransitionNotAllowed):
    """The time of its keeping is over: nobody could judge or answer it any more."""

    sentence = _(
        "What was written in this application was destroyed at the end of its time. Nothing more happens to it."
    )


def lock(application: Application) -> Application:
    """The application as it is now, locked until the transaction ends; its call and organisation come along."""
    return (
        Application.objects.select_related("call__programme", "organization")
        .select_for_update(of=("self",))
        .get(pk=application.pk)
    )


@transaction.atomic
def move(
    *,
    application: Application,
    transition: Transition,
    actor: Any,
    reason: str = "",
    for_applicant: bool = True,
    at: datetime | None = None,
) -> ApplicationEvent:
    """Take one move of the table with a locked application, keep its clocks right and tell who listens.

    Raises:
        TransitionNotAllowed: the application is not in a state from which the move starts.
        TextsDestroyed: it was made anonymous.
        NotPermitted: the actor may not make it.
    """
    moment = at or timezone.now()
    transition.check(application.status)
    if application.anonymised_at is not None:
        raise TextsDestroyed
    if not actor.has_perm(transition.permission, application):
        raise NotPermitted
    before = application.status
    target = transition.target or application.status_before_waiting
    if not target:
        raise TransitionNotAllowed
    application.status = target
    fields = ["status", "status_before_waiting", "decided_at", "submitted_at", "submitted_by", "changed_at"]
    application.status_before_waiting = before if target == Status.WAITING else ""
    if transition is workflow.SUBMIT:
        application.submitted_at, application.submitted_by = moment, actor
    if transition is workflow.REOPEN:
        application.decided_at = None
    elif target in _DECIDED:
        application.decided_at = moment
    application.save(update_fields=fields)
    _keep_clocks(application, transition, moment)
    event = record_event(
        application=application,
        kind=transition.name,
        actor=actor,
        reason=reason,
        for_applicant=for_applicant,
        from_status=before,
        to_status=target,
        at=moment,
    )
    application_moved.send(sender=Application, application=application, event=event)
    return event


def _keep_clocks(application: Application, transition: Transition, moment: datetime) -> None:
    if transition is workflow.SUBMIT:
        promises.start_promises(application, moment)
        return
    if transition is workflow.WITHDRAW:
        promises.void_all(application, moment)
        return
    if transition is workflow.REOPEN:
        promises.restart(application, PromiseKind.DECISION, moment)
        return
    kept = []
    if transition.name in _HUMAN:
        kept.append(PromiseKind.FIRST_ANSWER)
    if application.status in _DECIDED:
        kept.append(PromiseKind.DECISION)
    promises.keep(application, *kept, at=moment)
    if transition is workflow.ASK:
        promises.pause(application, moment)
    elif transition is workflow.ANSWER:
        promises.resume(application, moment)
