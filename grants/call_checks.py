"""What stands in the way of publishing a call, and which changes are to the disadvantage of those who applied."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.translated import Translated
from grants.choices import CallKind, FormStatus
from grants.models import Call, EligibilityQuestion

_LANGUAGES = {"en": "English", "ar": "العربية", "he": "עברית"}
# Changes of these after somebody submitted are to their disadvantage when the new value is …
_WORSE_WHEN_LARGER = ("amount_min", "opens_at", "first_answer_hours", "decision_working_days", "payment_working_days")
_WORSE_WHEN_SMALLER = ("amount_max", "months_max", "closes_at", "grace_minutes")


def problems(call: Call, questions: list[EligibilityQuestion], moment: datetime) -> list[str]:
    """Everything that must be mended before the call can be published at `moment`."""
    return [*_texts(call), *_terms(call, moment), *_questions(questions)]


def _texts(call: Call) -> Iterator[str]:
    names: Any = Call._meta
    for field, needed in (("title", True), ("summary", True), ("who_may_apply", True), ("description", False)):
        text: Translated = getattr(call, field)
        if (text or needed) and (absent := text.missing()):
            yield _("“%(text)s” is missing in %(languages)s.") % {
                "text": str(names.get_field(field).verbose_name),
                "languages": ", ".join(_LANGUAGES[code] for code in absent),
            }


def _terms(call: Call, moment: datetime) -> Iterator[str]:
    if call.form_version is None:
        yield _("Choose the form.")
    elif call.form_version.status != FormStatus.PUBLISHED:
        yield _("The form is a draft. Publish the form first.")
    if call.amount_max is None:
        yield _("Say how much one may ask for at most.")
    if not call.currencies:
        yield _("Choose at least one currency.")
    if call.kind == CallKind.OPEN and call.closes_at is None:
        yield _("An open call has a deadline. Write when it closes.")
    if call.accepts_until is not None and call.accepts_until <= moment:
        yield _("The deadline is in the past.")


def _questions(questions: list[EligibilityQuestion]) -> Iterator[str]:
    for question in questions:
        decides = bool(question.no_answer or question.ask_answer)
        for text, needed in ((question.text, True), (question.explanation, decides)):
            if (text or needed) and (absent := text.missing()):
                yield _("Eligibility question %(number)d is missing in %(languages)s.") % {
                    "number": question.position,
                    "languages": ", ".join(_LANGUAGES[code] for code in absent),
                }
                break


def tightened(call: Call, changes: dict[str, Any]) -> list[str]:
    """Names of the fields of which the new value is harder on applicants than the present one. None is no limit."""
    worse = []
    for name, value in changes.items():
        present = getattr(call, name)
        larger = value is not None and (present is None or value > present) if name in _WORSE_WHEN_LARGER else False
        smaller = value is not None and (present is None or value < present) if name in _WORSE_WHEN_SMALLER else False
        if larger or smaller:
            worse.append(name)
    if "currencies" in changes and set(call.currencies) - set(changes["currencies"]):
        worse.append("currencies")
    if changes.get("registration_required") and not call.registration_required:
        worse.append("registration_required")
    return worse
