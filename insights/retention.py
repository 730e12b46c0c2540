"""What is kept for how long, and what then becomes of it: one line for each kind of record.

The periods are each programme's own (`accounts.RetentionPeriod`); what stands here holds until it sets another. What
belongs to no programme is kept for the longest period of all of them. What a legal hold covers waits. The audit, the
ledgers of funds and the record of openings are not here: they only grow, and the application's role in the database
cannot change or delete a row of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES, InvitationStatus
from accounts.models import Device, InboxItem, Invitation, Programme, Role, SignIn, User
from accounts.models.retention import LEAST_DAYS
from accounts.services.closing import ERASED_DOMAIN, erase_account
from accounts.services.retention import periods
from core.models import OutboxEntry
from core.models.outbox import OutboxStatus
from core.translated import Translated
from diligence.models import DuplicateCandidate
from grants.choices import Status
from grants.models import Application, LegalHold
from grants.services.anonymising import anonymise_application, delete_unsent
from grants.services.erasing import ACCOUNTING_DAYS, APPROVED
from organizations.models import Compromise, Organization
from organizations.services.erasing import forget_name
from reviews.choices import AppealStatus
from reviews.models import Appeal

type Words = "str | Promise"
DRAFTS = "drafts"
DELETE, ANONYMISE = _("deleted"), _("made anonymous")
MINIMISATION = _("Nothing is kept longer than it is needed.")
ANSWERABLE = _("So long may a refusal be appealed, asked about or compared.")
BOOKS = _("The law on book-keeping asks for them: seven years after the year of the decision.")
SAFETY = _("Old traces of where people signed in help nobody but those who look for them.")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind. `rows` are those whose clock started before a moment; with a programme where they belong to one. `act`
    settles one row in a transaction of its own, and returns False where somebody was first; without one they are
    deleted.
    """

    kind: str
    label: Words
    starts: Words
    days: int
    happens: Words
    why: Words
    rows: Callable[[Any, datetime], "QuerySet[Any]"]
    act: Callable[[Any], bool] | None = None
    of_programme: bool = True
    # No programme keeps it for less.
    least: int = LEAST_DAYS


def _held(path: str = "pk") -> Q:
    """Applications that a legal hold covers, itself or with its partner."""
    holds = LegalHold.objects.standing().filter(organization=OuterRef("organization"))
    return Q(Exists(holds.filter(Q(application__isnull=True) | Q(application=OuterRef(path)))))


def _applications(programme: Any) -> "QuerySet[Application]":
    """Those of a programme that are neither held nor in dispute nor of a compromised partner, nor done."""
    disputed = Appeal.objects.filter(application=OuterRef("pk"), status=AppealStatus.OPEN)
    found = Application.objects.filter(call__programme=programme, anonymised_at__isnull=True)
    # Nothing of a compromised partner goes: it cannot object.
    stopped = Compromise.objects.open().filter(organization=OuterRef("organization"))
    return found.exclude(_held()).exclude(Exists(disputed)).exclude(Exists(stopped))


def _drafts(programme: Any, before: datetime) -> "QuerySet[Any]":
    unsent = Q(status=Status.DRAFT) | Q(status=Status.WITHDRAWN)
    return _applications(programme).filter(unsent, submitted_at__isnull=True, changed_at__lt=before)


def _withdrawn(programme: Any, before: datetime) -> "QuerySet[Any]":
    found = _applications(programme).filter(status=Status.WITHDRAWN, submitted_at__isnull=False)
    return found.filter(changed_at__lt=before)


def _refused(programme: Any, before: datetime) -> "QuerySet[Any]":
    found = _applications(programme).filter(status__in=[Status.DECLINED, Status.INELIGIBLE])
    return found.filter(decided_at__lt=before)


def _approved(programme: Any, before: datetime) -> "QuerySet[Any]":
    return _applications(programme).filter(status=Status.APPROVED, decided_at__lt=before)


def _names_of_erased(programme: Any, before: datetime) -> "QuerySet[Any]":
    granted = Application.objects.filter(organization=OuterRef("pk"), status=Status.APPROVED, decided_at__gte=before)
    held = LegalHold.objects.standing().filter(organization=OuterRef("pk"))
    found = Organization.objects.filter(programme=programme, erased_at__isnull=False).exclude(name=Translated())
    return found.exclude(Exists(granted)).exclude(Exists(held))


def _duplicates(programme: Any, before: datetime) -> "QuerySet[Any]":
    judged = DuplicateCandidate.objects.filter(first__programme=programme, resolved_at__lt=before)
    return judged.exclude(note="")


