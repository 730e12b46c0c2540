"""The person who signs in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES, LanguageCode, MailDetail, MailTiming, RoleName
from accounts.models.role import Role
from core.erased import erased_text
from core.models import Row
from core.prepared import prepared


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in; without a password they must set one by e-mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator who may do everything in Django admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """By e-mail address, in any case."""
        return self.get(email=(username or "").lower())


@prepared
def _roles_of(*, user: UUID, moment: datetime) -> models.QuerySet[Any, tuple[UUID, str]]:
    own = Role.objects.filter(user=user).values_list("programme_id", "name")
    lent = apps.get_model("accounts", "Deputyship").objects.filter(deputy=user).live(moment)
    return own.union(lent.order_by().values_list("programme_id", "role"))


class User(Row, AbstractBaseUser, PermissionsMixin):
    """Signs in by e-mail. Roles are rows of their own (`Role`); what a person may see follows from them."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(_("name shown to others"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LanguageCode, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    mail_detail = models.CharField(
        _("what an e-mail may say"), max_length=10, choices=MailDetail, default=MailDetail.NOTHING
    )
    mail_timing = models.CharField(
        _("when to send e-mail"), max_length=10, choices=MailTiming, default=MailTiming.AT_ONCE
    )
    quiet_from = models.TimeField(_("no e-mail from"), null=True, blank=True)
    quiet_until = models.TimeField(_("no e-mail until"), null=True, blank=True)
    desk_seen_at = models.DateTimeField(_("last looked at their desk"), null=True, editable=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open Django admin"), default=False)

    # Set together with the row by whoever reads it for a session, so that asking costs no statement.
    holds_staff_role: bool | None = None

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
            models.CheckConstraint(
                name="user_quiet_hours_together",
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        if self.email.endswith("@erased.invalid"):
            return str(erased_text())
        return self.display_name or self.email

    def get_full_name(self) -> str:
        """The name shown to others, or the address."""
        return str(self)

    def get_short_name(self) -> str:
        """As get_full_name: names are not cut at a blank, which means different things in three languages."""
        return str(self)

    @cached_property
    def roles_by_programme(self) -> dict[Any, frozenset[str]]:
        """{programme id: role names}, those lent by people they are the deputy of included; one statement, once a
        request.
        """
        found: dict[Any, set[str]] = {}
        for programme_id, name in _roles_of(user=self.pk, moment=timezone.now()):
            found.setdefault(programme_id, set()).add(name)
        return {key: frozenset(names) for key, names in found.items()}

    def has_role(self, *names: str, programme_id: Any = None) -> bool:
        """True when the person holds one of the roles, in that programme or (without one) in any."""
        if programme_id is not None:
            return bool(self.roles_by_programme.get(programme_id, frozenset()).intersection(names))
        return any(held.intersection(names) for held in self.roles_by_programme.values())

    def programmes_with(self, names: Iterable[str]) -> list[Any]:
        """Ids of the programmes in which the person holds one of the roles."""
        wanted = frozenset(names)
        return [programme for programme, held in self.roles_by_programme.items() if held & wanted]

    @property
    def is_portal_staff(self) -> bool:
        """True when the person works in the staff portal."""
        return self.has_role(*STAFF_ROLES)

    @property
    def needs_second_step(self) -> bool:
        """True when a password alone must not let them in: whoever works here, as what ever."""
        if self.holds_staff_role is None:
            self.holds_staff_role = Role.objects.filter(user=self, name__in=STAFF_ROLES).exists()
        return self.is_staff or self.is_superuser or self.holds_staff_role

    @property
    def mail_language(self) -> str:
        """The language their mail is written in."""
        return self.language or "en"

    def is_officer(self) -> bool:
        """True when the person is a program officer of any programme."""
        return self.has_role(RoleName.OFFICER)
