"""A partner whose telephone was seized or whose office was raided: everything stops with one step, and begins again
with two people.

What later stages do at that moment (restricting applications, holding payments) they do as listeners of
`organization_compromised`, inside its transaction. Whatever moves money asks `demand_uncompromised` after it has
locked what it moves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.deputies import ties
from accounts.services.holds import hold_people, release_people
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted, SamePerson, TransitionNotAllowed
from core.models import AuditEntry
from organizations.choices import CompromiseKind
from organizations.models import Compromise, Organization
from organizations.signals import organization_compromised, organizations_changing

log = structlog.get_logger(__name__)

SHORTEST_REASON = 10
# Whom else to tell: functions organization -> people, registered by apps to the right.
audiences: list[Callable[[Organization], Iterable[User]]] = []


class ReasonTooShort(DomainError):
    """Nobody could tell later why."""

    sentence = _("Write in a sentence what is known, so that your colleagues can judge it later.")


class MoneyHeld(DomainError):
    """Money would move for a partner that is compromised."""

    sentence = _(
        "This partner is marked as compromised. No money is promised or paid to it until two people have lifted that."
    )


class LiftSettled(TransitionNotAllowed):
    """Somebody else was first: lifted it, took the proposal back, or marked the partner again."""

    sentence = _("A colleague has settled this meanwhile. Reload the page to see how it stands.")


class MergedMeanwhile(DomainError):
    """The record is gone; everything of it is in another one."""

    sentence = _(
        "A colleague has just merged this record into another one of the same partner. Nothing is stopped yet: mark the"
        " record that stays."
    )


class OwnLift(SamePerson):
    """Whoever proposed to lift it would confirm it too."""

    sentence = _("You proposed to lift it yourself. Another director must confirm it.")


class LiftByDeputy(SamePerson):
    """The two act for each other."""

    sentence = _("You and the person who proposed it act for each other as deputies. Another director must confirm it.")


def open_compromise(organization_id: UUID) -> Compromise | None:
    """The mark on a partner while it stands."""
    return Compromise.objects.open().select_related("reported_by").filter(organization=organization_id).first()


def is_compromised(organization_id: UUID) -> bool:
    """True while the partner is marked (one statement)."""
    return Compromise.objects.open().filter(organization=organization_id).exists()


# How long before the mark whoever had the device may have begun.
LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is kept out, and what of them is so new that it may be of whoever had the device."""

    person: User
    joined_at: datetime | None
    address_changed_at: datetime | None


def newcomers(compromise: Compromise) -> list[Newcomer]:
    """Members who joined, or whose address changed, since thirty days before the mark (two statements)."""
    since = compromise.reported_at - LOOKED_BACK
    members = compromise.organization.memberships.select_related("user").order_by("created_at", "pk")
    people = {row.user_id: row for row in members}
    entries = AuditEntry.objects.filter(
        label="accounts.User", operation="update", about__in=people, at__gte=since, withheld__contains=["email"]
    )
    changed = {entry.about: entry.at for entry in entries.order_by("pk").only("about", "at")}
    return [
        Newcomer(row.user, row.created_at if row.created_at >= since else None, changed.get(key))
        for key, row in people.items()
        if row.created_at >= since or key in changed
    ]


def demand_uncompromised(organization_id: UUID) -> None:
    """Refuse to move money for a compromised partner. Ask after locking what is to be moved: marking waits for the
    same lock, so that nothing slips in between.

    Raises:
        MoneyHeld: the partner is marked.
    """
    if is_compromised(organization_id):
        raise MoneyHeld


@transaction.atomic
def mark_compromised(*, organization: Organization, by: User | None, kind: str, reason: str) -> Compromise:
    """Stop everything: its members are signed out and kept out, mail to them waits, money stands still, and later
    stages hear of it. Marking again does no harm, catches what came since, and undoes a proposal to lift. `by` is None
    for the command.

    Raises:
        NotPermitted: `by` may not, or belongs to the partner.
        ReasonTooShort.
        MergedMeanwhile: the record went into another one in this very moment.
        LiftSettled: two people lifted it in this very moment.
    """
    if by is not None and not by.has_perm("organizations.mark_compromised", organization):
        raise NotPermitted
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort
    organizations_changing.send(sender=Organization, organizations=[organization.pk])
    # Whoever joins in this moment waits here, and is refused; or was first, and is kept out with the others.
    if not Organization.objects.select_for_update(of=("self",)).filter(pk=organization.pk).exists():
        raise MergedMeanwhile
    # Two who press at once meet at the constraint, and both find the one row.
    compromise, made = Compromise.objects.get_or_create(
        organization=organization,
        lifted_at=None,
        defaults={
            "kind": CompromiseKind(kind),
            "reason": reason,
            "reported_by": by,
            "reported_at": timezone.now(),
        },
    )
    compromise = Compromise.objects.select_for_update(of=("self",)).select_related("organization").get(pk=compromise.pk)
    if not compromise.is_open:  # lifted while this waited
        raise LiftSettled
    if compromise.lift_proposed_at is not None:
        _drop_proposal(compromise)
    hold_people(subject=organization.pk, people=User.objects.filter(memberships__organization=organization))
    organization_compromised.send(sender=Organization, organization=organization, compromise=compromise, by=by)
    if made:
        tell(compromise, "organizations.compromised", but=by)
    log.warning("partner_compromised", compromise=str(compromise.pk))
    return compromise


