"""How calls and applications are read. Every view starts at `visible_to` or, for staff lists, `listed_to`."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models.retention import NOTICE_TIME
from grants.choices import CallStatus, Confidentiality, FundEntryKind, Status

if TYPE_CHECKING:
    from grants.models import Application, Call, Fund, LegalHold  # noqa: F401 - named in strings below

# Roles that read every application of their programme that is not restricted. Reviewers read what is assigned.
READERS = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.AUDITOR, RoleName.FINANCE)


def _rows(model: str) -> "models.Manager[Any]":
    """Rows of a model of this app; models import this module, so it asks for them by name."""
    found: models.Manager[Any] = apps.get_model("grants", model)._default_manager
    return found


class CallQuerySet(models.QuerySet["Call"]):
    """Calls by what the public may see."""

    def published(self) -> "CallQuerySet":
        """Calls whose page is public."""
        return self.exclude(status=CallStatus.DRAFT)

    def open_on(self, moment: datetime) -> "CallQuerySet":
        """Published calls that accept applications at `moment` (aware), grace included."""
        minutes = models.ExpressionWrapper(
            F("closes_at") + F("grace_minutes") * Value(timedelta(minutes=1)),
            output_field=models.DateTimeField(),
        )
        return (
            self.filter(status=CallStatus.PUBLISHED)
            .annotate(accepted_until=minutes)
            .filter(
                Q(opens_at__isnull=True) | Q(opens_at__lte=moment),
                Q(accepted_until__isnull=True) | Q(accepted_until__gte=moment),
            )
        )

    def managed_by(self, user: Any) -> "CallQuerySet":
        """Calls of the programmes in which the person works as staff."""
        return self.filter(programme__in=user.programmes_with((*READERS, RoleName.ADMIN)))


class FundQuerySet(models.QuerySet["Fund"]):
    """Funds by who may see them, with what their ledgers add up to."""

    def visible_to(self, user: Any) -> "FundQuerySet":
        """Those of the programmes in which the person reads applications."""
        return self.filter(programme__in=user.programmes_with(READERS))

    def open_on(self, day: date) -> "FundQuerySet":
        """Those whose period holds that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def with_sums(self) -> "FundQuerySet":
        """Annotated with `contributed`, `committed` (less what was released) and `available`."""
        money = models.DecimalField(max_digits=16, decimal_places=2)

        def total(*kinds: str) -> Coalesce:
            summed = models.Sum("entries__amount", filter=Q(entries__kind__in=kinds))
            return Coalesce(summed, Value(Decimal(0)), output_field=money)

        return self.annotate(
            contributed=total(FundEntryKind.CONTRIBUTION),
            committed=models.ExpressionWrapper(
                total(FundEntryKind.COMMITMENT) - total(FundEntryKind.RELEASE), output_field=money
            ),
            available=models.ExpressionWrapper(
                total(FundEntryKind.CONTRIBUTION, FundEntryKind.RELEASE) - total(FundEntryKind.COMMITMENT),
                output_field=money,
            ),
        )


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications by who may see them, and the adjectives of lists."""

    def of_member(self, user: Any) -> "ApplicationQuerySet":
        """Those of the organisations that the person belongs to, whatever their confidentiality."""
        return self.filter(organization__in=user.memberships.values("organization_id"))

    def _staff(self, user: Any) -> Q:
        """What the person's roles show: submitted applications of their programmes, what is assigned to
        review, and what a panel of theirs judges.
        """
        programmes = user.programmes_with(READERS)
        # A draft that was withdrawn is no draft any more, and still was never sent.
        sent = Q(submitted_at__isnull=False) & ~Q(status=Status.DRAFT)
        allowed = Q(pk__in=[])
        if programmes:
            allowed |= Q(call__programme__in=programmes) & sent
        if reviewed := user.programmes_with((RoleName.REVIEWER,)):
            mine = _rows("Assignment").filter(
                application=OuterRef("pk"), user=user, no_conflict_at__isnull=False, ended_at__isnull=True
            )
            seated = _rows("PanelSeat").filter(
                application=OuterRef("pk"), user=user, no_conflict_at__isnull=False, ended_at__isnull=True
            )
            allowed |= (Exists(mine) | Exists(seated)) & Q(call__programme__in=reviewed) & sent
        return allowed

    def without_recused(self, user: Any) -> "ApplicationQuerySet":
        """Those with which the person has no conflict of interest; counts that a person sees begin here."""
        return self.exclude(Exists(_rows("Recusal").filter(application=OuterRef("pk"), user=user)))

    def readable(self, user: Any) -> Q:
        """The condition under which staff may read more than reference, call, stage and clock."""
        named = _rows("NamedReader").filter(application=OuterRef("pk"), user=user)
        return Q(confidentiality=Confidentiality.STANDARD) | Q(Exists(named))

    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """Those the person may open: of their own organisations, and as staff what their roles show and what is not
        restricted to others. A recused person sees nothing, whatever their role.
        """
        if not user.is_authenticated:
            return self.none()
        mine = Q(organization__in=user.memberships.values("organization_id"))
        if not user.is_portal_staff:
            return self.filter(mine)
        return self.without_recused(user).filter(mine | (self._staff(user) & self.readable(user)))

    def listed_to(self, user: Any) -> "ApplicationQuerySet":
        """What staff see as a line in lists: also restricted applications, of which rows with `is_readable` false must
        show reference, alias, call, stage and clock only.
        """
        if not user.is_authenticated or not user.is_portal_staff:
            return self.none()
        return (
            self.without_recused(user)
            .filter(self._staff(user))
            .annotate(
                is_readable=Case(
                    When(self.readable(user), then=Value(True)), default=Value(False), output_field=BooleanField()
                )
            )
        )

    def lost_to(self, user: Any) -> "ApplicationQuerySet":
        """Those of which the person may not know that they are there: none of their organisations, none that their
        roles list, none that they were ever asked to judge.
        """
        mine = Q(organization__in=user.memberships.values("organization_id"))
        if not user.is_portal_staff:
            return self.exclude(mine)
        known = self._staff(user)
        if reviewed := user.programmes_with((RoleName.REVIEWER,)):
            asked = {"application": OuterRef("pk"), "user": user}
            ever = Exists(_rows("Assignment").filter(**asked)) | Exists(_rows("PanelSeat").filter(**asked))
            known |= ever & Q(call__programme__in=reviewed)
        recused = Exists(_rows("Recusal").filter(application=OuterRef("pk"), user=user))
        return self.exclude(mine | (known & ~recused))

    def matching(self, patterns: list[list[str]]) -> "ApplicationQuerySet":
        """Those whose names, title or reference fit (names.search_patterns). Restricted ones are never searchable."""
        found = self
        for alternatives in patterns:
            condition = Q()
            for alternative in alternatives:
                condition |= Q(search__contains=alternative)
            found = found.filter(condition)
        return found

    def waiting_on_staff(self) -> "ApplicationQuerySet":
        """Those whose next step is ours."""
        return self.filter(status__in=[Status.SUBMITTED, Status.IN_REVIEW, Status.AWAITING_DECISION])

    def late(self) -> "ApplicationQuerySet":
        """Those whose next promise has run out."""
        return self.filter(due_at__lt=Now(), clock_paused_at__isnull=True)


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Legal holds by whether they count."""

    def standing(self) -> "LegalHoldQuerySet":
        """Those that nobody ended, or somebody within the last week: the others can still object."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=timezone.now() - NOTICE_TIME))
