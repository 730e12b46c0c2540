"""Writing how a call is judged."""

import hashlib
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotPermitted, StaleVersion
from grants.models import Application, Call
from grants.services.calls import record_change
from reviews.choices import Expertise, OthersVisible, RubricKind, RubricStatus
from reviews.models import JudgingTerms, Review, RubricVersion
from reviews.selectors import WRITABLE
from reviews.services.priority import ask_for_priority

FIELDS = (
    "rubric_version",
    "reviews_each",
    "review_days",
    "needs_language",
    "needs_expertise",
    "others_visible",
    "use_adjusted",
    "quorum",
    "second_approval_above",
    "appeal_days",
    "appeal_answer_days",
)

_MOST = {"reviews_each": 9, "review_days": 90, "quorum": 30, "appeal_days": 365, "appeal_answer_days": 60}


class TermsRefused(DomainError):
    """A number is out of its range; `field` names it."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


def _check(values: dict[str, Any]) -> None:
    for name, most in _MOST.items():
        if not 1 <= values[name] <= most:
            raise TermsRefused(name, _("Write a number from 1 to %(most)d.") % {"most": most})
    above: Decimal | None = values["second_approval_above"]
    if above is not None and above < 0:
        raise TermsRefused("second_approval_above", _("Write an amount that is not negative, or leave it empty."))
    if set(values["needs_expertise"]) - set(Expertise.values) or values["others_visible"] not in OthersVisible.values:
        raise DomainError


def _check_rubric(call: Call, chosen: RubricVersion | None, before: RubricVersion | None) -> None:
    if chosen == before:
        return
    if chosen is not None and (
        chosen.status != RubricStatus.PUBLISHED
        or chosen.rubric.kind != RubricKind.OWN
        or chosen.rubric.programme_id != call.programme_id
    ):
        raise TermsRefused("rubric_version", _("Choose a published rubric of the list."))
    if Review.objects.filter(application__call=call).exists():
        raise TermsRefused(
            "rubric_version",
            _("A review of an application to this call has begun: its rubric does not change any more."),
        )


def stamp_of(terms: JudgingTerms) -> str:
    """What a page read: another stamp means that somebody has written since."""
    columns = ("rubric_version_id" if name == "rubric_version" else name for name in FIELDS)
    seen = [str(getattr(terms, column)) for column in columns]
    return hashlib.sha256("\x1f".join(seen).encode()).hexdigest()[:16]


@transaction.atomic
def set_terms(*, call: Call, by: Any, values: dict[str, Any], stamp: str = "") -> JudgingTerms:
    """Write the terms of judging (`values`: one for each of FIELDS); what changed goes into the history of the call.
    `stamp` is of the terms that the page showed (`stamp_of`); without one, nothing is compared.

    Raises:
        TermsRefused: with the field and what to mend.
        StaleVersion: a colleague has written them since.
    """
    call = Call.objects.select_for_update().get(pk=call.pk)
    if not by.has_perm("reviews.manage_judging", call):
        raise NotPermitted
    _check(values)
    terms, made = JudgingTerms.objects.get_or_create(call=call)
    if stamp and not made and stamp != stamp_of(terms):
        raise StaleVersion(_("A colleague has changed the terms since you opened this page. Open it anew and compare."))
    _check_rubric(call, values["rubric_version"], terms.rubric_version)
    changed = [name for name in FIELDS if getattr(terms, name) != values[name]]
    for name in changed:
        setattr(terms, name, values[name])
    if changed:
        terms.save(update_fields=changed)
        record_change(call=call, by=by, fields=changed)
    if "rubric_version" in changed:
        judged = Application.objects.filter(call=call, status__in=WRITABLE)
        ask_for_priority(list(judged.values_list("pk", flat=True)))
    return terms
