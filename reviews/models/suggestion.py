"""Who might review what: a suggestion that officers change and then carry out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from grants.models import Application, Call


class AssignmentSuggestion(Row):
    """The one suggestion of a call. `version` counts changes, so that a colleague's are noticed."""

    call = models.OneToOneField(
        Call, on_delete=models.CASCADE, related_name="assignment_suggestion", verbose_name=_("call")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    # False when the time ran out before it was certain that nothing better exists.
    proven = models.BooleanField(_("nothing better exists"), default=True)

    class Meta:
        verbose_name = _("suggested assignment")
        verbose_name_plural = _("suggested assignments")

    def __str__(self) -> str:
        return str(self.call)


class SuggestedReview(Row):
    """One line of a suggestion: this person for this application."""

    suggestion = models.ForeignKey(
        AssignmentSuggestion, on_delete=models.CASCADE, related_name="lines", verbose_name=_("suggestion")
    )
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="+", verbose_name=_("application")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    by_hand = models.BooleanField(_("put there by an officer"), default=False)

    class Meta:
        verbose_name = _("suggested review")
        verbose_name_plural = _("suggested reviews")
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "application", "user"], name="suggested_review_once")
        ]

    def __str__(self) -> str:
        return str(self.user)
