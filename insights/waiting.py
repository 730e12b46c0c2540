"""What waits on a person, as querysets: the desk shows them, the navigation counts them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.choices import RoleName
from accounts.models import Deputyship, Role
from accounts.prepared import MOMENT, count_prepared, prepare
from core.models import OutboxEntry
from core.outbox import needing_attention
from grants.choices import Confidentiality, EventKind, Status
from grants.models import Application, ApplicationEvent, Assignment, NamedReader, PanelSeat, Recusal
from grants.querysets import READERS
from organizations.models import Compromise, ErasureRequest
from reviews.choices import OPEN_DECISIONS, DecisionStatus, GateOutcome, MeetingStatus, ReviewStatus, SlateStatus
from reviews.models import Appeal, Decision, GateJudgement, PanelMeeting, Review, ReviewerQuestion, Slate, SlateLine
from reviews.querysets import AppealQuerySet
from reviews.selectors import own_assignments

# The badge of the navigation counts no further.
MOST_COUNTED = 99
# What has a page of its own and no list on the desk.
_ELSEWHERE = ("outbox",)
# What the machine computed, and what an applicant did before the application was ours.
_NO_NEWS = (EventKind.SCORED, EventKind.CREATED)


def _readable(user: Any, *roles: str) -> QuerySet[Application]:
    """Submitted applications of the programmes in which the person holds the role, if they may open them."""
    return Application.objects.visible_to(user).filter(
        call__programme__in=user.programmes_with(roles), submitted_at__isnull=False
    )


def _led_by(user: Any) -> Q:
    """Applications that the officer leads, or that somebody leads for whom they act."""
    acting = Deputyship.objects.live(Now()).filter(deputy=user.pk, role=RoleName.OFFICER).order_by()
    return Q(officer=user.pk) | Q(officer__in=acting.values("user_id"))


def officer_queue(user: Any) -> QuerySet[Application]:
    """Whose next step is this officer's: new ones that are theirs or nobody's; theirs in review when no reviewer is at
    work; theirs that await a decision which nobody has proposed.
    """
    sent = Review.objects.filter(
        application=OuterRef("application"), reviewer=OuterRef("user"), status=ReviewStatus.SUBMITTED
    )
    at_work = Assignment.objects.filter(~Exists(sent), application=OuterRef("pk"), ended_at__isnull=True)
    proposed = Decision.objects.filter(application=OuterRef("pk"), status__in=OPEN_DECISIONS)
    mine = _led_by(user)
    return _readable(user, RoleName.OFFICER).filter(
        (Q(status=Status.SUBMITTED) & (mine | Q(officer__isnull=True)))
        | (mine & Q(status=Status.IN_REVIEW) & ~Exists(at_work))
        | (mine & Q(status=Status.AWAITING_DECISION) & ~Exists(proposed))
    )


def proposals(user: Any) -> QuerySet[Decision]:
    """Decisions that this director may approve: never their own, nor twice, nor of somebody they act for. What they may
    approve with a slate waits on them as that slate, once.
    """
    with_slate = SlateLine.objects.filter(decision=OuterRef("pk"), slate__in=slates(user).order_by().values("pk"))
    acting = Deputyship.objects.live(Now()).filter(deputy=user.pk).order_by().values("user_id")
    mine = Q(proposed_by=user.pk) | Q(first_approved_by=user.pk)
    return (
        Decision.objects.filter(
            ~Exists(with_slate), status__in=OPEN_DECISIONS, application__in=_readable(user, RoleName.DIRECTOR)
        )
        .exclude(pk__in=Decision.objects.filter(mine, status__in=OPEN_DECISIONS).values("pk"))
        .exclude(proposed_by__in=acting)
    )


def slates(user: Any) -> QuerySet[Slate]:
    """Slates that this director may approve with one confirmation: never their own, nor of somebody they act for, nor
    one that holds what they may not read. One of which something came back, or nothing waits, is no one confirmation.
    """
    acting = Deputyship.objects.live(Now()).filter(deputy=user.pk).order_by().values("user_id")
    rows = Slate.objects.open_whole_to(user).filter(
        status=SlateStatus.PROPOSED,
        call__programme__in=user.programmes_with((RoleName.DIRECTOR,)),
    )
    lines = SlateLine.objects.filter(slate=OuterRef("pk"))
    back = lines.filter(decision__status__in=[DecisionStatus.RETURNED, DecisionStatus.CANCELLED])
    rows = rows.filter(Exists(lines.filter(decision__status__in=OPEN_DECISIONS)), ~Exists(back))
    return rows.exclude(proposed_by=user.pk).exclude(proposed_by__in=acting)


def panels(user: Any) -> QuerySet[PanelMeeting]:
    """Meetings that wait on this person: every one that they chair until it is closed; as a member, one that runs, and
    one to come in which they have not declared their conflicts of interest.
    """
    named = NamedReader.objects.filter(application=OuterRef("items__application"), user=user.pk)
    recused = Recusal.objects.filter(application=OuterRef("items__application"), user=user.pk)
    seats = PanelSeat.objects.filter(
        application=OuterRef("items__application"), user=user.pk, no_conflict_at__isnull=True, ended_at__isnull=True
    )
    undeclared = PanelMeeting.objects.filter(
        Exists(seats),
        ~Exists(recused),
        Q(items__application__confidentiality=Confidentiality.STANDARD) | Exists(named),
        status=MeetingStatus.PLANNED,
        members__user=user.pk,
    )
    sitting = PanelMeeting.objects.filter(members__user=user.pk, status=MeetingStatus.RUNNING)
    return PanelMeeting.objects.exclude(status=MeetingStatus.CLOSED).filter(
        Q(chair=user.pk) | Q(pk__in=sitting.order_by().values("pk")) | Q(pk__in=undeclared.order_by().values("pk"))
    )


def questions(user: Any) -> QuerySet[ReviewerQuestion]:
    """What reviewers asked and nobody has answered, on applications that this officer leads or nobody does."""
    mine = _readable(user, RoleName.OFFICER).filter(_led_by(user) | Q(officer__isnull=True))
    return ReviewerQuestion.objects.filter(answered_at__isnull=True, application__in=mine)


def appeals(user: Any) -> AppealQuerySet:
    """Appeals and complaints that this person may answer."""
    return Appeal.objects.answerable_by(user)


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
    """Restricted applications that nobody may read, or nobody any more: a director names readers. Only their lines may
    be shown. Whoever is gone, or works elsewhere, reads nothing.
    """
    works_there = Role.objects.filter(
        user=OuterRef("user"),
        programme=OuterRef("application__call__programme"),
        name__in=[*READERS, RoleName.REVIEWER],
    )
    reads = NamedReader.objects.filter(Exists(works_there), application=OuterRef("pk"), user__is_active=True)
    return Application.objects.listed_to(user).filter(
        ~Exists(reads),
        call__programme__in=user.programmes_with((RoleName.DIRECTOR,)),
        confidentiality=Confidentiality.RESTRICTED,
        submitted_at__isnull=False,
        status__in=[Status.SUBMITTED, Status.WAITING, Status.IN_REVIEW, Status.AWAITING_DECISION],
    )


def late(user: Any) -> QuerySet[Application]:
    """Promises that have run out: a director's every one, an officer's those they lead or nobody leads."""
    directing = Q(call__programme__in=user.programmes_with((RoleName.DIRECTOR,)))
    leading = Q(call__programme__in=user.programmes_with((RoleName.OFFICER,))) & (
        _led_by(user) | Q(officer__isnull=True)
    )
    rows = _readable(user, RoleName.OFFICER, RoleName.DIRECTOR)
    return rows.filter(directing | leading, due_at__lt=Now(), clock_paused_at__isnull=True)


def changes(user: Any) -> QuerySet[ApplicationEvent]:
    """What others did since MOMENT to applications that the person may read; for officers, to those they lead."""
    readable = _readable(user, *READERS)
    if user.has_role(RoleName.OFFICER) and not user.has_role(RoleName.DIRECTOR):
        readable = readable.filter(_led_by(user))
    events = ApplicationEvent.objects.filter(application__in=readable, at__gt=MOMENT)
    return events.exclude(actor=user.pk).exclude(kind__in=_NO_NEWS)


def _tied_to(user: Any) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Ids of those for whom the person acts as deputy now, and of those who act for them."""
    live = Deputyship.objects.live(Now()).order_by()
    return live.filter(deputy=user.pk).values("user_id"), live.filter(user=user.pk).values("deputy_id")


