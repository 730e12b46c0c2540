"""What is told of compromised partners, exports and erasures: a sentence here, nothing by mail. Neither has a name."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind, Params, notice_kinds


def _page(params: Params, user: Any) -> str:
    return reverse("organizations_staff:compromise", args=[params["compromise"]])


def register() -> None:
    """Add the kinds of this module to the registry."""
    sentences = {
        "organizations.compromised": lambda params: _(
            "A partner is marked as compromised. Its people are kept out, mail to them waits, and no money moves."
        ),
        "organizations.lift_proposed": lambda params: _(
            "A colleague proposes to let the people of a compromised partner in again. A director must confirm it."
        ),
        "organizations.compromise_lifted": lambda params: _(
            "A partner is no longer marked as compromised. Its applications stay restricted."
        ),
    }
    for name, sentence in sentences.items():
        kind = NoticeKind(name=name, sentence=sentence, subject=sentence, url=_page, silent_by_mail=True)
        notice_kinds.register(name, kind)
    _of_rights()


def _erasure(params: Params, user: Any) -> str:
    return reverse("organizations_staff:erasure", args=[params["erasure"]])


def _own(params: Params, user: Any) -> str:
    return reverse("organizations:rights", args=[params["organization"]])


def _of_rights() -> None:
    """What is said of exports and erasures."""
    kinds: tuple[tuple[str, Any, Any], ...] = (
        ("organizations.erasure_asked", lambda params: _("An organisation asks to be erased."), _erasure),
        (
            "organizations.erasure_second",
            lambda params: _("A colleague confirmed that an organisation is erased. A second director is needed."),
            _erasure,
        ),
        ("organizations.erasure_refused", lambda params: _("There is an answer to your wish to be erased."), _own),
        (
            "organizations.exported",
            lambda params: _("An owner of your organisation downloaded everything it gave."),
            _own,
        ),
    )
    for name, sentence, url in kinds:
        kind = NoticeKind(name=name, sentence=sentence, subject=sentence, url=url, silent_by_mail=True)
        notice_kinds.register(name, kind)
