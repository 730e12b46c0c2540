"""Django admin of people and programmes."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Deputyship, Holiday, InboxItem, Invitation, Programme, Role, User
from accounts.services.roles import grant_role, mirror_roles
from core.admin import EditableInline, ReadOnlyAdmin, ReadOnlyInline, SupportAdmin

admin.site.site_header = _("Mainstay: records")
admin.site.site_title = _("Mainstay: records")
admin.site.index_title = _("Records")
# The admin's own page would ask for a password only; allauth's asks for everything that sign-in needs.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Groups mirror roles; giving a permission to a group would give nobody anything.
admin.site.unregister(Group)


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


@admin.register(User)
class UserAdmin(SupportAdmin[User]):
    """People. Roles are given on the staff page, by invitation; here they are shown."""

    list_display = ("email", "display_name", "language", "is_active", "last_login")
    list_filter = ("is_active", "language", "roles__name")
    search_fields = ("email", "display_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "is_staff", "groups_shown")
    exclude = ("password", "user_permissions", "groups", "is_superuser")
    inlines = (RoleInline,)

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


@admin.register(Role)
class RoleAdmin(SupportAdmin[Role]):
    """Who holds which role. To end one, use *Staff people* in the portal."""

    list_display = ("user", "programme", "name", "created_at")
    list_filter = ("name", "programme")
    list_select_related = ("user", "programme")
    search_fields = ("user__email", "user__display_name")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        """Through the service, so that groups and access follow."""
        if obj.user_id == request.user.pk:
            self.message_user(
                request, _("You cannot change your own roles. Ask another administrator."), messages.ERROR
            )
            return
        saved = grant_role(user=obj.user, programme=obj.programme, role=obj.name)
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
    """That somebody was told, and whether they looked; restricted notices are left out."""

    list_display = ("user", "kind", "created_at", "read_at")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("params", "event")

    def hidden(self, request: HttpRequest) -> Q | None:
        """Notices of restricted applications."""
        return Q(restricted=True)
