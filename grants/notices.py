"""What notices about applications say. They name the reference and nothing of the content; restricted ones not even
that, which accounts sees to.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import RoleName
from accounts.models import User
from accounts.notices import NoticeKind, notice_kinds, silencers
from grants.models import Application

type _Say = Callable[[dict[str, Any]], str]


def _page(name: str) -> Callable[[dict[str, Any], Any], str]:
    if name.startswith("staff:"):
        return lambda params, user: _staff_page(name, params["reference"], user)
    return lambda params, user: reverse(name, args=[params["reference"]])


def _staff_page(name: str, reference: str, user: Any) -> str:
    """Where a notice leads somebody of the staff. Directors are told of a restricted application that nobody reads yet,
    to name its readers; and whoever could read it when the notice was written need not be able to any more.
    """
    rows = Application.objects.filter(reference=reference)
    if rows.visible_to(user).exists():
        return reverse(name, args=[reference])
    if user.has_role(RoleName.DIRECTOR) and rows.listed_to(user).exists():
        return reverse("staff:readers", args=[reference])
    return reverse("staff:applications")


def _register(name: str, page: str, sentence: _Say, subject: _Say | None = None) -> None:
    kind = NoticeKind(name=name, sentence=sentence, subject=subject or sentence, url=_page(page))
    notice_kinds.register(name, kind)


def _hold_ended(params: dict[str, Any]) -> str:
    by = User.objects.filter(pk=params["by"]).first()
    return _("%(by)s ended a legal hold. What it kept may be deleted in a week; you can place it again.") % {
        "by": by or _("Somebody")
    }


def _lost(user: Any, references: Collection[str]) -> set[str]:
    """Of these applications, those of which the person may not know any more."""
    rows = Application.objects.filter(reference__in=references).lost_to(user)
    return set(rows.values_list("reference", flat=True))


def register() -> None:
    """Add the kinds of this app to the registry."""
    silencers.append(_lost)
    ended = NoticeKind(
        name="grants.hold_ended",
        sentence=_hold_ended,
        subject=lambda params: _("A legal hold was ended"),
        url=lambda params, user: reverse("insights:legal_holds"),
    )
    notice_kinds.register("grants.hold_ended", ended)
    _register("grants.receipt", "apply:receipt", lambda p: _("We have received your application %(reference)s.") % p)
    _register("grants.message", "apply:messages", lambda p: _("You have a message about %(reference)s.") % p)
    _register(
        "grants.information_asked", "apply:request", lambda p: _("We need something from you for %(reference)s.") % p
    )
    _register("grants.status_changed", "apply:status", lambda p: _("There is news about %(reference)s.") % p)
    _register(
        "grants.draft_goes",
        "apply:application",
        lambda p: _("Your draft %(reference)s will be deleted in a month, unless you change it before.") % p,
    )
    _register(
        "grants.entered_on_behalf",
        "apply:status",
        lambda p: _("An application, %(reference)s, was entered for your organisation.") % p,
    )
    _register(
        "grants.new_application", "staff:proposal", lambda p: _("A new application has come in: %(reference)s.") % p
    )
    _register(
        "grants.message_from_applicant", "staff:messages", lambda p: _("The applicant of %(reference)s wrote.") % p
    )
    _register(
        "grants.information_answered", "staff:proposal", lambda p: _("The applicant of %(reference)s answered.") % p
    )
    _register("grants.withdrawn", "staff:proposal", lambda p: _("The applicant withdrew %(reference)s.") % p)
    _register(
        "grants.glass_broken",
        "staff:openings_of",
        lambda p: _("A director who is no named reader opened %(reference)s.") % p,
    )
    _register("grants.promise_warned", "staff:proposal", lambda p: _("A promise on %(reference)s is running out.") % p)
    _register("grants.promise_late", "staff:proposal", lambda p: _("A promise on %(reference)s has run out.") % p)
