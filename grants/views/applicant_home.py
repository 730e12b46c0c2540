"""Where applicants begin: their applications, a new one, and the task list of a draft."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import current_user, signed_in
from accounts.context import unread_notices
from accounts.models import User
from core.errors import DomainError
from core.pagination import Page, SortKey, first_page, first_rows, keyset_page
from core.prepared import prepared
from grants.choices import CallKind, Status
from grants.completeness import BUDGET, DETAILS, PROFILE, SECTION, Missing, missing
from grants.form_tree import FormTree, form_tree
from grants.forms.applicant import StartForm
from grants.models import Application, Call
from grants.querysets import ApplicationQuerySet, CallQuerySet
from grants.questions import kind_of
from grants.services.answers import Kept, kept_answers
from grants.services.applications import start_application
from grants.services.attachments import live_attachments
from grants.services.budget import lines_of
from grants.standing_words import Standing, standing_of
from grants.views.applicant_access import crumbs, get_application, may_write, own_applications
from grants.views.applicant_closing import closing_of, closing_of_call
from organizations.choices import MemberRole
from organizations.models import Membership

PAGE_SIZE = 10
MOST_CALLS = 6
# What waits on the person comes first, our questions before drafts, otherwise the newest.
_ORDER = (SortKey("turn"), SortKey("changed_at", descending=True), SortKey("pk"))
_TURN = Case(When(status=Status.WAITING, then=0), When(status=Status.DRAFT, then=1), default=2)

_LISTED_FIELDS = (
    *(
        "reference",
        "plain_title",
        "sealed_title",
        "confidentiality",
        "anonymised_at",
        "status",
        "changed_at",
        "organization__name",
        "organization__alias",
        "organization__erased_at",
    ),
    *("call__title", "call__status", "call__opens_at", "call__closes_at", "call__grace_minutes"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One application of the list, in words: a list of many is made of plain texts."""

    url: str
    title: str
    reference: str
    call: str
    organization: str
    standing: Standing
    next_step: str


def _listed(row: Application) -> Listed:
    page = {Status.DRAFT: "application", Status.WAITING: "request"}.get(Status(row.status), "status")
    standing, closing, call = standing_of(row), closing_of(row), str(row.call)
    return Listed(
        url=reverse(f"apply:{page}", args=[row.reference]),
        title=row.title or call,
        reference=row.reference,
        call=call,
        organization=str(row.organization),
        standing=standing,
        next_step=f"{standing.next_step} {closing.sentence}" if closing else standing.next_step,
    )


def _own_rows(user: UUID) -> ApplicationQuerySet:
    rows = own_applications(user).annotate(turn=_TURN).select_related("call", "organization")
    return rows.only(*_LISTED_FIELDS)


@prepared
def _first_rows(*, user: UUID) -> QuerySet[Application]:
    return first_rows(_own_rows(user), keys=_ORDER, size=PAGE_SIZE)


def _own_page(user: User, cursor: str | None) -> Page[Application]:
    if not cursor:
        return first_page(_first_rows(user=user.pk), keys=_ORDER, size=PAGE_SIZE)
    return keyset_page(_own_rows(user.pk), keys=_ORDER, cursor=cursor, size=PAGE_SIZE)


@prepared
def _memberships(*, user: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user)


