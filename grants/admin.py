"""Django admin of calls, forms and applications.

Restricted applications and all that hangs on them show to their named readers only, here as everywhere. What applicants
wrote is not shown here at all: it is read in the staff portal.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.admin import works_here
from core.admin import EditableInline, ReadOnlyAdmin, ReadOnlyInline, SupportAdmin
from grants.choices import CallStatus, Confidentiality
from grants.models import (
    Answer,
    AnswerRevision,
    Application,
    ApplicationEvent,
    Assignment,
    Attachment,
    BudgetLine,
    Call,
    CallEvent,
    EligibilityQuestion,
    Form,
    FormVersion,
    Fund,
    FundEntry,
    InformationRequest,
    LegalHold,
    Message,
    NamedReader,
    Opening,
    PanelSeat,
    Promise,
    Question,
    Recusal,
    Remainder,
    Section,
)


def hidden_applications(request: HttpRequest, path: str) -> Q:
    """Rows whose application (at `path`, "" for applications themselves) is restricted to others, is one from which the
    administrator is recused, or was never sent: the programme sees no drafts.
    """
    prefix = f"{path}__" if path else ""
    column = f"{path}_id" if path and "__" not in path else f"{path}__pk" if path else "pk"
    named = NamedReader.objects.filter(application=OuterRef(column), user=request.user.pk)
    restricted = Q(**{f"{prefix}confidentiality": Confidentiality.RESTRICTED}) & ~Q(Exists(named))
    recused = Q(Exists(Recusal.objects.filter(application=OuterRef(column), user=request.user.pk)))
    return restricted | recused | Q(**{f"{prefix}submitted_at__isnull": True})


class OfApplication:
    """Rows of an application hide with it."""

    application_path = "application"

    def hidden(self, request: HttpRequest) -> Q | None:
        """Rows of restricted applications and of drafts."""
        return hidden_applications(request, self.application_path)


class EligibilityQuestionInline(EditableInline[EligibilityQuestion, Call]):
    model = EligibilityQuestion


@admin.register(Call)
class CallAdmin(SupportAdmin[Call]):
    """Calls. Publishing and closing are steps in the staff portal; a published call shows here and is written there."""

    list_display = ("__str__", "kind", "status", "opens_at", "closes_at", "programme")
    list_filter = ("status", "kind", "programme")
    list_select_related = ("programme",)
    search_fields = ("slug", "reference_prefix")
    readonly_fields = ("status",)
    inlines = (EligibilityQuestionInline,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts: what was published was promised."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.status == CallStatus.DRAFT)


@admin.register(CallEvent)
class CallEventAdmin(ReadOnlyAdmin[CallEvent]):
    """History of calls: who published, changed or closed which, and when."""

    list_display = ("call", "action", "actor", "at")
    list_filter = ("action",)
    list_select_related = ("call", "actor")
    search_fields = ("call__slug", "actor__email")
    date_hierarchy = "at"


class VersionInline(ReadOnlyInline[FormVersion, Form]):
    model = FormVersion
    fields = ("number", "status", "published_at", "published_by")


@admin.register(Form)
class FormAdmin(SupportAdmin[Form]):
    """Forms; questions are written in the staff portal."""

    list_display = ("__str__", "programme")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    search_fields = ("id",)
    inlines = (VersionInline,)


class SectionInline(ReadOnlyInline[Section, FormVersion]):
    model = Section
    fields = ("position", "slug", "title", "minutes")


@admin.register(FormVersion)
class FormVersionAdmin(ReadOnlyAdmin[FormVersion]):
    """Versions of forms."""

    list_display = ("__str__", "status", "published_at", "published_by")
    list_filter = ("status",)
    list_select_related = ("form", "published_by")
    search_fields = ("id",)
    inlines = (SectionInline,)


class QuestionInline(ReadOnlyInline[Question, Section]):
    model = Question
    fk_name = "section"
    fields = ("position", "slug", "kind", "required", "sensitive", "identifying")


@admin.register(Section)
class SectionAdmin(ReadOnlyAdmin[Section]):
    """Sections of forms."""

    list_display = ("__str__", "version", "position")
    list_select_related = ("version__form",)
    search_fields = ("slug",)
    inlines = (QuestionInline,)


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin[Question]):
    """Questions of forms."""

    list_display = ("slug", "kind", "section", "required", "sensitive", "identifying")
    list_filter = ("kind", "required", "sensitive", "identifying")
    list_select_related = ("section",)
    search_fields = ("slug",)


def _with_actors(events: "QuerySet[ApplicationEvent]") -> "QuerySet[ApplicationEvent]":
    return events.select_related("actor").annotate(actor_works_here=Case(When(works_here("actor_id"), then=True)))


def actor_words(event: ApplicationEvent) -> str:
    """Who of the staff acted, by name; which of the organisation's people did is not for an administrator."""
    if event.actor is None:
        return str(pgettext("who did it", "the system"))
    return str(event.actor) if vars(event).get("actor_works_here") else str(_("the applicant"))


