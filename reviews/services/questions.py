"""What a reviewer asks the officer, and what the officer answers."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services.notices import notify
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.models import Application
from grants.questions.base import tidy
from grants.services.audience import tell_staff
from grants.services.messages import message_text
from grants.services.moves import lock
from reviews.models import ReviewerQuestion
from reviews.selectors import is_writable
from reviews.services.sheets import TooLate


class QuestionAnswered(StaleVersion):
    """A colleague answered first; `theirs` is their answer."""

    sentence = _("A colleague has answered this question already. Your answer was not sent.")

    def __init__(self, theirs: str) -> None:
        self.theirs = theirs
        super().__init__()


class AlreadyOpen(DomainError):
    """More open questions of one person than an officer can be asked at once."""

    sentence = _("Five questions of yours wait for an answer already. Wait for one of them first.")


MOST_OPEN = 5


@transaction.atomic
def ask_officer(*, application: Application, by: Any, text: str, once: UUID) -> ReviewerQuestion:
    """Ask whoever leads the application, or every officer while nobody does. `once` is a key of the page: the same
    page sent twice asks once.

    Raises:
        NotPermitted: not a reviewer of it.
        MessageRefused: blank, or far too long.
        TooLate: it is not being reviewed any more.
    """
    application = lock(application)
    if not by.has_perm("reviews.score_application", application):
        raise NotPermitted
    if already := ReviewerQuestion.objects.filter(once=once).first():
        if already.application_id != application.pk or already.asked_by_id != by.pk:
            raise NotPermitted
        return already
    if not is_writable(application):
        raise TooLate
    if application.reviewer_questions.filter(asked_by=by, answered_at__isnull=True).count() >= MOST_OPEN:
        raise AlreadyOpen
    question = ReviewerQuestion.objects.create(application=application, asked_by=by, text=message_text(text), once=once)
    tell_staff(application, event=f"reviewer-asked:{question.pk}", kind="reviews.question")
    return question


@transaction.atomic
def answer_reviewer(*, application: Application, question_id: UUID, by: Any, text: str) -> ReviewerQuestion:
    """Answer a reviewer, once.

    Raises:
        NotPermitted: only officers and directors who may read the application.
        MessageRefused: blank, or far too long.
        QuestionAnswered: a colleague did already.
    """
    application = lock(application)
    if not by.has_perm("reviews.answer_reviewer", application):
        raise NotPermitted
    question = application.reviewer_questions.select_related("asked_by").get(pk=question_id)
    if question.answered_at is not None:
        if question.answered_by_id == by.pk and question.answer == tidy(text):
            return question
        raise QuestionAnswered(question.answer)
    question.answer, question.answered_by, question.answered_at = message_text(text), by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    if question.asked_by.has_perm("reviews.score_application", application):
        notify(
            event=f"reviewer-answered:{question.pk}",
            users=[question.asked_by],
            kind="reviews.question_answered",
            params={"reference": application.reference},
            restricted=application.is_restricted,
        )
    return question
