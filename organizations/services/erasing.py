"""Erasure: the key of an organisation is destroyed, and with it everything that was ever sealed under it."""

import structlog
from django.db import transaction

from core import files
from core.crypto import destroy_key
from core.registry import keys_of_partner
from organizations.models import Organization

log = structlog.get_logger(__name__)


@transaction.atomic
def erase_organization(*, organization: Organization) -> bool:
    """Destroy the key of an organisation and delete its stored files. What was sealed (people, messages, files,
    sensitive answers, what the staff wrote of it) reads as erased from now on; what was never sealed stays, with what
    must be kept of decisions. False when there was no key.
    """
    locked = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    for model in files.file_models():
        for row in model._default_manager.filter(**{model.subject_path: locked.pk}):
            files.drop_after_commit(row)
    for others in keys_of_partner:
        for key in others(locked.pk):
            destroy_key(key)
    done = destroy_key(locked.pk)
    log.info("organization_erased", organization=str(locked.pk), had_a_key=done)
    return done