def lifts(user: Any) -> QuerySet[Compromise]:
    """Proposals to let a compromised partner in again, of others: a director confirms."""
    acting_for, deputies = _tied_to(user)
    rows = (
        Compromise.objects.visible_to(user)
        .open()
        .filter(lift_proposed_at__isnull=False, organization__programme__in=user.programmes_with((RoleName.DIRECTOR,)))
    )
    rows = rows.exclude(lift_proposed_by=user.pk).exclude(lift_proposed_by__in=acting_for)
    return rows.exclude(lift_proposed_by__in=deputies)


def erasures(user: Any) -> QuerySet[ErasureRequest]:
    """Requests for erasure that wait for this director: not for the second confirmation after their own, nor after that
    of somebody who acts for them or for whom they act.
    """
    acting_for, deputies = _tied_to(user)
    by_such = Q(confirmed_by=user.pk) | Q(confirmed_by__in=acting_for) | Q(confirmed_by__in=deputies)
    rows = ErasureRequest.objects.visible_to(user).filter(settled_at__isnull=True).exclude(asked_by=user.pk)
    return rows.filter(Q(confirmed_by__isnull=True) | ~by_such)


def attention(user: Any) -> QuerySet[OutboxEntry]:
    """Notices that a person must decide about."""
    return needing_attention() if may_tend_outbox(user) else OutboxEntry.objects.none()


