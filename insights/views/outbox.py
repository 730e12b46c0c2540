"""Notices that a worker was sending when it stopped, or gave up on: a person decides, once for each. And work of the
clock that failed.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import staff_required
from accounts.choices import STAFF_ROLES
from accounts.models import InboxItem, User
from accounts.notices import notice_kinds
from core import outbox as service
from core.failed_tasks import BrokerAway
from core.failed_tasks import run_again as ask_again
from core.models import FailedTask, OutboxEntry
from grants.models import Application
from insights.waiting import may_tend_outbox

SHOWN = 100
TASKS = {
    "core.outbox.drain": gettext_lazy("Sending what waits"),
    "core.outbox.sweep": gettext_lazy("Finding what was lost while being sent"),
    "core.audit.seal": gettext_lazy("Sealing the audit"),
    "core.scan_waiting_files": gettext_lazy("Scanning files for viruses"),
    "grants.check_promises": gettext_lazy("Watching promised dates"),
    "reviews.remind_reviewers": gettext_lazy("Reminding reviewers"),
    "accounts.send_digests": gettext_lazy("Writing daily digests"),
    "insights.apply_retention": gettext_lazy("Deleting what has been kept long enough"),
}


def _demand(request: HttpRequest) -> None:
    if not may_tend_outbox(request.user):
        raise PermissionDenied


@require_GET
@staff_required
def outbox(request: HttpRequest) -> HttpResponse:
    """The list: what kind of notice, to whom, when and why it is here; never what it says."""
    _demand(request)
    entries = list(service.needing_attention()[:SHOWN])
    failed = FailedTask.objects.order_by("name")
    return render(request, "insights/outbox.html", {"rows": _rows(request.user, entries), "tasks": _named(failed)})


def _named(failed: Iterable[FailedTask]) -> list[tuple[str, FailedTask]]:
    """With what each does, in words."""
    return [(str(TASKS.get(task.name, task.name)), task) for task in failed]


def _rows(user: Any, entries: list[OutboxEntry]) -> list[dict[str, Any]]:
    receivers = User.objects.filter(pk__in=_receivers(entries)).prefetch_related("roles")
    people = {str(person.pk): str(person) for person in receivers}
    colleagues = {str(person.pk) for person in receivers if {role.name for role in person.roles.all()} & STAFF_ROLES}
    items = {
        (str(item.user_id), item.event): item
        for item in InboxItem.objects.filter(
            user__in=list(people), event__in=[entry.payload.get("event", "") for entry in entries]
        )
    }
    about = {item.params.get("reference", "") for item in items.values()}
    # Who was told about which application is itself a fact of it; so is who applied.
    readable = set(Application.objects.visible_to(user).filter(reference__in=about).values_list("reference", flat=True))
    rows = []
    for entry in entries:
        user_id, event = str(entry.payload.get("user", "")), entry.payload.get("event", "")
        item = items.get((user_id, event))
        named = user_id in colleagues or (item is not None and _about_readable(item, readable))
        to = people.get(user_id, "") or _("an address without an account")
        rows.append(
            {
                "entry": entry,
                "to": to if named or user_id not in people else _("an applicant"),
                "kind": _kind(entry, item, readable),
                "state": entry.get_status_display(),
                "tone": "wait" if entry.status == "doubtful" else "stop",
            }
        )
    return rows


def _about_readable(item: InboxItem, readable: set[str]) -> bool:
    """The notice is about an application that the person who looks may read, and nobody silenced it."""
    return not item.restricted and item.params.get("reference") in readable


def _receivers(entries: list[OutboxEntry]) -> list[str]:
    return [entry.payload["user"] for entry in entries if entry.payload.get("user")]


def _kind(entry: OutboxEntry, item: InboxItem | None, readable: set[str]) -> str:
    """Mail about what, in a word or two. A notice that is restricted, or about an application that the person may not
    read, is a message and nothing more.
    """
    if entry.topic != "mail":
        return _("Work of the system: %(topic)s") % {"topic": entry.topic}
    if item is None or item.restricted or item.kind not in notice_kinds:
        return _("A message")
    if "reference" in item.params and not _about_readable(item, readable):
        return _("A message")
    return str(notice_kinds.get(item.kind).sentence(item.params))


@require_POST
@staff_required
def send_again(request: HttpRequest, entry_id: Any) -> HttpResponse:
    """Put it back into the queue."""
    _demand(request)
    if service.send_again(entry_id=entry_id):
        messages.success(request, _("It is being sent again."))
    else:
        messages.info(request, _("A colleague has already decided about this notice."))
    return redirect("insights:outbox")


@require_POST
@staff_required
def close(request: HttpRequest, entry_id: Any) -> HttpResponse:
    """It arrived, or is not needed any more."""
    _demand(request)
    if service.close(entry_id=entry_id):
        messages.success(request, _("Closed: it will not be sent again."))
    else:
        messages.info(request, _("A colleague has already decided about this notice."))
    return redirect("insights:outbox")


@require_POST
@staff_required
def run_again(request: HttpRequest, task_id: Any) -> HttpResponse:
    """Ask the workers for a task that failed; beat would ask for it again by itself, later."""
    _demand(request)
    try:
        asked = ask_again(task_id=task_id)
    except BrokerAway:
        messages.error(request, _("The queue of work cannot be reached just now. It is started again by itself later."))
    else:
        if asked:
            messages.success(request, _("It has been started again. Reload this page in a moment."))
        else:
            messages.info(request, _("It ran well meanwhile, or a colleague has just started it again."))
    return redirect("insights:outbox")
