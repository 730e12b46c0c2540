"""Erasure: the key of an organisation is destroyed, and with it everything that was ever sealed under it."""

from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.choices import InvitationStatus, RoleName
from accounts.models import Invitation, Role, User
from accounts.services.closing import ERASED_DOMAIN, erase_account
from core import files
from core.crypto import destroy_key
from core.registry import Kept, keys_of_partner, partner_erasures
from core.sealed import path_to_subject
from core.translated import Translated
from organizations.models import Document, Membership, Organization, Person, Registration

log = structlog.get_logger(__name__)

# Code of what keeps a partner's name and registrations in the books.
GRANTS = "grants"


@transaction.atomic
def erase_organization(*, organization: Organization) -> bool:
    """Destroy the key of an organisation and delete its stored files. What was sealed (people, messages, files,
    sensitive answers, what the staff wrote of it) reads as erased from now on; what was never sealed stays, with what
    must be kept of decisions. False when there was no key.
    """
    locked = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    for model in files.file_models():
        for row in model._default_manager.filter(**{path_to_subject(model): locked.pk}):
            files.drop_after_commit(row)
    for others in keys_of_partner:
        for key in others(locked.pk):
            destroy_key(key)
    done = destroy_key(locked.pk)
    log.info("organization_erased", organization=str(locked.pk), had_a_key=done)
    return done


def what_is_kept(organization: Organization) -> list[Kept]:
    """What stays after an erasure, and why."""
    return [kept for step in partner_erasures for kept in step.keeps(organization) if kept.count]


@transaction.atomic
def erase_everything(*, organization: Organization, asked_by: Any) -> list[Kept]:
    """End what is open, destroy what every app keeps, then the key. Returns what stays. The caller has asked whether
    it may be, and holds the locks.
    """
    for step in partner_erasures:
        step.prepare(organization, asked_by)
    kept = what_is_kept(organization)
    for step in partner_erasures:
        step.erase(organization)
    erase_profile(organization, keep_name=any(row.code == GRANTS for row in kept))
    erase_organization(organization=organization)
    return kept


def erase_profile(organization: Organization, *, keep_name: bool) -> None:
    """Facts, people, documents and accounts of an organisation. Community, regions and themes stay, for statistics; the
    name and the registrations while the books must name whom a grant was paid to.
    """
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    row.mission, row.district, row.website, row.legal_status_note = Translated(), "", "", ""
    row.yearly_budget = row.staff_count = row.volunteer_count = row.year_founded = None
    row.languages = []
    Registration.objects.filter(organization=row).update(certificate=None)
    for document in Document.objects.filter(organization=row):
        files.drop_after_commit(document)
    for model in (Document, Person):
        model._default_manager.filter(organization=row).delete()
    row.erased_at = timezone.now()
    row.save()
    if not keep_name:
        forget_name(row)
    _close_accounts(row)


def forget_name(row: Organization) -> None:
    """The last that says who it was."""
    row.names.all().delete()
    Registration.objects.filter(organization=row).delete()
    row.name, row.search = Translated(), ""
    row.save(update_fields=["name", "search"])


def _close_accounts(row: Organization) -> None:
    """Members leave; whoever has no other place here has no account any more."""
    people = list(User.objects.filter(memberships__organization=row).order_by("pk"))
    Membership.objects.filter(organization=row).delete()
    invited = Invitation.objects.filter(purpose="member", subject=row.pk)
    invited.filter(status=InvitationStatus.OPEN).update(status=InvitationStatus.WITHDRAWN)
    # Whom they had invited says who they were; whoever came keeps the account, and no trace leads there.
    invited.update(email=f"{row.pk}@{ERASED_DOMAIN}", details={})
    for person in people:
        works = Role.objects.filter(user=person).exclude(name=RoleName.APPLICANT).exists()
        if not (works or person.is_staff or person.memberships.exists()):
            erase_account(user=person)