def to_be_told(compromise: Compromise) -> list[User]:
    """Directors of the programme, and whom later stages name (`audiences`), as far as they may know of it."""
    organization = compromise.organization
    people = {person.pk: person for person in users_with(organization.programme, RoleName.DIRECTOR)}
    for audience in audiences:
        people |= {person.pk: person for person in audience(organization)}
    known = Compromise.objects.filter(pk=compromise.pk)
    return [person for person in people.values() if known.visible_to(person).exists()]


def tell(compromise: Compromise, kind: str, *, but: User | None = None, once: str = "") -> None:
    """Tell people in Mainstay; the mail says only that there is a message."""
    notify(
        event=f"{kind}:{compromise.pk}{once}",
        users=[person for person in to_be_told(compromise) if but is None or person.pk != but.pk],
        kind=kind,
        params={"compromise": str(compromise.pk)},
    )


def _locked(compromise: Compromise, by: User, permission: str) -> Compromise:
    row = (
        Compromise.objects.select_for_update(of=("self",))
        .select_related("organization__programme", "lift_proposed_by")
        .get(pk=compromise.pk)
    )
    if not by.has_perm(permission, row):
        raise NotPermitted
    if not row.is_open:
        raise LiftSettled
    return row


@transaction.atomic
def propose_lift(*, compromise: Compromise, by: User, reason: str) -> Compromise:
    """The first of two steps: say why it is safe again. The directors are told. A proposal that stands stays.

    Raises:
        NotPermitted, ReasonTooShort.
        LiftSettled: it is lifted already.
    """
    row = _locked(compromise, by, "organizations.propose_lift")
    if row.lift_proposed_at is not None:
        return row
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort(_("Write in a sentence how you know that it is safe again."))
    row.lift_reason, row.lift_proposed_by, row.lift_proposed_at = reason.strip(), by, timezone.now()
    row.save(update_fields=["lift_reason", "lift_proposed_by", "lift_proposed_at"])
    once = f":{row.lift_proposed_at.timestamp()}"
    tell(row, "organizations.lift_proposed", but=by, once=once)
    return row


@transaction.atomic
def take_lift_back(*, compromise: Compromise, by: User) -> Compromise:
    """The partner stays marked: by whoever proposed, or by a director who disagrees. Twice does no harm."""
    row = _locked(compromise, by, "organizations.propose_lift")
    if row.lift_proposed_at is not None:
        _drop_proposal(row)
    return row


def _drop_proposal(row: Compromise) -> None:
    row.lift_reason, row.lift_proposed_by, row.lift_proposed_at = "", None, None
    row.save(update_fields=["lift_reason", "lift_proposed_by", "lift_proposed_at"])


def refusal(row: Compromise, person: User) -> type[SamePerson] | None:
    """Why this person may not confirm the proposal that stands; None when four eyes are kept."""
    if row.lift_proposed_at is None or row.lift_proposed_by_id is None:
        return None
    if person.pk == row.lift_proposed_by_id:
        return OwnLift
    both = {person.pk, row.lift_proposed_by_id}
    known = ties(row.organization.programme, row.lift_proposed_at)
    return LiftByDeputy if any({principal, deputy} == both for principal, deputy, _role in known) else None


@transaction.atomic
def confirm_lift(*, compromise: Compromise, by: User, proposed_at: Any = None) -> Compromise:
    """The second step, by another person: members may sign in again once they have chosen a new password, mail that
    waited goes out, and money may move. Applications stay restricted: their named readers decide on that.
    What its people had invited to is withdrawn: nobody knows who wrote it, and its owners can invite again.

    `proposed_at` is the moment of the proposal that the page showed.

    Raises:
        NotPermitted, OwnLift, LiftByDeputy.
        LiftSettled: there is no such proposal any more.
    """
    row = _locked(compromise, by, "organizations.confirm_lift")
    if row.lift_proposed_at is None or (proposed_at is not None and proposed_at != row.lift_proposed_at):
        raise LiftSettled
    if refused := refusal(row, by):
        raise refused
    row.lifted_by, row.lifted_at = by, timezone.now()
    try:
        with transaction.atomic():
            row.save(update_fields=["lifted_by", "lifted_at"])
    except IntegrityError as error:  # the table's own four eyes
        raise OwnLift from error
    release_people(subject=row.organization_id)
    tell(row, "organizations.compromise_lifted", but=by)
    log.warning("partner_compromise_lifted", compromise=str(row.pk))
    return row
