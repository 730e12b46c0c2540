"""What the directors of a programme are told when somebody gets or loses a role."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import RoleName
from accounts.models import User
from accounts.notices import NoticeKind, Params, notice_kinds


def _words(params: Params) -> dict[str, str]:
    """Names as they are today: the notice itself holds ids only."""
    people = User.objects.in_bulk([pk for pk in (params["person"], params["by"]) if pk], field_name="id")
    named = {str(pk): str(person) for pk, person in people.items()}
    return {
        "person": named.get(params["person"], _("Somebody")),
        "role": str(RoleName(params["role"]).label),
        "by": named.get(str(params["by"]), pgettext("who did it", "the system")),
    }


def _page(params: Params, user: Any) -> str:
    """Administrators have a page of everybody who works here; for a director the notice says it all."""
    return reverse("accounts:staff_people") if user.has_role(RoleName.ADMIN) else reverse("inbox:list")


def _who(params: Params) -> dict[str, str]:
    return {"by": str(User.objects.filter(pk=params["by"]).first() or _("Somebody"))}


def register() -> None:
    """Add the kinds."""
    notice_kinds.register(
        "accounts.period_shortened",
        NoticeKind(
            name="accounts.period_shortened",
            sentence=lambda params: (
                _("%(by)s made a period of keeping shorter. It holds in a week: look at what will be deleted.")
                % _who(params)
            ),
            subject=lambda params: _("A period of keeping is shorter"),
            url=lambda params, user: reverse("insights:retention"),
        ),
    )
    notice_kinds.register(
        "accounts.role_given",
        NoticeKind(
            name="accounts.role_given",
            sentence=lambda params: _("Role given to %(person)s: %(role)s. By: %(by)s.") % _words(params),
            subject=lambda params: _("Somebody was given a role"),
            url=_page,
        ),
    )
    notice_kinds.register(
        "accounts.role_ended",
        NoticeKind(
            name="accounts.role_ended",
            sentence=lambda params: _("Role ended for %(person)s: %(role)s. By: %(by)s.") % _words(params),
            subject=lambda params: _("Somebody lost a role"),
            url=_page,
        ),
    )
