"""What staff are told of compromised partners: a sentence here, nothing by mail. Neither names the partner."""

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
