"""Merging two records of one organisation, after a person has judged that they are the same.

Everything that points at a partner is moved by the app that keeps it (`core.registry.partner_references`); a record to
which anything still points is not taken away.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, router, transaction
from django.db.models import Q
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.notices import notify
from core.crypto import destroy_key
from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from core.moving import move_sealed
from core.registry import partner_references
from diligence.choices import DuplicateStatus
from diligence.models import (
    CapacityAssessment,
    DuplicateCandidate,
    FinancialPosition,
    OtherFunding,
    PartnerMerge,
    PressureEvent,
)
from diligence.signals import record_saved
from grants.choices import Confidentiality
from organizations.models import Organization
from organizations.services.aliases import renew_alias
from organizations.services.profiles import announce
from organizations.signals import organizations_changing

log = structlog.get_logger(__name__)
_RECORDS = (PressureEvent, FinancialPosition, CapacityAssessment, OtherFunding, PartnerMerge)


class MergedAlready(DomainError):
    """One of the two records is gone: a colleague merged them."""

    sentence = _("A colleague has merged these two records already.")


class WordMissing(DomainError):
    """The confirmation was not typed, or not as it stands."""

    sentence = _("Type the alias of the record that goes, exactly as it stands above.")


class CannotBeMerged(DomainError):
    """Something of one record cannot move to the other."""

    sentence = _("These two records cannot be merged: something of one cannot move to the other. Nothing was changed.")


@transaction.atomic
def merge_partners(*, pair: DuplicateCandidate, keep: UUID, typed: str, by: User) -> Organization:
    """Move everything of one organisation of the pair to the other (`keep`) and take the empty record away. Members of
    both belong to it afterwards, and are told. `typed` is the alias of the record that goes.

    Raises:
        MergedAlready: a colleague was quicker.
        NotPermitted: `by` may not judge both organisations, or one of them is restricted to others.
        TransitionNotAllowed: nobody has judged that they are the same.
        WordMissing: `typed` is not the alias.
        CannotBeMerged: an app cannot move what it keeps.
    """
    # In one order, as whoever marks one of them as compromised, and whoever merges one of them with a third.
    ids = sorted((pair.first_id, pair.second_id))
    organizations_changing.send(sender=Organization, organizations=ids)
    both = {
        row.pk: row for row in Organization.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    stored = DuplicateCandidate.objects.select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if stored is None or len(both) != 2 or {stored.first_id, stored.second_id} != set(both):
        raise MergedAlready
    stored.first, stored.second = both[stored.first_id], both[stored.second_id]
    if keep not in both or not by.has_perm("diligence.merge_partners", stored):
        raise NotPermitted
    if stored.status != DuplicateStatus.SAME or stored.resolved_by is None:
        raise TransitionNotAllowed(_("First record that the two are the same organisation, and why."))
    kept = both.pop(keep)
    (gone,) = both.values()
    if " ".join(typed.split()).casefold() != gone.alias.casefold():
        raise WordMissing
    merge = PartnerMerge(
        organization=kept,
        merged_id=gone.pk,
        pair_id=stored.pk,
        merged_names=list(gone.names.order_by("use", "text").values_list("text", flat=True)),
        note=stored.note,
        judged_by=stored.resolved_by,
        merged_by=by,
    )
    _drop(stored)
    merge.moved = _move(kept, gone)
    merge.save(force_insert=True)
    _tell(merge, kept, by)
    return kept


def _drop(pair: DuplicateCandidate) -> None:
    """Take a pair away, and the key under which its evidence lies."""
    key = pair.pk
    pair.delete()
    destroy_key(key)


def _move(kept: Organization, gone: Organization) -> dict[str, int]:
    moved, key = {}, gone.pk
    try:
        with transaction.atomic():
            for name in partner_references.names():
                moved[name] = partner_references.get(name)(kept, gone)
            _take_away(gone)
            destroy_key(key)
    except (IntegrityError, ProtectedError, RestrictedError) as error:
        raise CannotBeMerged from error
    return moved


def _take_away(gone: Organization) -> None:
    """Delete the empty record, and nothing with it.

    Raises:
        CannotBeMerged: something still points at it, of an app that moves nothing.
    """
    collector = Collector(using=router.db_for_write(Organization), origin=gone)
    collector.collect([gone])
    others = [model for model, rows in collector.data.items() if model is not Organization and rows]
    if others or any(rows.exists() for rows in collector.fast_deletes):
        raise CannotBeMerged
    gone.delete()


def _tell(merge: PartnerMerge, kept: Organization, by: User) -> None:
    restricted = kept.applications.filter(confidentiality=Confidentiality.RESTRICTED).exists()
    # What was known of either alias beside a name is worth nothing any more.
    renew_alias(kept)
    announce(kept, by=by, names_changed=True, numbers_changed=True)
    record_saved.send(sender=PartnerMerge, organization_id=kept.pk, record=merge, by=by)
    notify(
        event=f"merged:{merge.pk}",
        users=User.objects.filter(memberships__organization=kept),
        kind="diligence.records_merged",
        params={"organization": str(kept.pk)},
        restricted=restricted,
    )
    log.info("partners_merged", by=str(by.pk), kept=str(kept.pk), gone=str(merge.merged_id), moved=merge.moved)


def move_records(kept: Organization, gone: Organization) -> int:
    """What due diligence recorded about `gone`, and the pairs it stands in, become those of `kept`."""
    moved = 0
    for model in _RECORDS:
        manager: Any = model._default_manager
        rows = list(manager.filter(organization=gone))
        moved += len(rows)
        for row in rows:
            move_sealed(row, lambda row: setattr(row, "organization", kept))
    for pair in DuplicateCandidate.objects.filter(Q(first=gone) | Q(second=gone)):
        other = pair.second_id if pair.first_id == gone.pk else pair.first_id
        first, second = sorted((kept.pk, other))
        if DuplicateCandidate.objects.filter(first=first, second=second).exists():
            _drop(pair)
            continue
        DuplicateCandidate.objects.filter(pk=pair.pk).update(first=first, second=second)
        moved += 1
    return moved


def keys_of_pairs(organization_id: UUID) -> Iterable[UUID]:
    """What is written of a pair tells of both, and goes when one of them is erased."""
    pairs = DuplicateCandidate.objects.filter(Q(first=organization_id) | Q(second=organization_id))
    return pairs.values_list("pk", flat=True)
