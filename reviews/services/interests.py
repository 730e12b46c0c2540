"""Ties declared ahead, and what follows from them: a recusal where the organisation is the same, a question to an
officer where only the name is alike.

Whoever declares a tie is told the same whatever follows, and the comparison of names runs in a worker: nobody learns
here whether an organisation exists in Mainstay or has applied.
"""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.notices import notify
from core import outbox
from core.blanking import blank
from core.errors import DomainError, NotPermitted
from grants.choices import ConflictReason, Status
from grants.models import Application, Recusal
from grants.services import access
from grants.services.audience import staff_of
from grants.services.moves import lock
from names import fold, likely_same
from organizations.choices import NameUse
from organizations.models import Organization, OrganizationName
from reviews.choices import QuestionState
from reviews.models import Interest, PossibleConflict

TOPIC = "interests"
MOST_OF_ONE_PERSON = 50
# A tie that ended counts for two more years.
COUNTS_AFTER_DAYS = 730
_OPEN = (Status.SUBMITTED, Status.WAITING, Status.IN_REVIEW, Status.AWAITING_DECISION, Status.WAITLISTED)


class InterestRefused(DomainError):
    """Something of it is missing or contradicts itself; `field` names it."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


class AlreadyAnswered(DomainError):
    """Somebody else answered the question first."""

    sentence = _("A colleague has already answered this question.")


def interests_that_count(on: date) -> Any:
    """Ties that are not withdrawn, and did not end too long ago."""
    rows = Interest.objects.filter(withdrawn_at__isnull=True)
    return rows.exclude(until__lt=date.fromordinal(on.toordinal() - COUNTS_AFTER_DAYS))


@transaction.atomic
def declare_interest(
    *,
    by: Any,
    name: str,
    kind: str,
    organization: Organization | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Interest:
    """Write down a tie. From now on, and of every application that is open now, the person is kept out.

    Raises:
        InterestRefused: with the field and what to mend.
    """
    name = " ".join(name.split())
    if not fold(name):
        raise InterestRefused("name", _("Write the name of the organisation, in any script."))
    if kind not in ConflictReason.values:
        raise InterestRefused("kind", _("Choose what ties you to it."))
    if since and until and until < since:
        raise InterestRefused("until", _("The end lies before the beginning."))
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    mine = Interest.objects.filter(user=by, withdrawn_at__isnull=True)
    if mine.count() >= MOST_OF_ONE_PERSON:
        raise InterestRefused("name", _("These are very many. Take back what does not hold any more first."))
    known = mine.filter(fold=fold(name)[:250], kind=kind).first()
    if known is not None:
        return known
    interest = Interest.objects.create(
        user=by,
        organization=organization,
        name=name[:200],
        fold=fold(name)[:250],
        kind=kind,
        since=since,
        until=until,
    )
    for application in _open_of(interest):
        _keep_out(application, [interest])
    _compare_later(interest=interest.pk)
    return interest


@transaction.atomic
def withdraw_interest(*, interest: Interest, by: Any) -> None:
    """Take a tie back that was a mistake, or does not hold any more. Recusals that followed from it stay."""
    row = Interest.objects.select_for_update().filter(pk=interest.pk, user=by).first()
    if row is None:
        raise NotPermitted
    if row.withdrawn_at is None:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        row.questions.filter(state=QuestionState.OPEN).delete()


# ---- the same organisation ------------------------------------------------------------------------------------------
def move_interests(kept: Organization, gone: Organization) -> int:
    """Two records of one partner are merged: ties to the one that goes are ties to the other. Returns how many."""
    return Interest.objects.filter(organization=gone).update(organization=kept)


def forget_ties(organization: Organization) -> None:
    """A partner is erased: of ties to it the name goes, whether they were chosen from our list or typed, and they count
    no more. That somebody had a tie, of which kind and when, stays, and so do recusals. A typed name that another
    partner bears as well is that one's.
    """
    whole = OrganizationName.objects.exclude(use=NameUse.SHORT)
    names = whole.filter(organization=organization).values("fold")
    found_same = PossibleConflict.objects.filter(
        application__organization=organization, state=QuestionState.CONFLICT
    ).values("interest")
    others = whole.exclude(organization=organization).values("fold")
    typed = Q(organization__isnull=True) & (Q(fold__in=names) | Q(pk__in=found_same)) & ~Q(fold__in=others)
    ties = list(Interest.objects.filter(Q(organization=organization) | typed).values_list("pk", flat=True))
    now = timezone.now()
    Interest.objects.filter(pk__in=ties, withdrawn_at__isnull=True).update(withdrawn_at=now)
    blank(Interest.objects.filter(pk__in=ties), "name", "fold")


def _open_of(interest: Interest) -> Iterable[Application]:
    """Applications that are open now, of the organisation that the tie names for certain."""
    if not _counts(interest):
        return []
    rows = Application.objects.filter(status__in=_OPEN, submitted_at__isnull=False)
    if interest.organization_id is not None:
        return list(rows.filter(organization=interest.organization_id))
    same = OrganizationName.objects.filter(fold=interest.fold).exclude(use=NameUse.SHORT)
    return list(rows.filter(organization__in=same.values("organization")))


def _counts(interest: Interest) -> bool:
    """As `interests_that_count`, of one."""
    today = timezone.now().date()
    return interest.until is None or (today - interest.until).days <= COUNTS_AFTER_DAYS


def _keep_out(application: Application, interests: Iterable[Interest]) -> None:
    for interest in interests:
        access.recuse(application=application, person=interest.user, reason=interest.kind, by=interest.user)


def match_submitted(application: Application) -> None:
    """Inside the transaction in which something is submitted or an organisation renamed: whoever is tied to this
    organisation is out of the room before anybody can open it.
    """
    known = list(interests_that_count(timezone.now().date()).select_related("user"))
    if not known:
        return
    same = [row for row in known if row.organization_id == application.organization_id]
    typed = [row for row in known if row.organization_id is None]
    if typed:
        names = OrganizationName.objects.filter(organization=application.organization_id).exclude(use=NameUse.SHORT)
        folds = set(names.values_list("fold", flat=True))
        same += [row for row in typed if row.fold in folds]
        _compare_later(application=application.pk)
    _keep_out(application, same)


# ---- a name that is alike -------------------------------------------------------------------------------------------
def _compare_later(**what: Any) -> None:
    payload = {name: str(pk) for name, pk in what.items()}
    outbox.put(topic=TOPIC, key=f"{TOPIC}:{uuid.uuid4().hex}", payload=payload)


@transaction.atomic
def compare(*, interest_id: Any = None, application_id: Any = None) -> int:
    """Compare typed names with those of organisations that apply; one question for each pair that is alike. Returns how
    many are new. Safe to run twice.
    """
    typed = interests_that_count(timezone.now().date()).filter(organization__isnull=True).select_related("user")
    rows = Application.objects.filter(status__in=_OPEN, submitted_at__isnull=False)
    if interest_id is not None:
        typed = typed.filter(pk=interest_id)
    if application_id is not None:
        rows = rows.filter(pk=application_id)
    interests = list(typed)
    if not interests:
        return 0
    asked = 0
    for application in rows.select_related("call__programme").prefetch_related("organization__names"):
        recused = set(Recusal.objects.filter(application=application).values_list("user_id", flat=True))
        names = [row.text for row in application.organization.names.all()]
        for interest in interests:
            if interest.user_id not in recused and likely_same([interest.name], names):
                asked += _ask(application, interest)
    return asked


def _ask(application: Application, interest: Interest) -> bool:
    question, made = PossibleConflict.objects.get_or_create(interest=interest, application=application)
    if made:
        notify(
            event=f"possible_conflict:{question.pk}",
            users=[person for person in staff_of(application) if person.pk != interest.user_id],
            kind="reviews.possible_conflict",
            params={"reference": application.reference},
            restricted=application.is_restricted,
        )
    return made


@transaction.atomic
def answer_question(*, question: PossibleConflict, by: Any, is_conflict: bool) -> PossibleConflict:
    """An officer or director says whether the name is the organisation that applies. Nobody answers about themselves.

    Raises:
        AlreadyAnswered: somebody else was first.
    """
    application = lock(question.application)
    if not by.has_perm("reviews.manage_conflicts", application):
        raise NotPermitted
    row = PossibleConflict.objects.select_for_update().select_related("interest__user").get(pk=question.pk)
    if row.interest.user_id == by.pk:
        raise NotPermitted(_("Somebody else must answer a question about you."))
    if row.state != QuestionState.OPEN:
        raise AlreadyAnswered
    row.state = QuestionState.CONFLICT if is_conflict else QuestionState.NONE
    row.settled_by, row.settled_at = by, timezone.now()
    row.save(update_fields=["state", "settled_by", "settled_at"])
    if is_conflict:
        access.recuse(application=application, person=row.interest.user, reason=row.interest.kind, by=by)
    return row
