"""What notices about judging say: the reference, and nothing of the content."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind, notice_kinds
from grants.choices import Reminder
from grants.models import Application
from reviews.selectors import own_assignments

type _Say = Callable[[dict[str, Any]], str]


def _register(name: str, page: str, say: _Say) -> None:
    kind = NoticeKind(
        name=name, sentence=say, subject=say, url=lambda params, user: reverse(page, args=[params["reference"]])
    )
    notice_kinds.register(name, kind)


def _register_for_reviewers(name: str, say: _Say) -> None:
    """Kinds that lead a reviewer to their sheet, or to their list once they are not asked any more."""
    notice_kinds.register(name, NoticeKind(name=name, sentence=say, subject=say, url=_sheet_or_list))


def _sheet_or_list(params: dict[str, Any], user: Any) -> str:
    reference = params.get("reference")
    if reference and own_assignments(user).filter(application__reference=reference).exists():
        return reverse("reviews:sheet", args=[reference])
    return reverse("reviews:my_reviews")


def _register_for_staff(name: str, page: str, say: _Say) -> None:
    """Kinds that lead to a page of the workbench, or to the list for whoever may not open it any more."""

    def url(params: dict[str, Any], user: Any) -> str:
        seen = Application.objects.visible_to(user).filter(reference=params["reference"]).exists()
        return reverse(page, args=[params["reference"]]) if seen else reverse("staff:applications")

    notice_kinds.register(name, NoticeKind(name=name, sentence=say, subject=say, url=url))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _due(params: dict[str, Any]) -> str:
    told = {"reference": params["reference"], "day": _day(params["due_on"])}
    if params["stage"] == Reminder.LATE:
        return _("Your review of %(reference)s was due on %(day)s.") % told
    if params["stage"] == Reminder.TODAY:
        return _("Your review of %(reference)s is due today.") % told
    return _("Your review of %(reference)s is due on %(day)s.") % told


def register() -> None:
    """Add the kinds of this app to the registry."""
    _register_decisions()
    _register_reviews()
    _register_meetings()
    _register_appeals()


def _register_decisions() -> None:
    _register(
        "reviews.waiver",
        "reviews:eligibility",
        lambda p: _("A gate of %(reference)s was waived; a second person must confirm it.") % p,
    )
    _register(
        "reviews.proposed", "reviews:decision", lambda p: _("A decision on %(reference)s waits for your approval.") % p
    )
    _register(
        "reviews.returned",
        "reviews:decision",
        lambda p: _("Your proposal for %(reference)s came back with a reason.") % p,
    )
    _register(
        "reviews.second_approval",
        "reviews:decision",
        lambda p: _("A decision on %(reference)s has one approval and waits for a second: yours, perhaps.") % p,
    )


def _register_reviews() -> None:
    _register("reviews.nudge", "reviews:sheet", lambda p: _("Please remember your review of %(reference)s.") % p)
    _register(
        "reviews.question", "reviews:reviews", lambda p: _("A reviewer needs to know more about %(reference)s.") % p
    )
    _register(
        "reviews.question_answered",
        "reviews:sheet",
        lambda p: _("Your question about %(reference)s has been answered.") % p,
    )
    _register_for_reviewers("reviews.assigned", lambda p: _("You are asked to review %(reference)s.") % p)
    _register_for_reviewers("reviews.due", _due)
    _register_for_reviewers("reviews.released", lambda p: _("You need not review %(reference)s any more.") % p)
    _register_for_reviewers(
        "reviews.assigned_many",
        lambda p: _("You are asked for reviews, due on %(day)s.") % {"day": _day(p["due_on"])},
    )
    _register_for_staff(
        "reviews.reviewer_wanted", "reviews:reviews", lambda p: _("%(reference)s needs another reviewer.") % p
    )
    _register_for_staff(
        "reviews.possible_conflict",
        "reviews:conflicts",
        lambda p: _("Somebody may have a conflict of interest with %(reference)s.") % p,
    )


def _register_meetings() -> None:
    """What is about many applications at once names none of them."""
    kinds: tuple[tuple[str, _Say, Callable[[dict[str, Any], Any], str]], ...] = (
        (
            "reviews.panel",
            lambda _params: _("You are asked to sit in a panel."),
            lambda params, _user: reverse("reviews:panel", args=[params["meeting"]]),
        ),
        (
            "reviews.slate_proposed",
            lambda _params: _("A slate of decisions waits for your approval."),
            lambda params, _user: reverse("reviews:slate", args=[params["slate"]]),
        ),
        (
            "reviews.slate_returned",
            lambda _params: _("A slate that you proposed came back with a reason."),
            lambda params, _user: reverse("reviews:slate", args=[params["slate"]]),
        ),
    )
    for name, say, url in kinds:
        notice_kinds.register(name, NoticeKind(name=name, sentence=say, subject=say, url=url))


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
