"""What notices about deputies say: as what and when; the page says who."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import RoleName
from accounts.notices import NoticeKind, Params, notice_kinds


def _words(params: Params) -> dict[str, Any]:
    return {
        "role": RoleName(params["role"]).label,
        "first": date_format(date.fromisoformat(params["from"]), "j F Y"),
        "last": date_format(date.fromisoformat(params["until"]), "j F Y"),
    }


def _register(name: str, say: Callable[[dict[str, Any]], str]) -> None:
    def sentence(params: Params) -> str:
        return say(_words(params))

    def url(params: Params, user: Any) -> str:
        return reverse("deputies:list")

    notice_kinds.register(name, NoticeKind(name=name, sentence=sentence, subject=sentence, url=url))


def register() -> None:
    """Add the kinds of this module to the registry."""
    _register(
        "accounts.deputy_named_you",
        lambda p: _("You act as deputy from %(first)s to %(last)s. Role: %(role)s.") % p,
    )
    _register(
        "accounts.deputy_named",
        lambda p: _("A deputy is named from %(first)s to %(last)s. Role: %(role)s.") % p,
    )
    _register("accounts.deputy_ended_you", lambda p: _("You no longer act as deputy. Role: %(role)s.") % p)
    _register("accounts.deputy_ended", lambda p: _("A deputy no longer acts. Role: %(role)s.") % p)
