"""What people are told about how they sign in: a device that was not seen before, a second step taken away."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.models.device import device_words
from accounts.notices import NoticeKind, Params, notice_kinds


def _new_device(params: Params) -> str:
    return _(
        "Somebody signed in to your account from a device that was not seen before: %(device)s. If it was you, all is "
        "well. If not, end that session and change your password now."
    ) % {"device": device_words(params["browser"], params["system"])}


def _names(params: Params) -> dict[str, str]:
    people = User.objects.in_bulk([pk for pk in (params["person"], params["by"]) if pk], field_name="id")
    named = {str(pk): str(person) for pk, person in people.items()}
    return {
        "person": named.get(params["person"], _("Somebody")),
        "by": named.get(str(params["by"]), pgettext("who did it", "the system")),
    }


def _sessions(params: Params, user: Any) -> str:
    return reverse("accounts:sessions")


def register() -> None:
    """Add the kinds of this module to the registry."""
    kinds = (
        NoticeKind(
            name="accounts.new_device",
            sentence=_new_device,
            subject=lambda params: _("Your account was used on a new device"),
            url=_sessions,
        ),
        NoticeKind(
            name="accounts.second_step_reset",
            sentence=lambda params: (
                _(
                    "The second step of your sign-in was taken away by %(by)s, and you were signed out everywhere. "
                    "If you did not ask for it, write to us at once."
                )
                % _names(params)
            ),
            subject=lambda params: _("How you sign in was changed"),
            url=lambda params, user: reverse("accounts:second_step"),
        ),
        NoticeKind(
            name="accounts.second_step_reset_of",
            sentence=lambda params: _("The second step of %(person)s was taken away. By: %(by)s.") % _names(params),
            subject=lambda params: _("Somebody’s second step was taken away"),
            url=lambda params, user: reverse("inbox:list"),
        ),
    )
    for kind in kinds:
        notice_kinds.register(kind.name, kind)
