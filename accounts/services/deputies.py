"""Naming a deputy, ending it, and what four-eyes steps must know of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import LENDABLE_ROLES, STAFF_ROLES, DeputyReason, RoleName
from accounts.models import Deputyship, Programme, Role, User
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted

# Longer absences are a matter of roles, which an administrator gives.
MOST_DAYS = 190
# Whoever only reads and checks cannot act for those they check.
_MAY_DEPUTISE = STAFF_ROLES - {RoleName.AUDITOR}


class DeputyRefused(DomainError):
    """A deputy cannot be named like this; `field` names what to mend."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Deputising:
    """Who is to act, as what and when. The days are whole, both included, in the zone of the office."""

    deputy: User
    programme: Programme
    role: str
    starts_on: date
    ends_on: date
    reason: str
    note: str = ""


def own_roles(user: User) -> list[Role]:
    """The roles that the person holds themselves and may lend; what they hold as a deputy is not theirs to pass on."""
    rows = Role.objects.filter(user=user, name__in=LENDABLE_ROLES).select_related("programme")
    return list(rows.order_by("programme__slug", "name"))


def candidates(user: User) -> list[User]:
    """Colleagues in the programmes of the person who may be named, by name."""
    programmes = {role.programme_id for role in own_roles(user)}
    works = Role.objects.filter(programme__in=programmes, name__in=_MAY_DEPUTISE).values("user_id")
    people = User.objects.filter(pk__in=works, is_active=True).exclude(pk=user.pk)
    return sorted(people, key=lambda person: str(person).casefold())


def _check(by: User, wish: Deputising) -> None:
    if wish.role not in LENDABLE_ROLES or wish.reason not in DeputyReason.values:
        raise DomainError
    if not Role.objects.filter(user=by, programme=wish.programme, name=wish.role).exists():
        raise DeputyRefused("role", _("You do not hold this role yourself. A deputy cannot name another deputy."))
    works_here = Role.objects.filter(user=wish.deputy, programme=wish.programme, name__in=_MAY_DEPUTISE)
    if wish.deputy.pk == by.pk or not wish.deputy.is_active or not works_here.exists():
        raise DeputyRefused("deputy", _("This person cannot act for you. Choose a colleague of this programme."))
    today = timezone.now().astimezone(ZoneInfo(wish.programme.time_zone)).date()
    if wish.starts_on < today:
        raise DeputyRefused("starts_on", _("The first day is over. Choose today or a later day."))
    if wish.ends_on < wish.starts_on:
        raise DeputyRefused("ends_on", _("The last day comes before the first."))
    if wish.ends_on - wish.starts_on > timedelta(days=MOST_DAYS):
        raise DeputyRefused("ends_on", _("A deputy is named for half a year at most. Choose an earlier last day."))


@transaction.atomic
def name_deputy(*, by: User, wish: Deputising) -> Deputyship:
    """Lend one of one's own roles to a colleague for some days. Both hear of it, and the directors.

    Raises:
        DeputyRefused: with the field and what to mend.
    """
    # Two windows of the same person wait here for each other.
    by = User.objects.select_for_update().get(pk=by.pk)
    _check(by, wish)
    same = Deputyship.objects.filter(
        user=by, deputy=wish.deputy, programme=wish.programme, role=wish.role, revoked_at__isnull=True
    )
    if same.filter(starts_on__lte=wish.ends_on, ends_on__gte=wish.starts_on).exists():
        raise DeputyRefused("deputy", _("This person is your deputy for some of these days already."))
    row = Deputyship.objects.create(
        user=by,
        deputy=wish.deputy,
        programme=wish.programme,
        role=wish.role,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        reason=wish.reason,
        note=wish.note.strip(),
    )
    _tell(row, by, "named")
    wish.deputy.__dict__.pop("roles_by_programme", None)
    return row


@transaction.atomic
def end_deputyship(*, deputyship: Deputyship, by: User) -> Deputyship:
    """End it before its time: by either of the two or a director of the programme. Ending it twice changes nothing.

    Raises:
        NotPermitted: it is none of theirs.
    """
    row = Deputyship.objects.select_for_update(of=("self",)).select_related("programme").get(pk=deputyship.pk)
    if not may_end(by, row):
        raise NotPermitted
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = timezone.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
        _tell(row, by, "ended")
    return row


def may_end(user: User, row: Deputyship) -> bool:
    """True for the two people and for directors of the programme."""
    if user.pk in (row.user_id, row.deputy_id):
        return True
    return user.has_role(RoleName.DIRECTOR, programme_id=row.programme_id)


def _tell(row: Deputyship, by: User, what: str) -> None:
    """Both people and the directors, but nobody of what they did themselves."""
    params = {"role": row.role, "from": row.starts_on.isoformat(), "until": row.ends_on.isoformat()}
    concerned = {row.deputy_id: f"accounts.deputy_{what}_you", row.user_id: f"accounts.deputy_{what}"}
    directors = users_with(row.programme, RoleName.DIRECTOR)
    people = {person.pk: person for person in [*directors, row.deputy, row.user]}
    for pk, person in people.items():
        if pk != by.pk or pk == row.user_id:
            kind = concerned.get(pk, f"accounts.deputy_{what}")
            notify(event=f"deputy_{what}:{row.pk}", users=[person], kind=kind, params=params)


# ---- what four-eyes steps ask ---------------------------------------------------------------------------------------
def deputies_of(user: Any, programme: Programme, role: str) -> list[User]:
    """Who acts for the person in that role now."""
    rows = Deputyship.objects.live().filter(user=user, programme=programme, role=role).select_related("deputy")
    return [row.deputy for row in rows]


type Tie = tuple[Any, Any, str]


def ties(programme: Programme, since: datetime) -> frozenset[Tie]:
    """(person, deputy, role) of everybody who acted for somebody at some time since `since` (one statement)."""
    rows = Deputyship.objects.since(since).filter(programme=programme).order_by()
    return frozenset(rows.values_list("user_id", "deputy_id", "role"))


def standing_for(user: Any, programme: Programme, role: str) -> Any:
    """The id of the person for whom `user` acts in the role, or None when they hold it themselves."""
    if Role.objects.filter(user=user, programme=programme, name=role).exists():
        return None
    rows = Deputyship.objects.live().filter(deputy=user, programme=programme, role=role)
    return rows.order_by("starts_on", "pk").values_list("user_id", flat=True).first()
