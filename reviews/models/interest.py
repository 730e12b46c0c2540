"""Ties that people declare ahead, and what may follow from them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from grants.choices import ConflictReason
from grants.models import Application
from organizations.models import Organization
from reviews.choices import QuestionState


class Interest(Row):
    """An organisation that a person is tied to: one of ours, or a name as they typed it. Rows are withdrawn, not
    deleted; recusals that followed stay.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=200)
    # names.fold of the name: the same name in the same script.
    fold = models.CharField(max_length=250, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=ConflictReason)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [
            models.CheckConstraint(
                name="interest_days_in_order",
                condition=models.Q(since__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(until__gte=models.F("since")),
            ),
            models.UniqueConstraint(
                name="interest_once", fields=["user", "fold", "kind"], condition=models.Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class PossibleConflict(Row):
    """A question for an officer: is the name that somebody declared the organisation that applies?"""

    interest = models.ForeignKey(
        Interest, on_delete=models.CASCADE, related_name="questions", verbose_name=_("interest")
    )
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="possible_conflicts", verbose_name=_("application")
    )
    state = models.CharField(_("state"), max_length=10, choices=QuestionState, default=QuestionState.OPEN)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("answered by"),
    )
    settled_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("possible conflict of interest")
        verbose_name_plural = _("possible conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["interest", "application"], name="possible_conflict_once"),
            models.CheckConstraint(
                name="possible_conflict_settled_whole",
                condition=models.Q(state="open", settled_at__isnull=True)
                | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())
