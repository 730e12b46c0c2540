"""Finding organisations that may be the same one, and keeping what a person decided about a pair.

It runs after the change that made it necessary, in a worker: what the applicant sees, and when, is the same whether or
not there is anybody like them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from diligence.choices import DuplicateStatus
from diligence.models import DuplicateCandidate
from names import fold, likely_same, similarity
from organizations.choices import Registry
from organizations.models import Organization, OrganizationName, Registration

# Names looked at for each name and each way of looking; more would be a crowd, not a likeness.
RETRIEVED = 80


class NoteNeeded(DomainError):
    """A pair is resolved only with a note."""

    sentence = _("Write what you compared and what decided it.")


def find_candidates(organization_id: UUID) -> list[DuplicateCandidate]:
    """Compare an organisation with the others of its programme and record the pairs that a person should look at.

    Running it again changes nothing: one row a pair, and a pair that was judged is opened again only when a number or
    name speaks for it that was not there then.
    """
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        return []
    names = list(organization.names.all())
    numbers = _same_number(organization)
    others = set(numbers) | _alike(organization, names)
    names_of: dict[UUID, list[str]] = defaultdict(list)
    for owner, text in OrganizationName.objects.filter(organization__in=others).values_list("organization_id", "text"):
        names_of[owner].append(text)
    found = []
    for other in sorted(others):
        evidence = _evidence([row.text for row in names], names_of[other], numbers.get(other, set()))
        if evidence:
            found.append(_record(organization.pk, other, evidence))
    return found


def _same_number(organization: Organization) -> dict[UUID, set[str]]:
    """Others of the programme with the same number in the same registry: {organisation: numbers}."""
    same = Q(pk__in=[])
    for registry, key in (
        organization.registrations.exclude(number_key="")
        .exclude(registry=Registry.NONE)
        .values_list("registry", "number_key")
    ):
        same |= Q(registry=registry, number_key=key)
    rows = Registration.objects.filter(same, organization__programme=organization.programme_id).exclude(
        organization=organization.pk
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for owner, registry, key in rows.values_list("organization_id", "registry", "number_key"):
        found[owner].add(f"{registry}:{key}")
    return found


def _alike(organization: Organization, names: Iterable[OrganizationName]) -> set[UUID]:
    """Others of the programme one of whose names is near one of ours, by spelling, by sound or by its words."""
    others = OrganizationName.objects.filter(organization__programme=organization.programme_id).exclude(
        organization=organization.pk
    )
    found: set[UUID] = set()
    for name in names:
        for lookup in _lookups(others, name):
            found.update(lookup.values_list("organization_id", flat=True)[:RETRIEVED])
    return found


def _lookups(others: "QuerySet[OrganizationName]", name: OrganizationName) -> "Iterable[QuerySet[OrganizationName]]":
    for form in ("latin", "skeleton"):
        written = getattr(name, form)
        if written:
            near = others.filter(**{f"{form}__trigram_similar": written})
            yield near.annotate(near=TrigramSimilarity(form, written)).order_by(F("near").desc(), "pk")
    if name.keys:
        yield others.filter(keys__overlap=name.keys).order_by("pk")


def _evidence(ours: list[str], theirs: list[str], numbers: set[str]) -> dict[str, Any] | None:
    pairs = sorted(
        (
            (round(similarity(a, b).score, 2), *sorted((a, b)))
            for a in dict.fromkeys(ours)
            for b in dict.fromkeys(theirs)
            if likely_same([a], [b]) is not None
        ),
        reverse=True,
    )
    if not pairs and not numbers:
        return None
    basis = [f"number:{number}" for number in numbers] + [f"name:{fold(a)}|{fold(b)}" for _score, a, b in pairs]
    return {
        "registry_number": bool(numbers),
        "score": pairs[0][0] if pairs else 0,
        "pairs": [[a, b, score] for score, a, b in pairs[:10]],
        "basis": sorted({hashlib.sha256(text.encode()).hexdigest()[:16] for text in basis}),
    }


@transaction.atomic
def _record(one: UUID, other: UUID, evidence: dict[str, Any]) -> DuplicateCandidate:
    first, second = sorted((one, other))
    # Without its evidence, which is sealed below: a pair that is there already leaves no key behind.
    DuplicateCandidate.objects.bulk_create(
        [DuplicateCandidate(first_id=first, second_id=second)], ignore_conflicts=True
    )
    pair = DuplicateCandidate.objects.select_for_update(of=("self",)).get(first=first, second=second)
    known = set(pair.evidence.get("basis", []))
    earlier = pair.evidence.get("earlier", [])
    fresh = set(evidence["basis"]) - known
    if pair.status != DuplicateStatus.OPEN:
        if not fresh:
            return pair
        earlier = [*earlier, _judgement(pair)]
        pair.status, pair.resolved_by, pair.resolved_at, pair.note = DuplicateStatus.OPEN, None, None, ""
    # What was compared once stays known, so that a name going back and forth does not open the pair each time.
    pair.evidence = evidence | {"basis": sorted(known | set(evidence["basis"])), "earlier": earlier}
    pair.save(update_fields=["status", "resolved_by", "resolved_at", "note", "evidence"])
    return pair


def _judgement(pair: DuplicateCandidate) -> dict[str, str]:
    return {
        "status": pair.status,
        "by": str(pair.resolved_by or ""),
        "at": pair.resolved_at.isoformat() if pair.resolved_at else "",
        "note": pair.note,
    }


@transaction.atomic
def resolve(*, pair: DuplicateCandidate, by: User, same: bool, note: str) -> DuplicateCandidate:
    """Record that two organisations are the same one, or are not. Nothing is merged.

    Raises:
        NotPermitted: `by` may not judge both organisations.
        NoteNeeded: no note was written.
        TransitionNotAllowed: somebody has judged the pair already.
    """
    if not by.has_perm("diligence.resolve_duplicate", pair):
        raise NotPermitted
    if not note.strip():
        raise NoteNeeded
    stored = DuplicateCandidate.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if stored.status != DuplicateStatus.OPEN:
        raise TransitionNotAllowed(_("Somebody has judged this pair already. Their note is below."))
    stored.status = DuplicateStatus.SAME if same else DuplicateStatus.DIFFERENT
    stored.resolved_by, stored.resolved_at, stored.note = by, timezone.now(), note.strip()
    stored.save(update_fields=["status", "resolved_by", "resolved_at", "note"])
    return stored
