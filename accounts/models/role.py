"""Roles: the row (user, programme, role) is the truth; Django groups mirror it for the admin."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models.programme import Programme
from core.models import Row


class Role(Row):
    """One person holds one role in one programme."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles", verbose_name=_("person")
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="roles", verbose_name=_("programme")
    )
    name = models.CharField(_("role"), max_length=12, choices=RoleName)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(fields=["user", "programme", "name"], name="role_held_once")]

    def __str__(self) -> str:
        return f"{self.get_name_display()}"