def _closed_accounts(_programme: Any, before: datetime) -> "QuerySet[Any]":
    works = Role.objects.filter(user=OuterRef("pk"), name__in=sorted(STAFF_ROLES))
    held = LegalHold.objects.standing().filter(organization__memberships__user=OuterRef("pk"))
    found = User.objects.filter(~Exists(held), is_active=False, holds__isnull=True)
    found = found.exclude(email__endswith=f"@{ERASED_DOMAIN}")
    return found.filter(Q(last_login__lt=before) | Q(last_login__isnull=True, created_at__lt=before)).exclude(
        Exists(works)
    )


def _devices(_programme: Any, before: datetime) -> "QuerySet[Any]":
    used = SignIn.objects.filter(device=OuterRef("pk"), created_at__gte=before)
    return Device.objects.filter(~Exists(used), created_at__lt=before)


def _notices(_programme: Any, before: datetime) -> "QuerySet[Any]":
    return InboxItem.objects.filter(Q(read_at__lt=before) | Q(created_at__lt=before - timedelta(days=730)))


def _outbox(_programme: Any, before: datetime) -> "QuerySet[Any]":
    return OutboxEntry.objects.filter(status__in=[OutboxStatus.SENT, OutboxStatus.DROPPED], finished_at__lt=before)


def _invitations(_programme: Any, before: datetime) -> "QuerySet[Any]":
    return Invitation.objects.filter(expires_at__lt=before).exclude(status=InvitationStatus.ACCEPTED)


def _forget_note(row: Any) -> bool:
    return bool(DuplicateCandidate.objects.filter(pk=row.pk).exclude(note="").update(note=""))


def _forget_name(row: Any) -> bool:
    forget_name(row)
    return True


RULES = (
    Rule(DRAFTS, _("Drafts that were never sent"), _("when they were last changed"), 730, DELETE, MINIMISATION,
         _drafts, lambda row: delete_unsent(application=row)),
    Rule("withdrawn", _("Applications that were withdrawn"), _("when they were withdrawn"), 365, ANONYMISE,
         MINIMISATION, _withdrawn, lambda row: anonymise_application(application=row)),
    Rule("refused", _("Applications that were declined or not eligible"), _("when they were decided"), 1095, ANONYMISE,
         ANSWERABLE, _refused, lambda row: anonymise_application(application=row)),
    Rule(APPROVED, _("Approved grants"), _("when they were decided"), ACCOUNTING_DAYS, ANONYMISE, BOOKS, _approved,
         lambda row: anonymise_application(application=row), least=ACCOUNTING_DAYS),
    Rule("names", _("Names of erased partners that the books still needed"), _("with their last approved grant"),
         ACCOUNTING_DAYS, DELETE, BOOKS, _names_of_erased, _forget_name, least=ACCOUNTING_DAYS),
    Rule("duplicates", _("Notes on partners that were compared and judged"), _("when they were judged"), 730, DELETE,
         MINIMISATION, _duplicates, _forget_note),
    Rule("accounts", _("Closed accounts"), _("when the person last signed in"), 365, ANONYMISE, MINIMISATION,
         _closed_accounts, lambda row: erase_account(user=row), of_programme=False),
    Rule("notices", _("Notices in the inbox"), _("when they were read"), 365, DELETE, MINIMISATION, _notices,
         of_programme=False),
    Rule("outbox", _("The record of mail that was sent"), _("when it was sent"), 180, DELETE, MINIMISATION, _outbox,
         of_programme=False),
    Rule("invitations", _("Invitations that nobody took up"), _("when they expired"), 90, DELETE, MINIMISATION,
         _invitations, of_programme=False),
    Rule("devices", _("Devices from which nobody is signed in"), _("when the person last signed in"), 400, DELETE,
         SAFETY, _devices, of_programme=False),
    Rule("sessions", _("Sessions that have ended"), _("when they ended"), 30, DELETE, SAFETY,
         lambda _programme, before: Session.objects.filter(expire_date__lt=before), of_programme=False),
)  # fmt: skip
BY_KIND = {rule.kind: rule for rule in RULES}
DEFAULTS = {rule.kind: rule.days for rule in RULES}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule for one programme (None: for all of them), with how long it keeps and what is due."""

    rule: Rule
    programme: Programme | None
    days: int

    def due(self, on: datetime) -> "QuerySet[Any]":
        """Rows whose time is over at `on`."""
        return self.rule.rows(self.programme, on - timedelta(days=self.days))


def lines(programmes: "QuerySet[Programme] | list[Programme] | None" = None) -> list[Line]:
    """Every rule for every programme; one that is of none once, with the longest period of all."""
    everybody = list(Programme.objects.order_by("created_at"))
    kept = {programme.pk: periods(programme, DEFAULTS) for programme in everybody}
    found = []
    for rule in RULES:
        days = {programme.pk: kept[programme.pk][rule.kind] for programme in everybody}
        if not rule.of_programme:
            found.append(Line(rule, None, max(days.values(), default=rule.days)))
            continue
        shown = everybody if programmes is None else programmes
        found += [Line(rule, programme, days[programme.pk]) for programme in shown]
    return found