class EventInline(ReadOnlyInline[ApplicationEvent, Application]):
    model = ApplicationEvent
    fields = ("at", "kind", "by_whom", "from_status", "to_status")
    readonly_fields = ("by_whom",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ApplicationEvent]":
        """With whether who acted works here."""
        return _with_actors(super().get_queryset(request))

    @admin.display(description=_("who"))
    def by_whom(self, event: ApplicationEvent) -> str:
        """As in the list of history."""
        return actor_words(event)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin[Application]):
    """Where applications stand. Every step is taken in the staff portal."""

    list_display = ("reference", "call", "organization", "status", "officer", "submitted_at")
    list_filter = ("status", "call", "confidentiality")
    list_select_related = ("call", "organization", "officer")
    search_fields = ("reference", "organization__names__text")
    exclude = ("created_by", "submitted_by")
    date_hierarchy = "submitted_at"
    inlines = (EventInline,)

    def hidden(self, request: HttpRequest) -> Q | None:
        """Restricted applications and drafts."""
        return hidden_applications(request, "")


@admin.register(Answer)
class AnswerAdmin(OfApplication, ReadOnlyAdmin[Answer]):
    """That a question was answered, and when; not by whom, nor what was answered."""

    list_display = ("application", "question", "version", "saved_at")
    list_select_related = ("application", "question")
    search_fields = ("application__reference", "question__slug")
    exclude = ("value", "sealed", "saved_by")


@admin.register(AnswerRevision)
class AnswerRevisionAdmin(OfApplication, ReadOnlyAdmin[AnswerRevision]):
    """That an answer was changed; not what it said."""

    application_path = "answer__application"
    list_display = ("answer", "version", "saved_at")
    list_select_related = ("answer",)
    search_fields = ("answer__application__reference",)
    exclude = ("value", "sealed", "saved_by")


@admin.register(BudgetLine)
class BudgetLineAdmin(OfApplication, ReadOnlyAdmin[BudgetLine]):
    """Lines of budgets."""

    list_display = ("application", "category", "quantity", "unit_cost", "asked", "from_others")
    list_filter = ("category",)
    list_select_related = ("application",)
    search_fields = ("application__reference",)
    exclude = ("description",)


@admin.register(Attachment)
class AttachmentAdmin(OfApplication, ReadOnlyAdmin[Attachment]):
    """That a file was sent; it is opened in the portal, where access is checked."""

    list_display = ("application", "content_type", "size", "created_at", "removed_at")
    list_select_related = ("application",)
    search_fields = ("application__reference",)
    exclude = ("file", "file_name", "uploaded_by")


@admin.register(Message)
class MessageAdmin(OfApplication, ReadOnlyAdmin[Message]):
    """That a message was written; not what it says."""

    list_display = ("application", "sender", "created_at", "read_at")
    list_filter = ("sender",)
    list_select_related = ("application",)
    search_fields = ("application__reference",)
    exclude = ("body", "once", "author")


