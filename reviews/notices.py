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
    notice_kinds.register(
        "reviews.slate_proposed",
        NoticeKind(
            name="reviews.slate_proposed",
            sentence=lambda p: _("A slate of decisions waits for your approval."),
            subject=lambda p: _("A slate of decisions waits for your approval."),
            url=lambda params, user: reverse("reviews:slate", args=[params["slate"]]),
        ),
    )