@prepared
def _open_calls(*, moment: datetime) -> CallQuerySet:
    found = Call.objects.open_on(moment).exclude(kind=CallKind.INVITED).order_by("closes_at")
    return found.only("slug", "title", "summary", "closes_at")[:MOST_CALLS]


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The applications of the person's organisations with their state in words, open calls, unread notices."""
    user = current_user(request)
    memberships = _memberships(user=user.pk)
    page = _own_page(user, request.GET.get("cursor"))
    notices = unread_notices(user)
    context = {
        "memberships": memberships,
        "page": page,
        "applications": [_listed(row) for row in page.rows],
        "several": len(memberships) > 1,
        "may_start": any(row.role != MemberRole.VIEWER for row in memberships),
        "calls": _open_calls(moment=timezone.now()),
        "notices": notices,
        "unread_count": notices,
    }
    return render(request, "apply/home.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A new draft for a call: for whom, in which language, how confidential."""
    call = Call.objects.published().select_related("programme").filter(slug=slug).first()
    if call is None:
        raise Http404
    user = current_user(request)
    rows = Membership.objects.filter(user=user, organization__programme=call.programme)
    organizations = [row.organization for row in rows.exclude(role=MemberRole.VIEWER).select_related("organization")]
    language = (get_language() or "en")[:2]
    form = StartForm(
        request.POST if request.method == "POST" else None, organizations=organizations, call=call, language=language
    )
    if request.method == "POST" and form.is_valid():
        try:
            application = start_application(by=user, call=call, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("apply:application", application.reference)
    tree = form_tree(call.form_version_id) if call.form_version_id else None
    context = {
        "call": call,
        "form": form,
        "organizations": organizations,
        "closing": closing_of_call(call),
        "is_open": call.accepts_at(timezone.now()),
        "tree": tree,
        "drafts": own_applications(user.pk).filter(call=call, status=Status.DRAFT).select_related("organization"),
    }
    return render(request, "apply/start.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list (components/tasks.html)."""

    label: str
    url: str
    state: str
    tone: str
    note: str = ""


@signed_in
@require_GET
def application(request: HttpRequest, reference: str) -> HttpResponse:
    """The task list of a draft; what was sent has its status page."""
    row = get_application(request, reference)
    if not row.is_draft:
        return redirect("apply:status", reference)
    tree, kept, lines, files = form_tree(row.form_version_id), kept_answers(row), lines_of(row), live_attachments(row)
    values = {key: answer.value for key, answer in kept.items() if answer.value is not None}
    found = missing(row, values=values, lines=lines)
    tasks = [
        _details_task(row, found),
        *_section_tasks(row, tree, kept, found),
        _other_task(_("Budget"), "apply:budget", row, found, BUDGET, begun=bool(lines)),
        _files_task(row, len(files)),
        _profile_task(row, found),
    ]
    members = row.organization.memberships.select_related("user").order_by("created_at")
    context = {
        "application": row,
        "tasks": tasks,
        "done": not found,
        "left": sum(task.tone != "go" for task in tasks),
        "minutes": tree.minutes,
        "members": members,
        "closing": closing_of(row),
        "may_write": may_write(request, row),
        "copies": own_applications(current_user(request).pk)
        .filter(organization=row.organization)
        .exclude(pk=row.pk)
        .exists(),
        "crumbs": [*crumbs(row)[:-1], {"label": row.reference, "url": ""}],
    }
    return render(request, "apply/application.html", context)


def _state(found: int, *, begun: bool) -> tuple[str, str]:
    """Words and tone for a task with so many things to mend."""
    if not found:
        return _("Done"), "go"
    return (_("In progress"), "wait") if begun else (_("To do"), "")


def _details_task(row: Application, found: list[Missing]) -> Task:
    begun = bool(row.title or row.starts_on or row.months)
    return _other_task(_("Title and period"), "apply:details", row, found, DETAILS, begun=begun)


def _other_task(label: str, url_name: str, row: Application, found: list[Missing], place: str, *, begun: bool) -> Task:
    words, tone = _state(sum(item.place == place for item in found), begun=begun)
    return Task(label, reverse(url_name, args=[row.reference]), words, tone)


def _section_tasks(row: Application, tree: FormTree, kept: dict[Any, Kept], found: list[Missing]) -> list[Task]:
    tasks = []
    for section in tree.sections:
        mine = [kept[question.id] for question in section.questions if question.id in kept]
        given = [answer for answer in mine if answer.value is not None]
        lacks = [item for item in found if item.place == SECTION and item.section is section]
        wrong = [
            item
            for item in lacks
            if item.question
            and item.question.id in kept
            and not kind_of(item.question).is_blank(kept[item.question.id].value)
        ]
        words, tone = _state(len(lacks), begun=bool(given))
        if wrong:
            words = ngettext("%(count)d to mend", "%(count)d to mend", len(wrong)) % {"count": len(wrong)}
            tone = "stop"
        tasks.append(
            Task(
                str(section.title),
                reverse("apply:section", args=[row.reference, section.slug]),
                words,
                tone,
                _section_note(section.minutes, max(given, key=lambda answer: answer.at, default=None)),
            )
        )
    return tasks


def _section_note(minutes: int, last: Kept | None) -> str:
    if last is None:
        return ngettext("About %(count)d minute", "About %(count)d minutes", minutes) % {"count": minutes}
    when = timezone.localtime(last.at)
    return _("Last saved by %(person)s, %(when)s") % {"person": last.by, "when": f"{when:%d/%m/%Y %H:%M}"}


def _files_task(row: Application, count: int) -> Task:
    words = ngettext("%(count)d file", "%(count)d files", count) % {"count": count} if count else _("Optional")
    return Task(_("Files"), reverse("apply:attachments", args=[row.reference]), words, "go", "")


def _profile_task(row: Application, found: list[Missing]) -> Task:
    gaps = sum(item.place == PROFILE for item in found)
    words, tone = (
        (_("Done"), "go")
        if not gaps
        else (
            ngettext("%(count)d gap", "%(count)d gaps", gaps) % {"count": gaps},
            "wait",
        )
    )
    url = reverse("organizations:detail", args=[row.organization_id])
    note = _("Asked once, and used for every application.")
    return Task(_("Your organisation's profile"), url, words, tone, note)
