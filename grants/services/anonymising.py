"""What becomes of an application whose time is over: a draft is deleted; of what was sent everything that anybody wrote
is destroyed, and a skeleton stays: reference, call, status, dates, amount, and rows that only grow.

The ledger of a fund, the record of openings and the audit cannot be changed by the application's role in the database,
whoever asks; they hold figures, codes and who did what, and (openings) the reason of a director who broke the glass.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import InboxItem
from core import files
from core.blanking import blank
from core.money import Money
from grants.choices import AmountBand
from grants.models import (
    Answer,
    Application,
    ApplicationEvent,
    Attachment,
    BudgetLine,
    InformationRequest,
    LegalHold,
    Message,
    Recusal,
    Remainder,
)
from grants.services.moves import lock
from grants.signals import application_anonymised

# Of a call to which fewer applied, a remainder does not name the call.
FEWEST = 5
_BANDS = ((5_000, AmountBand.SMALL), (20_000, AmountBand.MEDIUM), (50_000, AmountBand.LARGE))


def is_on_hold(application: Application) -> bool:
    """True while a legal hold stands on it or on its partner."""
    holds = LegalHold.objects.standing().filter(organization=application.organization_id)
    return holds.filter(application=None).exists() or holds.filter(application=application).exists()


@transaction.atomic
def delete_unsent(*, application: Application) -> bool:
    """Delete what the programme never saw, with everything that hangs on it. False when there is nothing to do."""
    row = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk).first()
    if row is None or row.submitted_at is not None or is_on_hold(row):
        return False
    _drop_files(row)
    InboxItem.objects.filter(params__reference=row.reference).delete()
    row.delete()
    return True


@transaction.atomic
def anonymise_application(*, application: Application) -> bool:
    """Destroy what was written. Twice does no harm; False when it was done, is a draft, or is held."""
    row = lock(application)
    if row.anonymised_at is not None or row.submitted_at is None or is_on_hold(row):
        return False
    _remember(row)
    _drop_files(row)
    for model in (Answer, BudgetLine, Message, InformationRequest):
        model._default_manager.filter(application=row).delete()
    blank(ApplicationEvent.objects.filter(application=row), "reason")
    blank(Recusal.objects.filter(application=row), "note")
    InboxItem.objects.filter(params__reference=row.reference).delete()
    row.plain_title, row.sealed_title, row.search, row.anonymised_at = "", "", "", timezone.now()
    row.starts_on = None
    row.save(update_fields=["plain_title", "sealed_title", "search", "anonymised_at", "starts_on", "changed_at"])
    application_anonymised.send(sender=Application, application=row)
    return True


def _drop_files(row: Application) -> None:
    for attachment in Attachment.objects.filter(application=row):
        files.drop_after_commit(attachment)
    Attachment.objects.filter(application=row).delete()


def _remember(row: Application) -> None:
    """A line for statistics that leads back to nobody."""
    partner, sent, decided = row.organization, row.submitted_at, row.decided_at
    if sent is None:
        return
    many = Application.objects.filter(call=row.call, submitted_at__isnull=False).count() >= FEWEST
    Remainder.objects.create(
        programme=row.call.programme,
        call=row.call if many else None,
        community=partner.community,
        region=partner.operates_in[0] if len(partner.operates_in) == 1 else "",
        theme=partner.themes[0] if len(partner.themes) == 1 else "",
        band=band_of(row.asked),
        outcome=row.status,
        year=sent.year,
        months=None if decided is None else min(24, (decided - sent).days // 30),
    )


def band_of(asked: Money) -> AmountBand:
    """How much was asked, coarsely."""
    return next((band for limit, band in _BANDS if asked.amount < limit), AmountBand.HUGE)
