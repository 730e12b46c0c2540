"""Django admin of people and programmes."""

from typing import Any

import structlog
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES, RoleName
from accounts.models import (
    Deputyship,
    Device,
    Hold,
    Holiday,
    InboxItem,
    Invitation,
    Programme,
    RetentionPeriod,
    Role,
    SignIn,
    User,
)
from accounts.reauthentication import recently
from accounts.services.factors import OwnFactors, reset_factors
from accounts.services.roles import OwnRole, grant_role, mirror_roles, users_with
from core.admin import EditableInline, ReadOnlyAdmin, ReadOnlyInline, SupportAdmin

log = structlog.get_logger(__name__)

admin.site.site_header = _("Mainstay: records")
admin.site.site_title = _("Mainstay: records")
admin.site.index_title = _("Records")
# The admin's own page would ask for a password only; allauth's asks for everything that sign-in needs.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Groups mirror roles; giving a permission to a group would give nobody anything.
admin.site.unregister(Group)
# allauth's page would let an administrator write secrets.
admin.site.unregister(Authenticator)


class HolidayInline(EditableInline[Holiday, Programme]):
    model = Holiday


@admin.register(Programme)
class ProgrammeAdmin(SupportAdmin[Programme]):
    """Names, public texts, aims, the working calendar and contacts."""

    list_display = ("__str__", "slug", "time_zone", "contact_email")
    search_fields = ("slug",)
    inlines = (HolidayInline,)


class RoleInline(ReadOnlyInline[Role, User]):
    model = Role
    fields = ("programme", "name", "created_at")
    readonly_fields = ("created_at",)


class NewUserForm(forms.ModelForm[User]):
    """A person is made without a password; they set one by e-mail."""

    class Meta:
        model = User
        fields = ("email", "display_name", "language")

    def clean_email(self) -> str:
        """In lower case, as everywhere."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, commit: bool = True) -> User:
        """Without a usable password."""
        self.instance.set_unusable_password()
        return super().save(commit)


def works_here(path: str = "pk") -> Q:
    """Rows whose person (at `path`) works for the programme or did, was invited to, or was entered by an administrator
    and has no mailbox yet. Everybody else is an applicant: who applied is not for an administrator to browse.
    """
    holds = Role.objects.filter(user=OuterRef(path), name__in=STAFF_ROLES)
    invited = Invitation.objects.filter(purpose="staff", accepted_by=OuterRef(path))
    signed_up = EmailAddress.objects.filter(user=OuterRef(path))
    applies = Role.objects.filter(user=OuterRef(path), name=RoleName.APPLICANT)
    prefix = "" if path == "pk" else f"{path.removesuffix('_id')}__"
    superuser = Q(**{f"{prefix}is_superuser": True})
    return superuser | Q(Exists(holds)) | Q(Exists(invited)) | (~Q(Exists(signed_up)) & ~Q(Exists(applies)))


@admin.register(User)
class UserAdmin(SupportAdmin[User]):
    """People who work here. Roles are given on the staff page, by invitation; here they are shown.

    An applicant's account is found by its whole address only: whoever has lost a telephone can say theirs.
    """

    list_display = ("email", "display_name", "language", "is_active", "last_login")
    list_filter = ("is_active", "language")
    search_fields = ("email", "display_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "is_staff", "groups_shown")
    exclude = ("password", "user_permissions", "groups", "is_superuser")
    inlines = (RoleInline,)
    actions = ("take_second_step_away",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Actions need to be sure who takes them."""
        return recently(super().changelist_view)(request, extra_context)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """So does closing an account."""
        return recently(super().changeform_view)(request, *args, **kwargs)

    @admin.action(description=_("Take away the second step (lost telephone); they are told, and so are directors"))
    def take_second_step_away(self, request: HttpRequest, chosen: "QuerySet[User]") -> None:
        """Whoever works here must set up a new one at once."""
        giver: Any = request.user
        done = 0
        for person in chosen:
            try:
                done += bool(reset_factors(user=person, by=giver))
            except OwnFactors as error:
                self.message_user(request, str(error), messages.ERROR)
        if done:
            words = ngettext("Taken away for %(number)d person.", "Taken away for %(number)d people.", done)
            self.message_user(request, words % {"number": done}, messages.SUCCESS)
        else:
            self.message_user(request, gettext("There was no second step to take away."), messages.INFO)

    def hidden(self, request: HttpRequest) -> Q | None:
        """Applicants."""
        return ~works_here()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> User | None:
        """Also an applicant's, whose address was searched for."""
        try:
            found = User.objects.filter(**{from_field or "pk": object_id}).first()
        except (ValidationError, ValueError):
            return None
        if found is not None and not User.objects.filter(works_here(), pk=found.pk).exists():
            log.info("applicant_account_opened", user=str(request.user.pk), account=str(found.pk))
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[User]", search_term: str
    ) -> "tuple[QuerySet[User], bool]":
        """Those who work here by a part of name or address, and anybody by their whole address."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        address = search_term.strip().lower()
        if "@" in address and (account := User.objects.filter(email=address).first()):
            if not User.objects.filter(works_here(), pk=account.pk).exists():
                log.info("applicant_account_found", user=str(request.user.pk), account=str(account.pk))
            found = User.objects.filter(Q(pk__in=found.values("pk")) | Q(pk=account.pk)).order_by("email")
        return found, duplicates

    @admin.display(description=_("groups"))
    def groups_shown(self, user: User) -> str:
        """The groups that mirror the roles."""
        return ", ".join(user.groups.values_list("name", flat=True)) or "–"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            return NewUserForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("email", "display_name", "language")})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Nobody shuts themselves out, and nobody takes over an account by changing its address."""
        fixed = ["email"] if obj is not None else []
        own = ["is_active"] if obj is not None and obj.pk == request.user.pk else []
        return [*super().get_readonly_fields(request, obj), *fixed, *own]


