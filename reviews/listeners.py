"""What reviews does when something happens to an application. Runs inside the transaction of the change."""

import uuid
from typing import Any

from django.utils import timezone

from core import outbox
from core.models import OutboxEntry
from core.outbox import Topic, topics
from diligence.signals import record_saved
from grants.choices import EndReason, EventKind, Status
from grants.models import Application, ApplicationEvent
from grants.services.audience import tell_members
from grants.signals import (
    application_anonymised,
    application_answered,
    application_changed,
    application_moved,
    application_submitted,
    applications_merged,
    person_recused,
)
from organizations.models import Organization
from organizations.signals import organization_saved
from reviews.choices import OPEN_DECISIONS, DecisionStatus, ItemStatus, QuestionState, ReviewStatus
from reviews.models import DecisionFeedback, PanelVote, PossibleConflict, SuggestedReview, TranslationDraft
from reviews.selectors import WRITABLE
from reviews.services import assigning, decisions, eligibility, interests, merging, priority
from reviews.services.anonymising import wipe_judging

# Moves of this app that the applicant is told of, in a neutral line.
_NEWS = frozenset(
    {EventKind.FAIL_ELIGIBILITY, EventKind.APPROVE, EventKind.DECLINE, EventKind.WAITLIST, EventKind.REOPEN}
)
_JUDGED = frozenset({Status.SUBMITTED, Status.WAITING, Status.IN_REVIEW, Status.AWAITING_DECISION, Status.WAITLISTED})


def _ask(application: Application, *topics_asked: str) -> None:
    """Let a worker do this after the present transaction."""
    payload = {"application": str(application.pk)}
    outbox.put_all(rows=[(topic, f"{topic}:{application.pk}:{uuid.uuid4().hex}", payload) for topic in topics_asked])


def ask_for_checks(application: Application) -> None:
    """Let a worker run the automatic checks after the present transaction."""
    _ask(application, eligibility.TOPIC)


def on_change(*, application: Application, **_kwargs: Any) -> None:
    """New or changed text: check and score it."""
    if application.status == Status.DRAFT:
        return
    _ask(application, eligibility.TOPIC, priority.TOPIC)


def on_move(*, application: Application, event: ApplicationEvent, **_kwargs: Any) -> None:
    """Tell the applicant; end a proposal that the move overtook; judge anew what is reopened."""
    if event.kind == EventKind.SUBMIT:
        # Nothing was proposed about a draft, and submitting is counted in statements.
        return
    for decision in application.decisions.filter(status__in=OPEN_DECISIONS):
        decisions.cancel(decision, event.actor)
    if event.kind in _NEWS:
        tell_members(application, event=f"moved:{event.pk}", kind="grants.status_changed")
    if event.kind == EventKind.REOPEN:
        interests.match_submitted(application)
        on_change(application=application)


def on_submission(*, application: Application, **_kwargs: Any) -> None:
    """Whoever declared a tie to this organisation is out of the room before anybody can open it."""
    interests.match_submitted(application)


def on_recusal(*, application: Application, person: Any, actor: Any, **_kwargs: Any) -> None:
    """Nothing of what the person had to do with it goes on: their unsent sheet, drafts of translations, suggestions,
    open questions, a proposal that waits, the first of two approvals, a vote on what the panel discusses. What they
    sent counts no more; officers hear when a reviewer is missing.
    """
    application.reviews.filter(reviewer=person, status=ReviewStatus.DRAFT).delete()
    TranslationDraft.objects.filter(answer__application=application, author=person).delete()
    SuggestedReview.objects.filter(application=application, user=person).delete()
    PossibleConflict.objects.filter(application=application, interest__user=person, state=QuestionState.OPEN).update(
        state=QuestionState.CONFLICT, settled_by=actor, settled_at=timezone.now()
    )
    for decision in application.decisions.filter(status__in=OPEN_DECISIONS, proposed_by=person):
        decisions.cancel(decision, actor)
    for decision in application.decisions.filter(status=DecisionStatus.FIRST_APPROVED, first_approved_by=person):
        decisions.void_first_approval(decision, application)
    # Whoever has read the letter with their comment reads it anew.
    DecisionFeedback.objects.filter(
        decision__application=application, decision__status__in=OPEN_DECISIONS, review__reviewer=person
    ).delete()
    PanelVote.objects.filter(item__application=application, item__status=ItemStatus.OPEN, user=person).delete()
    if application.reviews.filter(reviewer=person).exists():
        priority.ask_for_priority([application.pk])
    was_asked = application.assignments.filter(user=person, ended_reason=EndReason.CONFLICT)
    if application.status in WRITABLE and was_asked.exists():
        assigning.tell_that_somebody_is_wanted(application, person)


def on_record(*, organization_id: Any, **_kwargs: Any) -> None:
    """Something was recorded about a partner: score its applications that are being judged."""
    rows = Application.objects.filter(organization=organization_id, status__in=_JUDGED)
    priority.ask_for_priority(list(rows.values_list("pk", flat=True)))


def on_profile(*, organization: Any, names_changed: bool = False, **_kwargs: Any) -> None:
    """The profile changed, its registrations perhaps: check the applications whose eligibility is being judged; with a
    new name, whoever declared a tie to it is kept out.
    """
    if names_changed:
        for application in Application.objects.filter(organization=organization, status__in=_JUDGED):
            interests.match_submitted(application)
    for application in Application.objects.filter(organization=organization, status=Status.SUBMITTED):
        ask_for_checks(application)


def on_merger(*, applications: list[uuid.UUID], gone: Organization, kept: Organization, **_kwargs: Any) -> None:
    """The key of one organisation is destroyed in a moment: what it seals here goes under the other's."""
    merging.seal_anew(applications=applications, gone=gone, kept=kept)


def on_anonymised(*, application: Application, **_kwargs: Any) -> None:
    """Nothing that anybody wrote stays: neither the applicant nor those who judged."""
    wipe_judging(application)


def register() -> None:
    """Connect signals and topics."""
    topics.register(eligibility.TOPIC, Topic(_check, repeatable=True))
    topics.register(priority.TOPIC, Topic(_score, repeatable=True))
    for number, signal in enumerate((application_submitted, application_answered, application_changed)):
        signal.connect(on_change, dispatch_uid=f"reviews.change.{number}")
    topics.register(interests.TOPIC, Topic(_compare, repeatable=True))
    application_submitted.connect(on_submission, dispatch_uid="reviews.interests")
    person_recused.connect(on_recusal, dispatch_uid="reviews.recusal")
    applications_merged.connect(on_merger, dispatch_uid="reviews.merger")
    application_moved.connect(on_move, dispatch_uid="reviews.move")
    application_anonymised.connect(on_anonymised, dispatch_uid="reviews.anonymised")
    record_saved.connect(on_record, dispatch_uid="reviews.record")
    organization_saved.connect(on_profile, dispatch_uid="reviews.profile")


def _check(entry: OutboxEntry) -> None:
    eligibility.run_checks(application_id=entry.payload["application"])


def _score(entry: OutboxEntry) -> None:
    priority.compute_priority(application_id=entry.payload["application"])


def _compare(entry: OutboxEntry) -> None:
    interests.compare(interest_id=entry.payload.get("interest"), application_id=entry.payload.get("application"))
