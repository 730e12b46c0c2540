"""Applications of a partner whose record is merged into another of the same partner."""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.moving import move_sealed
from grants.models import (
    Answer,
    AnswerRevision,
    Application,
    ApplicationEvent,
    Attachment,
    BudgetLine,
    InformationRequest,
    LegalHold,
    Message,
    Recusal,
)
from grants.services.answers import Vault
from grants.signals import applications_merged
from organizations.models import Organization


def move_applications(kept: Organization, gone: Organization) -> int:
    """Applications and drafts of `gone` become those of `kept`. What is sealed is sealed anew: it lies under the key of
    its organisation, and the other's is destroyed with its record. What is said of openings and of money lies under
    keys that stay.
    """
    moved = list(
        Application.objects.select_for_update(of=("self",))
        .filter(organization=gone)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    old, new = Vault(gone.pk), Vault(kept.pk)
    for answer in Answer.objects.filter(application__in=moved, sealed__isnull=False):
        answer.sealed = new.seal(answer.pk, old.open(answer.pk, answer.sealed))
        answer.save(update_fields=["sealed"])
    for revision in AnswerRevision.objects.filter(answer__application__in=moved, sealed__isnull=False):
        revision.sealed = new.seal(revision.answer_id, old.open(revision.answer_id, revision.sealed))
        revision.save(update_fields=["sealed"])
    applications_merged.send(sender=Organization, applications=moved, gone=gone, kept=kept)
    belongings: list[Any] = [
        row
        for model in (Attachment, Message, InformationRequest, BudgetLine)
        for row in model._default_manager.filter(application__in=moved).select_related("application")
    ]
    belongings += (
        ApplicationEvent.objects.filter(application__in=moved).exclude(reason="").select_related("application")
    )
    belongings += Recusal.objects.filter(application__in=moved).exclude(note="").select_related("application")
    for row in belongings:
        # The rows are as they were read: their application is of `gone` still.
        move_sealed(row, lambda row: setattr(row.application, "organization", kept))
    _move_holds(kept, gone)
    for application in Application.objects.filter(pk__in=moved):
        move_sealed(application, lambda row: setattr(row, "organization", kept))
    return len(moved)


def _move_holds(kept: Organization, gone: Organization) -> None:
    holds = LegalHold.objects.filter(organization__in=(kept, gone), application=None, ended_at__isnull=True)
    if holds.count() > 1:
        raise DomainError(_("Both records stand under a legal hold. End one of the two holds first."))
    for hold in LegalHold.objects.filter(organization=gone):
        move_sealed(hold, lambda row: setattr(row, "organization", kept))
