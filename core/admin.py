"""The base of every admin page: for the role of administrator, searchable, quick, and careful with deletion."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import outbox
from core.models import AuditEntry, AuditPending, AuditSeal, DataKey, FailedTask, OutboxEntry
from core.sealed import SealedField, load_keys


def is_administrator(user: Any) -> bool:
    """True for a superuser and for whoever holds the role of administrator in a programme."""
    return bool(user.is_active and user.is_staff and (user.is_superuser or user.has_role("admin")))


def _without_name(entry: Any, obj: Model) -> Any:
    """Django keeps for ever what an administrator changed last, by name: but a partner may be hidden by then, and a
    person erased.
    """
    entry.object_repr = str(obj.pk)
    entry.save(update_fields=["object_repr"])
    return entry


class SupportAdmin[M: Model](admin.ModelAdmin[M]):
    """Records for administrators. Nothing is deleted here; subclasses say what may be written.

    `hidden` names the rows that even an administrator does not see (restricted applications and what hangs on them).
    """

    list_per_page = 50
    show_full_result_count = False
    save_on_top = True
    view_on_site = False
    # Machinery that means nothing to a person.
    machinery: tuple[str, ...] = ("version", "search", "sha256", "number_key", "fold", "latin", "skeleton", "keys")

    def hidden(self, request: HttpRequest) -> Q | None:
        """Rows that this administrator must not see; None when there are none."""
        return None

    def get_queryset(self, request: HttpRequest) -> "QuerySet[M]":
        """Every row but the hidden ones, with what the list shows."""
        rows = super().get_queryset(request)
        hidden = self.hidden(request)
        return rows.exclude(hidden) if hidden is not None else rows

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> Any:
        """As Django does, but without a name."""
        return _without_name(super().log_addition(request, obj, message), obj)

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> Any:
        """As Django does, but without a name."""
        return _without_name(super().log_change(request, obj, message), obj)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With the keys of every row on the page read at once, where rows hold sealed texts."""
        page = super().get_changelist_instance(request)
        sealed = {field.name for field in self.model._meta.concrete_fields if isinstance(field, SealedField)}
        if sealed and {*page.list_display} & {"__str__", *sealed}:
            load_keys(page.result_list)
        return page

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What the subclass lists, and when a row was made."""
        return [*super().get_readonly_fields(request, obj), "created_at"]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Leave out machinery."""
        names = {field.name for field in self.model._meta.get_fields()}
        return [*(super().get_exclude(request, obj) or ()), *[name for name in self.machinery if name in names]]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Search for the row instead of a list of thousands, where the other model can be searched."""
        other = db_field.remote_field.model
        if other in self.admin_site._registry and db_field.name not in self.autocomplete_fields:
            kwargs.setdefault("widget", AutocompleteSelect(db_field, self.admin_site, using=kwargs.get("using")))
            # What this administrator must not see cannot be chosen either.
            kwargs.setdefault("queryset", self.admin_site._registry[other].get_queryset(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnlyAdmin[M: Model](SupportAdmin[M]):
    """Records that come from services and are only looked at here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline[C: Model, P: Model](admin.TabularInline[C, P]):
    """Rows of another model, to look at."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EditableInline[C: Model, P: Model](admin.TabularInline[C, P]):
    """Rows of another model, to write."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)


@admin.register(OutboxEntry)
class OutboxEntryAdmin(ReadOnlyAdmin[OutboxEntry]):
    """What has been sent, what waits, and what a person must decide about."""

    list_display = ("topic", "status", "attempts", "due_at", "finished_at", "last_error")
    list_filter = ("status", "topic")
    search_fields = ("id",)
    exclude = ("payload", "key", "claim")
    date_hierarchy = "created_at"
    actions = ("send_again", "close")

    @admin.action(description=_("Send the selected doubtful or given-up entries again"))
    def send_again(self, request: HttpRequest, queryset: "models.QuerySet[OutboxEntry]") -> None:
        """Each once; entries in another state are left alone."""
        self._report(request, sum(outbox.send_again(entry_id=pk) for pk in queryset.values_list("pk", flat=True)))

    @admin.action(description=_("Close the selected doubtful or given-up entries"))
    def close(self, request: HttpRequest, queryset: "models.QuerySet[OutboxEntry]") -> None:
        """They arrived, or are not needed any more."""
        self._report(request, sum(outbox.close(entry_id=pk) for pk in queryset.values_list("pk", flat=True)))

    def _report(self, request: HttpRequest, count: int) -> None:
        text = ngettext("%(count)d entry was changed.", "%(count)d entries were changed.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)


@admin.register(FailedTask)
class FailedTaskAdmin(ReadOnlyAdmin[FailedTask]):
    """Work of the clock that failed; started again on the page of notices in doubt."""

    list_display = ("name", "error", "times", "failed_at", "asked_at")
    search_fields = ("name", "error")


@admin.register(DataKey)
class DataKeyAdmin(ReadOnlyAdmin[DataKey]):
    """Which key wraps what; never the key."""

    list_display = ("id", "ring_key", "created_at")
    list_filter = ("ring_key",)
    search_fields = ("id",)
    exclude = ("wrapped", "subject")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    """Every change, without what the administrator may not read; the search for auditors is in the portal."""

    list_display = ("at", "label", "operation", "row_key", "page")
    list_filter = ("operation",)
    search_fields = ("row_key", "label", "page")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[AuditEntry]":
        """Of objects that the person may read."""
        return AuditEntry.objects.visible_to(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All there is: nothing is written here."""
        return [field.name for field in AuditEntry._meta.fields]


@admin.register(AuditPending)
class AuditPendingAdmin(ReadOnlyAdmin[AuditPending]):
    """That words of a change wait to be sealed, and since when; never the words, nor whose they are."""

    list_display = ("entry_id", "at")
    search_fields = ("entry_id",)
    fields = ("entry_id", "at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All that is shown."""
        return list(self.fields)


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin[AuditSeal]):
    """The chain over the audit."""

    list_display = ("id", "at", "floor", "last_id")
    search_fields = ("id",)
    ordering = ("-id",)
    exclude = ("entries", "digests", "previous", "digest")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All that shows."""
        return ["id", "at", "horizon", "floor", "last_id"]