class NewRoleForm(forms.ModelForm[Role]):
    """A role of staff, given by an administrator of that programme to somebody else."""

    giver: User

    class Meta:
        model = Role
        fields = ("user", "programme", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("name")
        if isinstance(field, forms.ChoiceField):
            field.choices = [choice for choice in RoleName.choices if choice[0] in STAFF_ROLES]

    def clean(self) -> dict[str, Any]:
        """Nobody gives themselves a role, but for the first administrator, who has nobody to ask."""
        cleaned = super().clean() or {}
        programme, giver = cleaned.get("programme"), self.giver
        if programme is None:
            return cleaned
        if not (giver.is_superuser or giver.has_role(RoleName.ADMIN, programme_id=programme.pk)):
            self.add_error("programme", _("You are no administrator of this programme."))
        if cleaned.get("user") == giver and users_with(programme, RoleName.ADMIN).exists():
            self.add_error("user", OwnRole.sentence)
        return cleaned


@admin.register(Role)
class RoleAdmin(SupportAdmin[Role]):
    """Who holds which role of staff. To end one, use *People* in the portal. Directors hear of every change."""

    form = NewRoleForm
    list_display = ("user", "programme", "name", "created_at")
    list_filter = ("name", "programme")
    list_select_related = ("user", "programme")
    search_fields = ("user__email", "user__display_name")

    def hidden(self, request: HttpRequest) -> Q | None:
        """Applicants."""
        return Q(name=RoleName.APPLICANT)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Giving a role needs to be sure who gives it."""
        return recently(super().changeform_view)(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """With who gives it."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.giver = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        """Through the service, so that groups, access and the directors' notice follow."""
        giver: Any = request.user
        saved = grant_role(
            user=obj.user, programme=obj.programme, role=obj.name, by=None if obj.user_id == giver.pk else giver
        )
        obj.pk, obj.created_at = saved.pk, saved.created_at
        mirror_roles(user=obj.user)


@admin.register(Deputyship)
class DeputyshipAdmin(ReadOnlyAdmin[Deputyship]):
    """Who acted for whom, and when. Named and ended in the portal."""

    list_display = ("deputy", "user", "programme", "role", "starts_on", "ends_on", "revoked_at")
    list_filter = ("role", "programme")
    list_select_related = ("deputy", "user", "programme")
    search_fields = ("deputy__email", "user__email", "deputy__display_name", "user__display_name")
    exclude = ("note",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin[Invitation]):
    """Invitations that were sent; the secret in their link is not kept."""

    list_display = ("email", "purpose", "role", "status", "expires_at", "invited_by")
    list_filter = ("status", "purpose", "role")
    list_select_related = ("invited_by",)
    search_fields = ("email",)
    exclude = ("token_hash", "details", "subject")

    def hidden(self, request: HttpRequest) -> Q | None:
        """Invitations into organisations are the organisation's own business."""
        return Q(purpose="member")


@admin.register(InboxItem)
class InboxItemAdmin(ReadOnlyAdmin[InboxItem]):
    """That somebody who works here was told, and whether they looked; restricted notices are left out."""

    list_display = ("user", "kind", "created_at", "read_at")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("params", "event")

    def hidden(self, request: HttpRequest) -> Q | None:
        """Notices of restricted applications, and those to applicants."""
        return Q(restricted=True) | ~works_here("user_id")


class OfStaff:
    """Rows of people who work here; applicants' are left out."""

    def hidden(self, request: HttpRequest) -> Q | None:
        """Applicants'."""
        return ~works_here("user_id")


@admin.register(Authenticator)
class AuthenticatorAdmin(OfStaff, ReadOnlyAdmin[Authenticator]):
    """Which second factors people who work here have, without their secrets. Taken away on the page of the person."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("data",)


@admin.register(Device)
class DeviceAdmin(OfStaff, ReadOnlyAdmin[Device]):
    """Browsers in which people who work here have signed in, roughly."""

    list_display = ("user", "browser", "system", "created_at")
    list_filter = ("browser", "system")
    list_select_related = ("user",)
    search_fields = ("user__email",)


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(ReadOnlyAdmin[RetentionPeriod]):
    """For how long what is kept, with every change; it is changed on the page of what will be deleted."""

    list_display = ("kind", "programme", "days", "set_by", "created_at")
    list_filter = ("kind",)
    list_select_related = ("programme", "set_by")
    search_fields = ("kind",)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin[Hold]):
    """That somebody is kept out, and since when; who, and why, is read on the page of compromised partners."""

    list_display = ("id", "created_at")
    search_fields = ("id",)
    exclude = ("user", "subject")


@admin.register(SignIn)
class SignInAdmin(OfStaff, ReadOnlyAdmin[SignIn]):
    """Sessions of people who work here that may still be open. They end them in their preferences."""

    list_display = ("user", "device", "created_at")
    list_select_related = ("user", "device")
    search_fields = ("user__email",)