@admin.register(InformationRequest)
class InformationRequestAdmin(OfApplication, ReadOnlyAdmin[InformationRequest]):
    """That information was asked for and answered; not the words."""

    list_display = ("application", "asked_by", "created_at", "answered_at", "closed_at")
    list_select_related = ("application", "asked_by")
    search_fields = ("application__reference",)
    exclude = ("text", "answer_text", "reopened", "answered_by")


@admin.register(Promise)
class PromiseAdmin(OfApplication, ReadOnlyAdmin[Promise]):
    """Promises and how they were kept."""

    list_display = ("application", "kind", "started_at", "due_at", "paused_at", "kept_at", "void_at")
    list_filter = ("kind",)
    list_select_related = ("application",)
    search_fields = ("application__reference",)


@admin.register(ApplicationEvent)
class ApplicationEventAdmin(OfApplication, ReadOnlyAdmin[ApplicationEvent]):
    """History; reasons are read in the portal."""

    list_display = ("application", "kind", "by_whom", "at", "from_status", "to_status")
    list_filter = ("kind",)
    list_select_related = ("application", "actor")
    search_fields = ("application__reference",)
    exclude = ("reason", "details", "actor")
    readonly_fields = ("by_whom",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ApplicationEvent]":
        """With whether who acted works here."""
        return _with_actors(super().get_queryset(request))

    @admin.display(description=_("who"))
    def by_whom(self, event: ApplicationEvent) -> str:
        """The name of who acted, of the staff only."""
        return actor_words(event)


@admin.register(NamedReader, Assignment, PanelSeat, Recusal)
class AccessAdmin(OfApplication, ReadOnlyAdmin[Any]):
    """Who may read, who reviews, who is out of the room."""

    list_display = ("application", "user", "created_at")
    list_select_related = ("application", "user")
    search_fields = ("application__reference", "user__email")
    # Why somebody has a conflict of interest is for directors and whoever recorded it.
    exclude = ("reason", "note")


@admin.register(Opening)
class OpeningAdmin(OfApplication, ReadOnlyAdmin[Opening]):
    """Who opened restricted applications; those that the administrator may not read are left out."""

    list_display = ("at", "application", "user", "page")
    list_select_related = ("application", "user")
    search_fields = ("application__reference", "user__email")
    # Why a director broke the glass is for the named readers and for directors.
    exclude = ("reason",)


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnlyAdmin[LegalHold]):
    """That something is held back from deletion; placed and ended in the portal, where the reason is read."""

    list_display = ("id", "created_at", "placed_by", "ended_at")
    list_select_related = ("placed_by",)
    search_fields = ("id",)
    exclude = ("reason", "organization", "application")


@admin.register(Remainder)
class RemainderAdmin(ReadOnlyAdmin[Remainder]):
    """What statistics keep of anonymised applications."""

    list_display = ("year", "outcome", "community", "region", "theme", "band")
    list_filter = ("outcome", "year")
    search_fields = ("id",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Nothing says when it was written."""
        return []


@admin.register(Fund)
class FundAdmin(ReadOnlyAdmin[Fund]):
    """Funds; opened and filled in the staff portal."""

    list_display = ("__str__", "currency", "starts_on", "ends_on", "programme")
    list_filter = ("currency", "programme")
    list_select_related = ("programme",)
    search_fields = ("source", "id")


@admin.register(FundEntry)
class FundEntryAdmin(ReadOnlyAdmin[FundEntry]):
    """Ledgers of funds. What is committed to applications that are hidden from the administrator does not show."""

    list_display = ("fund", "kind", "amount", "on", "application", "recorded_by")
    list_filter = ("kind",)
    list_select_related = ("fund", "application", "recorded_by")
    search_fields = ("application__reference",)
    date_hierarchy = "on"

    def hidden(self, request: HttpRequest) -> Q | None:
        """Entries of applications that the administrator may not know of, as everywhere."""
        return Q(application__isnull=False) & hidden_applications(request, "application")
