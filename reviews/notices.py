"""What notices about judging say: the reference, and nothing of the content."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind, notice_kinds

type _Say = Callable[[dict[str, Any]], str]


def _register(name: str, page: str, say: _Say) -> None:
    kind = NoticeKind(
        name=name, sentence=say, subject=say, url=lambda params, user: reverse(page, args=[params["reference"]])
    )
    notice_kinds.register(name, kind)


def register() -> None:
    """Add the kinds of this app to the registry."""
    _register(
        "reviews.proposed", "reviews:decision", lambda p: _("A decision on %(reference)s waits for your approval.") % p
    )
    _register(
        "reviews.returned",
        "reviews:decision",
        lambda p: _("Your proposal for %(reference)s came back with a reason.") % p,
    )
    _register("reviews.assigned", "reviews:sheet", lambda p: _("You are asked to review %(reference)s.") % p)
    _register(
        "reviews.waiver",
        "reviews:eligibility",
        lambda p: _("A gate of %(reference)s was waived; a second person must confirm it.") % p,
    )
    _register(
        "reviews.second_approval",
        "reviews:decision",
        lambda p: _("A decision on %(reference)s has one approval and waits for a second: yours, perhaps.") % p,
    )
    _register_appeals()


def _register_appeals() -> None:
    def staff(params: dict[str, Any], user: Any) -> str:
        return reverse("reviews:appeal", args=[params["appeal"]])

    def applicant(params: dict[str, Any], user: Any) -> str:
        return reverse("reviews:appeal_read", args=[params["reference"], params["appeal"]])

    kinds: tuple[tuple[str, _Say, Callable[[dict[str, Any], Any], str]], ...] = (
        ("reviews.appeal", lambda p: _("An appeal on %(reference)s waits for an answer.") % p, staff),
        ("reviews.complaint", lambda p: _("A complaint on %(reference)s waits for an answer.") % p, staff),
        ("reviews.appeal_answered", lambda p: _("We have answered what you sent about %(reference)s.") % p, applicant),
        (
            "reviews.appeal_for_nobody",
            lambda p: (
                _("Nobody may answer an appeal on %(reference)s. Name a reader or a deputy who did not decide.") % p
            ),
            lambda params, user: reverse("staff:readers", args=[params["reference"]]),
        ),
        (
            "reviews.complaint_for_nobody",
            lambda p: _("A complaint waits, and no director may read it. Give somebody else the role of a director."),
            lambda params, user: reverse("accounts:staff_people"),
        ),
    )
    for name, say, url in kinds:
        notice_kinds.register(name, NoticeKind(name=name, sentence=say, subject=say, url=url))