def may_tend_outbox(user: Any) -> bool:
    """Officers and administrators look after notices that did not go out."""
    return bool(user.has_role(RoleName.OFFICER, RoleName.ADMIN))


def register() -> None:
    """Have the counts of the navigation prepared."""
    for name, builder in (
        ("waiting.queue", officer_queue),
        ("waiting.proposals", proposals),
        ("waiting.unread", unread_restricted),
        ("waiting.waivers", waivers),
        ("waiting.appeals", appeals),
        ("waiting.slates", slates),
        ("waiting.panels", panels),
        ("waiting.questions", questions),
        ("waiting.reviews", own_assignments),
        ("waiting.lifts", lifts),
        ("waiting.erasures", erasures),
        ("waiting.outbox", attention),
    ):
        prepare(name, builder)
    for name, ordered in LISTS.items():
        prepare(name, ordered)


LISTS: dict[str, Callable[[Any], QuerySet[Any]]] = {
    "desk.queue": lambda user: officer_queue(user).order_by("due_at", "pk"),
    "desk.proposals": lambda user: proposals(user).order_by("application__due_at", "pk"),
    "desk.unread": lambda user: unread_restricted(user).order_by("due_at", "pk"),
    "desk.waivers": lambda user: waivers(user).order_by("application__due_at", "pk"),
    "desk.appeals": lambda user: appeals(user).by_promise(),
    "desk.slates": lambda user: slates(user).order_by("proposed_at", "pk"),
    "desk.panels": lambda user: panels(user).order_by("starts_at", "pk"),
    "desk.questions": lambda user: questions(user).order_by("created_at", "pk"),
    "desk.reviews": own_assignments,
    "desk.lifts": lambda user: lifts(user).order_by("lift_proposed_at", "pk"),
    "desk.erasures": lambda user: erasures(user).order_by("created_at", "pk"),
    "desk.late": lambda user: late(user).order_by("due_at", "pk"),
    "desk.changes": lambda user: changes(user).order_by("-at", "pk"),
}


def lists_of(user: Any) -> tuple[str, ...]:
    """Which lists the desk of somebody with these roles has."""
    wanted = {
        "desk.queue": user.has_role(RoleName.OFFICER),
        "desk.proposals": user.has_role(RoleName.DIRECTOR),
        "desk.unread": user.has_role(RoleName.DIRECTOR),
        "desk.waivers": user.has_role(RoleName.OFFICER, RoleName.DIRECTOR),
        "desk.appeals": user.has_role(RoleName.OFFICER, RoleName.DIRECTOR),
        "desk.slates": user.has_role(RoleName.DIRECTOR),
        "desk.panels": user.has_role(RoleName.OFFICER, RoleName.DIRECTOR, RoleName.REVIEWER),
        "desk.questions": user.has_role(RoleName.OFFICER),
        "desk.reviews": user.has_role(RoleName.REVIEWER),
        "desk.lifts": user.has_role(RoleName.DIRECTOR),
        "desk.erasures": user.has_role(RoleName.DIRECTOR),
        "desk.late": user.has_role(RoleName.OFFICER, RoleName.DIRECTOR),
        "desk.changes": user.has_role(*READERS),
    }
    return tuple(name for name, concerns in wanted.items() if concerns)


def _concerns(user: Any) -> tuple[str, ...]:
    """What can wait on somebody with these roles."""
    names = []
    if user.has_role(RoleName.OFFICER):
        names += ["waiting.queue", "waiting.questions"]
    if user.has_role(RoleName.DIRECTOR):
        names += ["waiting.proposals", "waiting.unread", "waiting.slates", "waiting.lifts", "waiting.erasures"]
    if user.has_role(RoleName.OFFICER, RoleName.DIRECTOR):
        names += ["waiting.waivers", "waiting.appeals"]
    if user.has_role(RoleName.REVIEWER):
        names.append("waiting.reviews")
    if user.has_role(RoleName.OFFICER, RoleName.DIRECTOR, RoleName.REVIEWER):
        names.append("waiting.panels")
    if may_tend_outbox(user):
        names.append("waiting.outbox")
    return tuple(names)


def counts(user: Any) -> dict[str, int]:
    """How much waits, by kind, with one statement for a page; kept on the user, who lives for one request."""
    known: dict[str, int] | None = user.__dict__.get("_waiting_counts")
    if known is None:
        found = count_prepared(user, _concerns(user), limit=MOST_COUNTED)
        known = {name.removeprefix("waiting."): number for name, number in found.items()}
        user.__dict__["_waiting_counts"] = known
    return known


def desk_count(user: Any) -> int | None:
    """Everything that waits on the person and stands on the desk."""
    return sum(number for name, number in counts(user).items() if name not in _ELSEWHERE) or None
