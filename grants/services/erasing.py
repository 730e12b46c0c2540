"""What becomes of a partner's applications when it is erased, and what of them the books keep."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services.retention import days_kept
from core.registry import Erasing, Kept, partner_erasures
from grants import workflow
from grants.choices import Status
from grants.models import Application, Attachment, FundEntry, LegalHold, Message
from grants.services.anonymising import anonymise_application, delete_unsent
from grants.services.applications import withdraw_application
from organizations.models import Organization
from organizations.services.erasing import GRANTS

# Books and vouchers of what was paid are kept for seven years after the year of the decision.
APPROVED, ACCOUNTING_DAYS = "approved", 8 * 365 + 2


def _sent(organization: Organization) -> Any:
    return Application.objects.filter(organization=organization, submitted_at__isnull=False)


def _refuses(organization: Organization) -> str:
    holds = LegalHold.objects.standing().filter(organization=organization)
    if holds.filter(ended_at__isnull=True).exists():
        return _("A legal hold stands on this partner or an application of theirs. A director must end it first.")
    if holds.exists():
        return _("A legal hold on this partner or an application of theirs ended less than a week ago. Wait the week.")
    return ""


def _prepare(organization: Organization, asked_by: Any) -> None:
    """What is open is withdrawn, in the name of whoever asked."""
    for application in _sent(organization).filter(status__in=workflow.WITHDRAW.sources).order_by("pk"):
        withdraw_application(application=application, by=asked_by)


def _erase(organization: Organization) -> None:
    for application in Application.objects.filter(organization=organization).order_by("pk"):
        if application.submitted_at is None:
            delete_unsent(application=application)
        else:
            anonymise_application(application=application)


def _counts(organization: Organization) -> list[tuple[Any, int]]:
    mine = {"application__organization": organization}
    sent = _sent(organization)
    return [
        (
            gettext_lazy("Drafts, which are deleted"),
            Application.objects.filter(organization=organization, submitted_at__isnull=True).count(),
        ),
        (
            gettext_lazy("Open applications, which are withdrawn first"),
            sent.filter(status__in=workflow.WITHDRAW.sources).count(),
        ),
        (gettext_lazy("Applications whose texts are destroyed"), sent.filter(anonymised_at__isnull=True).count()),
        (gettext_lazy("Messages"), Message.objects.filter(**mine).count()),
        (gettext_lazy("Files of applications"), Attachment.objects.filter(**mine).count()),
    ]


def _keeps(organization: Organization) -> list[Kept]:
    """Approved grants within their years in the books, the ledger, and skeletons."""
    days = days_kept(organization.programme, APPROVED, ACCOUNTING_DAYS)
    since = timezone.now() - timedelta(days=days)
    granted = _sent(organization).filter(status=Status.APPROVED, decided_at__gt=since)
    last = granted.order_by("-decided_at").values_list("decided_at", flat=True).first()
    until = (last + timedelta(days=days)).date().isoformat() if last else ""
    entries = FundEntry.objects.filter(application__organization=organization).count()
    return [
        Kept(GRANTS, KEPT_WORDS[GRANTS], granted.count(), until),
        Kept("ledger", KEPT_WORDS["ledger"], entries),
        Kept("skeletons", KEPT_WORDS["skeletons"], _sent(organization).count()),
    ]


KEPT_WORDS = {
    GRANTS: gettext_lazy(
        "Approved grants: amount, dates, who decided, and the name and registration of the organisation. The law on"
        " book-keeping asks for them."
    ),
    "ledger": gettext_lazy("Entries in the ledger of a fund, which only grows: every amount must be accounted for."),
    "skeletons": gettext_lazy("Of each application: number, call, outcome, dates and amount, without a word of text."),
}


def register() -> None:
    """Take part in erasing a partner."""
    partner_erasures.register("grants", Erasing(_erase, _prepare, _refuses, _counts, _keeps), order=10)
