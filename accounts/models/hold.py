"""People who are kept out for a while, because what they sign in with may be in other hands."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row


class Hold(Row):
    """One person may not sign in, and is sent no mail, because of one subject (an organisation's id).

    Somebody whom two subjects concern stays out until both are settled. Nothing that the person could see or try tells
    of it: signing in is answered as a wrong password is.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holds", verbose_name=_("person")
    )
    subject = models.UUIDField(_("because of"), db_index=True)

    class Meta:
        verbose_name = _("person kept out")
        verbose_name_plural = _("people kept out")
        constraints = [models.UniqueConstraint(fields=["user", "subject"], name="hold_once_for_each_subject")]

    def __str__(self) -> str:
        return str(self.created_at)


def is_held(user: UUID) -> bool:
    """True while the person may not sign in (one statement)."""
    return Hold.objects.filter(user=user).exists()
