"""Appeals and complaints: received with a promise, answered by somebody who did not decide."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode, RoleName
from accounts.models import User
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted
from grants.choices import EventKind, Sender, Status
from grants.models import Application
from grants.questions.base import tidy
from grants.services.audience import tell_members
from grants.services.events import record_event
from grants.services.moves import lock
from reviews.choices import AppealKind, AppealStatus, Concerned, DecisionStatus
from reviews.models import Appeal, AppealConcerned, Decision, Review, terms_of
from reviews.services.decisions import reopen

MOST_CHARACTERS = 8000
# Of one application within MONTH, so that nobody floods the few who may answer.
MOST_IN_A_MONTH = 3
MONTH = timedelta(days=30)
# Answers that can be appealed: both can be opened again.
APPEALABLE = frozenset({Status.DECLINED, Status.INELIGIBLE})


class AppealRefused(DomainError):
    """It cannot be sent; the sentence says why, and what else can be done."""

    sentence = _("There is no decision to appeal against.")


class AlreadyAnswered(DomainError):
    """A colleague answered first."""

    sentence = _("A colleague has already answered. What you wrote is still on this page.")


class MayNotAnswer(NotPermitted):
    """The person decided, reviewed, has a conflict, or acts for somebody who did."""

    sentence = _("It is answered by somebody who neither took part in the decision nor acts for those who did.")


class NeedsDirector(DomainError):
    """Upholding an appeal opens the application again, which is a director's step."""

    sentence = _(
        "Upholding it opens the application again: a director must answer. Leave it to one, or choose otherwise."
    )


class AnswerNeeded(DomainError):
    """Every outcome has words for the applicant."""

    sentence = _("Write the answer to the applicant, in their language.")


def appeal_until(application: Application) -> datetime | None:
    """The end of the last day (of the office) on which the present decision can be appealed; None without one."""
    if application.status not in APPEALABLE or application.decided_at is None:
        return None
    zone = ZoneInfo(application.call.programme.time_zone)
    last = application.decided_at.astimezone(zone).date() + timedelta(days=terms_of(application.call).appeal_days)
    return datetime.combine(last, time(23, 59), zone)


def can_appeal_until(application: Application, now: datetime) -> datetime | None:
    """Until when an appeal can be sent; None when it is too late, there is no decision, or one is open."""
    until = appeal_until(application)
    if until is None or now > until or has_open_appeal(application):
        return None
    return until


def has_open_appeal(application: Application) -> bool:
    """True while an appeal against the decision waits for an answer."""
    return application.appeals.filter(kind=AppealKind.DECISION, status=AppealStatus.OPEN).exists()


@transaction.atomic
def send_appeal(
    *,
    application: Application,
    by: Any,
    kind: str,
    text: str,
    once: UUID,
    language: str,
    about: Iterable[str] = (),
) -> Appeal:
    """Receive an appeal or complaint and promise an answer. `about` says whom a complaint is about (Concerned); whoever
    is named in its text is left out too. The same page sent twice (`once`) is one.

    Raises:
        NotPermitted: not theirs to write.
        AppealRefused: too late, nothing to appeal against, one is open, too many, blank, or too long.
    """
    application = lock(application)
    if not by.has_perm("reviews.send_appeal", application):
        raise NotPermitted
    if already := Appeal.objects.filter(once=once).first():
        if already.application_id != application.pk or already.sent_by_id != by.pk:
            raise NotPermitted
        return already
    now = timezone.now()
    text = tidy(text)
    _check(application, kind, text, now)
    appeal = Appeal.objects.create(
        application=application,
        kind=kind,
        against=application.decided_at if kind == AppealKind.DECISION else None,
        decision=_decision_of(application),
        text=text,
        language=language if language in LanguageCode.values else LanguageCode.ENGLISH,
        once=once,
        sent_by=by,
        sent_at=now,
        due_at=application.call.programme.calendar.add_days(now, terms_of(application.call).appeal_answer_days),
    )
    if kind == AppealKind.CONDUCT:
        people = _concerned(application, set(about), text)
        AppealConcerned.objects.bulk_create([AppealConcerned(appeal=appeal, user_id=pk) for pk in people])
    else:
        # A complaint stands in no history that those it is about can read.
        record_event(application=application, kind=EventKind.APPEAL, actor=by, for_applicant=True, at=now)
    _tell_who_may_answer(appeal, application)
    return appeal


def _check(application: Application, kind: str, text: str, now: datetime) -> None:
    if kind not in AppealKind.values:
        raise DomainError
    if not text:
        raise AppealRefused(_("Write what you ask us to look at again."))
    if len(text) > MOST_CHARACTERS:
        raise AppealRefused(_("This is too long. Shorten it to %(most)d characters.") % {"most": MOST_CHARACTERS})
    if application.appeals.filter(kind=kind, status=AppealStatus.OPEN).exists():
        raise AppealRefused(
            _("We have one from you already and answer it first. Add to it by a message, if you need to.")
        )
    if kind == AppealKind.DECISION:
        until = appeal_until(application)
        if until is None:
            raise AppealRefused
        if now > until:
            raise AppealRefused(
                _("The time to appeal is over. You can still write a message, or complain about how it went.")
            )
    if application.appeals.filter(sent_at__gt=now - MONTH).count() >= MOST_IN_A_MONTH:
        raise AppealRefused(_("You have sent us several in a month. Write a message instead, and we will talk."))


