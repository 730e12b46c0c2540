"""Registrations of an organisation, and the mark of the staff that a registration was verified."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, NotPermitted, StaleVersion
from organizations.choices import DocumentKind, Registry
from organizations.models import Organization, Registration, RegistrationCheck
from organizations.registries import clean_number, number_key
from organizations.services.documents import add_document
from organizations.services.once import once_id
from organizations.services.profiles import announce
from organizations.versions import version_of

FIELDS = ("registry", "number", "issued_on", "expires_on")
_FIRST_YEAR, _LONGEST = 1850, 60


class DatesRefused(DomainError):
    """The dates of a registration cannot be right."""


class ReasonNeeded(DomainError):
    """A mark is taken back only with a reason."""

    sentence = _("Write why you take the mark back.")


def registration_values(registration: Registration) -> dict[str, Any]:
    """What is stored about a registration, as the form shows it."""
    return {field: getattr(registration, field) for field in FIELDS}


def check_dates(*, issued_on: date | None, expires_on: date | None) -> None:
    """Raise DatesRefused when a registration cannot have these dates."""
    today = timezone.localdate()
    if issued_on and (issued_on > today or issued_on.year < _FIRST_YEAR):
        raise DatesRefused(_("The day of issue must lie in the past, and not before 1850."))
    if expires_on and (expires_on.year < _FIRST_YEAR or expires_on.year > today.year + _LONGEST):
        raise DatesRefused(_("Check the year until which the registration is valid."))
    if issued_on and expires_on and expires_on <= issued_on:
        raise DatesRefused(_("The registration must be valid until a day after the day of issue."))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    check_dates(issued_on=values["issued_on"], expires_on=values["expires_on"])
    number = clean_number(values["registry"], values["number"])
    cleaned = {field: values[field] for field in FIELDS} | {"number": number, "number_key": number_key(number)}
    if values["registry"] == Registry.NONE:
        cleaned |= {"issued_on": None, "expires_on": None}
    return cleaned


def _locked(organization: Organization, by: User) -> Organization:
    if not by.has_perm("organizations.change", organization):
        raise NotPermitted
    return Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)


@transaction.atomic
def add_registration(
    *,
    organization: Organization,
    by: User,
    values: Mapping[str, Any],
    certificate: "UploadedFile[bytes] | None" = None,
    once: UUID | None = None,
) -> Registration:
    """Add a registration, with its certificate where there is one; sending the same page twice adds one.

    Raises:
        NotPermitted: `by` does not write for the organisation.
        NumberRefused, DatesRefused, UploadRefused: what was typed or sent cannot be right.
    """
    locked = _locked(organization, by)
    registration, created = Registration.objects.get_or_create(
        pk=once_id(by, once), organization=locked, defaults=_checked(values)
    )
    if created:
        _attach(registration, by, certificate)
        announce(locked, by=by, numbers_changed=True)
    return registration


def _attach(registration: Registration, by: User, certificate: "UploadedFile[bytes] | None") -> None:
    if certificate is None:
        return
    registration.certificate = add_document(
        organization=registration.organization, by=by, kind=DocumentKind.CERTIFICATE, upload=certificate
    )
    registration.save(update_fields=["certificate"])


@transaction.atomic
def change_registration(
    *,
    registration: Registration,
    by: User,
    values: Mapping[str, Any],
    version: str,
    certificate: "UploadedFile[bytes] | None" = None,
) -> Registration:
    """Change a registration. A mark that it was verified falls, because it spoke of what stood there before.

    Raises:
        NotPermitted, StaleVersion, NumberRefused, DatesRefused, UploadRefused.
    """
    organization = _locked(registration.organization, by)
    stored = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    cleaned = _checked(values)
    changed = [field for field in FIELDS if getattr(stored, field) != cleaned[field]]
    if changed and version != version_of(registration_values(stored)):
        raise StaleVersion
    if changed:
        for field, value in cleaned.items():
            setattr(stored, field, value)
        stored.save(update_fields=list(cleaned))
    _attach(stored, by, certificate)
    if changed or certificate is not None:
        _drop_mark(stored, by=None, reason="")
        announce(organization, by=by, numbers_changed=bool({"registry", "number"} & set(changed)))
    return stored


@transaction.atomic
def remove_registration(*, registration: Registration, by: User) -> None:
    """Remove a registration from the profile; its certificate stays among the documents.

    Raises:
        NotPermitted: `by` does not write for the organisation.
    """
    organization = _locked(registration.organization, by)
    if Registration.objects.filter(pk=registration.pk).delete()[0]:
        announce(organization, by=by, numbers_changed=True)


@transaction.atomic
def verify_registration(*, registration: Registration, by: User, version: str) -> Registration:
    """Record that `by`, of the staff, compared the registration with the registry or its certificate.

    `version` is that of the page on which they saw it, so that nobody vouches for what was changed meanwhile. Marking
    it twice changes nothing.

    Raises:
        NotPermitted: `by` may not verify, or belongs to the organisation.
        StaleVersion: the registration has changed since the page was made.
    """
    if not by.has_perm("organizations.verify_registration", registration.organization):
        raise NotPermitted
    stored = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if stored.verified_at is not None:
        return stored
    if version != version_of(registration_values(stored)):
        raise StaleVersion(_("The organisation has changed this registration since you opened the page. Look again."))
    stored.verified_by, stored.verified_at = by, timezone.now()
    stored.save(update_fields=["verified_by", "verified_at"])
    RegistrationCheck.objects.create(registration=stored, verified=True, by=by)
    return stored


@transaction.atomic
def take_back_verification(*, registration: Registration, by: User, reason: str) -> Registration:
    """Take the mark back, with a reason that stays on record.

    Raises:
        NotPermitted: `by` may not verify.
        ReasonNeeded: no reason was given.
    """
    if not by.has_perm("organizations.verify_registration", registration.organization):
        raise NotPermitted
    if not reason.strip():
        raise ReasonNeeded
    stored = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    _drop_mark(stored, by=by, reason=reason.strip())
    return stored


def _drop_mark(registration: Registration, *, by: User | None, reason: str) -> None:
    if registration.verified_at is None:
        return
    registration.verified_by = registration.verified_at = None
    registration.save(update_fields=["verified_by", "verified_at"])
    RegistrationCheck.objects.create(registration=registration, verified=False, by=by, reason=reason)
