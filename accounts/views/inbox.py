"""The inbox: what happened, in the reader's language, newest first."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import current_user, signed_in
from accounts.models import InboxItem, User
from accounts.notices import notice_kinds, silenced
from accounts.services.notices import mark_read
from core.pagination import SortKey, keyset_page

PAGE_SIZE = 30
NEWEST_FIRST = (SortKey("created_at", descending=True), SortKey("id"))


def own_base(user: User) -> str:
    """The frame of the pages that staff and applicants share."""
    return "base_staff.html" if user.is_portal_staff else "base_applicant.html"


@require_GET
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """One page of notices; how many are unread is in the context of every page."""
    user = current_user(request)
    page = keyset_page(user.inbox.all(), keys=NEWEST_FIRST, cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    silent = silenced(user, page.rows)
    rows = [
        {
            "item": item,
            "sentence": sentence_of(item, silent=item.pk in silent),
            "opens": item.kind in notice_kinds and (item.restricted or item.pk not in silent),
        }
        for item in page.rows
    ]
    context: dict[str, Any] = {"base": own_base(user), "page": page, "rows": rows}
    return render(request, "accounts/inbox.html", context)


def sentence_of(item: InboxItem, *, silent: bool = False) -> str:
    """What a notice says, in the language of the page. A restricted one says nothing, nor does one that is `silent`."""
    if silent or item.restricted or item.kind not in notice_kinds:
        return _("You have a message.")
    return notice_kinds.get(item.kind).sentence(item.params)


@require_GET
@signed_in
def open_notice(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Mark it as read and go to what it is about. Safe to follow twice."""
    user = current_user(request)
    item = get_object_or_404(InboxItem, pk=item_id, user=user)
    if item.read_at is None:
        mark_read(user=user, items=[item.pk])
    if item.kind not in notice_kinds or (not item.restricted and silenced(user, [item])):
        return redirect("inbox:list")
    return redirect(notice_kinds.get(item.kind).url(item.params, user))


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    mark_read(user=current_user(request))
    return redirect(reverse("inbox:list"))