def _decision_of(application: Application) -> Decision | None:
    """The decision in force; none while it is being judged, or where it was found ineligible."""
    if application.decided_at is None or application.status == Status.INELIGIBLE:
        return None
    return application.decisions.filter(status=DecisionStatus.APPROVED).order_by("-settled_at").first()


def _concerned(application: Application, about: set[str], text: str) -> set[Any]:
    """Ids of the staff whom a complaint is about: by their part in the application, or by name in its text."""
    found: set[Any] = set()
    decisions = list(application.decisions.all())
    if Concerned.OFFICER in about:
        found |= {application.officer_id, *(row.proposed_by_id for row in decisions)}
        found |= set(application.messages.filter(sender=Sender.STAFF).values_list("author_id", flat=True))
    if Concerned.DIRECTOR in about:
        found |= {pk for row in decisions for pk in (row.first_approved_by_id, row.settled_by_id)}
    if Concerned.REVIEWER in about:
        found |= set(application.assignments.values_list("user_id", flat=True))
        found |= set(Review.objects.filter(application=application).values_list("reviewer_id", flat=True))
    said = text.casefold()
    staff = users_with(application.call.programme, *(role for role in RoleName if role != RoleName.APPLICANT))
    found |= {person.pk for person in staff if _is_named(person, said)}
    return found - {None}


def _is_named(person: User, said: str) -> bool:
    words = [word for word in person.display_name.casefold().split() if len(word) > 1]
    return bool(words) and all(word in said for word in words)


def receivers_of(appeal: Appeal, application: Application) -> list[User]:
    """Everybody who may answer it now."""
    people = users_with(application.call.programme, RoleName.OFFICER, RoleName.DIRECTOR)
    return [person for person in people if Appeal.objects.answerable_by(person).filter(pk=appeal.pk).exists()]


def _tell_who_may_answer(appeal: Appeal, application: Application) -> None:
    conduct = appeal.kind == AppealKind.CONDUCT
    people = receivers_of(appeal, application)
    params = {"reference": application.reference, "appeal": str(appeal.pk)}
    kind = "reviews.complaint" if conduct else "reviews.appeal"
    if not people:
        # Nobody is left: those hear of it who can make somebody a reader, a deputy or a director.
        programme = application.call.programme
        concerned = set(appeal.concerned.values_list("user_id", flat=True))
        recused = set(application.recusals.values_list("user_id", flat=True))
        directors = [] if conduct else users_with(programme, RoleName.DIRECTOR)
        people = [person for person in directors if person.pk not in recused | concerned]
        kind, params = "reviews.appeal_for_nobody", {"reference": application.reference}
        if not people:
            people = [one for one in users_with(programme, RoleName.ADMIN) if one.pk not in recused | concerned]
            kind, params = "reviews.complaint_for_nobody", {}
    notify(
        event=f"{kind.removeprefix('reviews.')}:{appeal.pk}",
        users=people,
        kind=kind,
        params=params,
        # Lists of notices must not tell others that somebody complained.
        restricted=application.is_restricted or (conduct and kind == "reviews.complaint"),
    )


def _open_appeal(appeal: Appeal) -> tuple[Application, Appeal]:
    """The appeal and its application, both locked, the application first as everywhere."""
    application = lock(appeal.application)
    found = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if found.status != AppealStatus.OPEN:
        raise AlreadyAnswered
    return application, found


@transaction.atomic
def answer_appeal(*, appeal: Appeal, by: Any, outcome: str, answer: str, note: str = "") -> Appeal:
    """Answer it: upheld (a decision is opened again with it), partly, or rejected, each with words for the applicant.

    Raises:
        AlreadyAnswered: a colleague was first.
        MayNotAnswer: took part in what it is about.
        NeedsDirector: upholding an appeal opens the application again.
        AnswerNeeded: nothing was written.
    """
    application, found = _open_appeal(appeal)
    if not Appeal.objects.answerable_by(by).filter(pk=found.pk).exists():
        raise MayNotAnswer
    if outcome not in (AppealStatus.UPHELD, AppealStatus.PARTLY, AppealStatus.REJECTED):
        raise DomainError(_("Choose how it is answered."))
    if not answer.strip():
        raise AnswerNeeded
    reopens = outcome == AppealStatus.UPHELD and found.kind == AppealKind.DECISION and application.status in APPEALABLE
    if reopens and not by.has_perm("reviews.reopen_application", application):
        raise NeedsDirector
    now = timezone.now()
    found.status, found.answer, found.note = outcome, answer.strip(), note.strip()
    found.answered_by, found.answered_at = by, now
    found.save(update_fields=["status", "answer", "note", "answered_by", "answered_at"])
    if found.kind == AppealKind.DECISION:
        record_event(
            application=application,
            kind=EventKind.APPEAL_ANSWERED,
            actor=by,
            details={"outcome": outcome},
            for_applicant=True,
            at=now,
        )
    tell_members(application, event=f"appeal_answered:{found.pk}", kind="reviews.appeal_answered", appeal=str(found.pk))
    if reopens:
        reopen(application=application, by=by, reason=found.note or found.answer)
    return found


@transaction.atomic
def step_aside(*, appeal: Appeal, by: Any) -> Appeal:
    """A director says that a complaint is about themselves: from now on they see nothing of it, and others are told."""
    application, found = _open_appeal(appeal)
    if found.kind != AppealKind.CONDUCT or not Appeal.objects.visible_to(by).filter(pk=found.pk).exists():
        raise NotPermitted
    AppealConcerned.objects.get_or_create(appeal=found, user=by)
    if not receivers_of(found, application):
        _tell_who_may_answer(found, application)
    return found
