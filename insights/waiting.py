"""What waits on a person, as querysets: the desk shows them, the navigation counts them."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import RoleName
from core.models import OutboxEntry
from core.outbox import needing_attention
from core.pagination import count_each
from grants.choices import Confidentiality, Status
from grants.models import Application, Assignment, NamedReader
from reviews.choices import DecisionStatus, GateOutcome, ReviewStatus
from reviews.models import Decision, GateJudgement, Review
from reviews.selectors import own_assignments

# The badge of the navigation counts no further.
MOST_COUNTED = 99


def _readable(user: Any, *roles: str) -> QuerySet[Application]:
    """Submitted applications of the programmes in which the person holds the role, if they may open them."""
    return Application.objects.visible_to(user).filter(
        call__programme__in=user.programmes_with(roles), submitted_at__isnull=False
    )


def officer_queue(user: Any) -> QuerySet[Application]:
    """Whose next step is this officer's: new ones that are theirs or nobody's; theirs in review when no reviewer is at
    work; theirs that await a decision which nobody has proposed.
    """
    sent = Review.objects.filter(
        application=OuterRef("application"), reviewer=OuterRef("user"), status=ReviewStatus.SUBMITTED
    )
    at_work = Assignment.objects.filter(~Exists(sent), application=OuterRef("pk"), ended_at__isnull=True)
    proposed = Decision.objects.filter(application=OuterRef("pk"), status=DecisionStatus.PROPOSED)
    mine = Q(officer=user.pk)
    return _readable(user, RoleName.OFFICER).filter(
        (Q(status=Status.SUBMITTED) & (mine | Q(officer__isnull=True)))
        | (mine & Q(status=Status.IN_REVIEW) & ~Exists(at_work))
        | (mine & Q(status=Status.AWAITING_DECISION) & ~Exists(proposed))
    )


def proposals(user: Any) -> QuerySet[Decision]:
    """Decisions that this director may approve: never their own."""
    return Decision.objects.filter(
        status=DecisionStatus.PROPOSED, application__in=_readable(user, RoleName.DIRECTOR)
    ).exclude(proposed_by=user.pk)


def waivers(user: Any) -> QuerySet[GateJudgement]:
    """Waived gates that wait for a second person, who may be this one."""
    return GateJudgement.objects.filter(
        outcome=GateOutcome.WAIVED,
        confirmed_at__isnull=True,
        superseded_at__isnull=True,
        application__status=Status.SUBMITTED,
        application__in=_readable(user, RoleName.OFFICER, RoleName.DIRECTOR),
    ).exclude(judged_by=user.pk)


def unread_restricted(user: Any) -> QuerySet[Application]:
    """Restricted applications that nobody may read yet: a director names readers. Only their lines may be shown."""
    return Application.objects.listed_to(user).filter(
        ~Exists(NamedReader.objects.filter(application=OuterRef("pk"))),
        call__programme__in=user.programmes_with((RoleName.DIRECTOR,)),
        confidentiality=Confidentiality.RESTRICTED,
        submitted_at__isnull=False,
        status__in=[Status.SUBMITTED, Status.WAITING, Status.IN_REVIEW, Status.AWAITING_DECISION],
    )


def late(user: Any, now: datetime) -> QuerySet[Application]:
    """Promises that have run out: a director's every one, an officer's those they lead or nobody leads."""
    directing = Q(call__programme__in=user.programmes_with((RoleName.DIRECTOR,)))
    leading = Q(call__programme__in=user.programmes_with((RoleName.OFFICER,))) & (
        Q(officer=user.pk) | Q(officer__isnull=True)
    )
    rows = _readable(user, RoleName.OFFICER, RoleName.DIRECTOR)
    return rows.filter(directing | leading, due_at__lt=now, clock_paused_at__isnull=True)


def attention(user: Any) -> QuerySet[OutboxEntry]:
    """Notices that a person must decide about."""
    return needing_attention() if may_tend_outbox(user) else OutboxEntry.objects.none()


def may_tend_outbox(user: Any) -> bool:
    """Officers and administrators look after notices that did not go out."""
    return bool(user.has_role(RoleName.OFFICER, RoleName.ADMIN))


def counts(user: Any) -> dict[str, int]:
    """How much waits, by kind, with one statement for a page; kept on the user, who lives for one request."""
    known: dict[str, int] | None = user.__dict__.get("_waiting_counts")
    if known is None:
        wanted: dict[str, QuerySet[Any]] = {}
        if user.has_role(RoleName.OFFICER):
            wanted["queue"] = officer_queue(user)
        if user.has_role(RoleName.DIRECTOR):
            wanted |= {"proposals": proposals(user), "unread": unread_restricted(user)}
        if user.has_role(RoleName.OFFICER, RoleName.DIRECTOR):
            wanted["waivers"] = waivers(user)
        if user.has_role(RoleName.REVIEWER):
            wanted["reviews"] = own_assignments(user)
        if may_tend_outbox(user):
            wanted["outbox"] = attention(user)
        found = count_each(list(wanted.values()), limit=MOST_COUNTED)
        known = {name: number for name, (number, _more) in zip(wanted, found, strict=True)}
        user.__dict__["_waiting_counts"] = known
    return known


def desk_count(user: Any) -> int | None:
    """Everything that waits on the person, the outbox apart."""
    return sum(number for name, number in counts(user).items() if name != "outbox") or None
