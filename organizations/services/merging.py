"""One record out of two of the same organisation: what this app keeps of a partner moves to the record that stays.

Called by the service of diligence that merges, inside its transaction and with both rows locked.
"""

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.choices import RoleName
from accounts.models import Invitation
from accounts.services.roles import grant_role
from core.errors import DomainError
from core.moving import move_sealed
from organizations.choices import LegalStatus, MemberRole, NameUse
from organizations.models import (
    Compromise,
    Document,
    ErasureRequest,
    Membership,
    Organization,
    Person,
    Registration,
    RegistrationCheck,
)
from organizations.services.compromise import is_compromised
from organizations.services.members import RANK
from organizations.services.names import refresh_names
from organizations.standing import forget

_MOVED: tuple[type[Model], ...] = (Person, Registration, Document, Compromise, ErasureRequest)
# Facts that the record that stays takes over where it has none itself.
_FILLED = (
    "community", "operates_in", "district", "themes", "mission", "year_founded", "staff_count", "volunteer_count",
    "website", "languages", "legal_status_note",
)  # fmt: skip


def move_references(kept: Organization, gone: Organization) -> int:
    """People, registrations, documents, members and open invitations of `gone` become those of `kept`; its names are
    kept as former names.
    """
    for partner in (kept, gone):
        if is_compromised(partner.pk):
            raise DomainError(
                _("One of the two is marked as compromised. Merge them once two people have lifted that.")
            )
    if kept.erased_at is not None or gone.erased_at is not None:
        # What was erased must not come back under a name, nor what is alive go with what is still to be forgotten.
        raise DomainError(_("One of the two was erased at its own wish. What is left of it stays by itself."))
    if ErasureRequest.objects.filter(organization__in=(kept, gone), settled_at__isnull=True).exists():
        raise DomainError(_("One of the two has asked to be erased. Merge them once that is settled."))
    # The registrations are as they were read: of `gone` still.
    for check in RegistrationCheck.objects.filter(registration__organization=gone).select_related("registration"):
        move_sealed(check, lambda row: setattr(row.registration, "organization", kept))
    moved = 0
    for model in _MOVED:
        rows = list(model._default_manager.filter(organization=gone))
        moved += len(rows)
        for row in rows:
            move_sealed(row, lambda row: setattr(row, "organization", kept))
    # Whoever was invited meant this organisation.
    Invitation.objects.filter(purpose="member", subject=gone.pk).update(subject=kept.pk)
    moved += _move_members(kept, gone)
    _take_over(kept, gone)
    return moved


def _move_members(kept: Organization, gone: Organization) -> int:
    present = {row.user_id: row for row in kept.memberships.all()}
    moved = 0
    for row in gone.memberships.select_related("user"):
        already = present.get(row.user_id)
        if already is None:
            Membership.objects.filter(pk=row.pk).update(organization=kept)
            grant_role(user=row.user, programme=kept.programme, role=RoleName.APPLICANT)
            moved += 1
        else:
            if RANK[MemberRole(row.role)] > RANK[MemberRole(already.role)]:
                Membership.objects.filter(pk=already.pk).update(role=row.role)
            row.delete()
        forget(row.user)
    return moved


def _take_over(kept: Organization, gone: Organization) -> None:
    """Names as former ones, and facts where `kept` has none. The caller announces the change."""
    fields = [name for name in _FILLED if not getattr(kept, name) and getattr(gone, name)]
    for name in fields:
        setattr(kept, name, getattr(gone, name))
    if kept.yearly_budget is None and gone.yearly_budget is not None:
        kept.yearly_budget, kept.budget_currency = gone.yearly_budget, gone.budget_currency
        fields += ["yearly_budget", "budget_currency"]
    if kept.legal_status == LegalStatus.UNKNOWN:
        kept.legal_status = gone.legal_status
        fields.append("legal_status")
    known = set(kept.names.values_list("text", flat=True))
    by_use: dict[str, list[str]] = {NameUse.FORMER: [], NameUse.SHORT: []}
    for row in kept.names.order_by("created_at", "text"):
        if row.use in by_use:
            by_use[row.use].append(row.text)
    for row in gone.names.order_by("created_at", "text"):
        if row.text not in known:
            by_use[NameUse.SHORT if row.use == NameUse.SHORT else NameUse.FORMER].append(row.text)
            known.add(row.text)
    refresh_names(kept, former=by_use[NameUse.FORMER], short=by_use[NameUse.SHORT])
    gone.names.all().delete()
    kept.save(update_fields=[*fields, "search"])
