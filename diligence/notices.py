"""What due diligence tells people."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind, Params, notice_kinds
from organizations.models import Organization


def _sentence(_params: Params) -> str:
    return _("We made one record out of two of your organisation. Look who belongs to it now.")


def _page(params: Params, user: Any) -> str:
    found = Organization.objects.of_member(user).filter(pk=params["organization"]).exists()
    return reverse("organizations:members", args=[params["organization"]]) if found else reverse("organizations:list")


def register() -> None:
    """Add the kinds of this app."""
    kind = NoticeKind("diligence.records_merged", sentence=_sentence, subject=_sentence, url=_page)
    notice_kinds.register(kind.name, kind)
