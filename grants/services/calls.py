"""Writing calls: drafts freely, published ones with care for those who have already applied.

`by` is the person, or None for a command that an operator runs. `stamp` is what a page read (`stamp_of`); when the call
says something else by now, StaleVersion is raised and nothing is written.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Programme
from core.errors import DomainError, NotPermitted, StaleVersion
from core.money import CURRENCIES
from grants.call_checks import problems, tightened
from grants.choices import CallAction, CallKind, CallStatus, Confidentiality, FormStatus, Status
from grants.models import Call, CallEvent, EligibilityQuestion, FormVersion
from grants.question_settings import translated

MOST_ELIGIBILITY_QUESTIONS = 15
_TEXTS = {"title": 160, "summary": 600, "description": 8000, "who_may_apply": 4000}
_NUMBERS = {
    "months_max": (1, 120), "grace_minutes": (0, 1440), "first_answer_hours": (1, 2000),
    "decision_working_days": (1, 400), "payment_working_days": (1, 400),
}  # fmt: skip
_FLAGS = ("needs_review", "blind_review", "registration_required")
FIELDS = (
    "kind", "reference_prefix", *_TEXTS, "amount_min", "amount_max", "currencies", "opens_at", "closes_at",
    "time_zone", *_NUMBERS, *_FLAGS, "confidentiality", "balance_targets", "form_version",
)  # fmt: skip


class CallNotReady(DomainError):
    """The call cannot be published; `problems` says what to mend."""

    sentence = gettext_lazy("The call cannot be published yet.")

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__()
        self.problems = list(found)


class CallNotPossible(DomainError):
    """A value of the call makes no sense; `field` is the one to mend."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class ReasonNeeded(DomainError):
    """Terms became harder after somebody had submitted; `fields` are the ones."""

    sentence = gettext_lazy(
        "Applications have been submitted under the present terms. Write why the terms become harder."
    )

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__()
        self.fields = list(fields)


def stamp_of(call: Call) -> str:
    """What the call and its eligibility questions say now, as a short text for a hidden field."""
    rows = call.eligibility_questions.values_list("position", "text", "no_answer", "ask_answer", "explanation")
    values = [getattr(call, f"{name}_id" if name == "form_version" else name) for name in FIELDS]
    content = [*[_plain(value) for value in values], list(rows)]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:24]


def _plain(value: Any) -> Any:
    """A value in one spelling, whether it came from a form or from the database."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _demand(by: Any, subject: Call) -> None:
    if by is not None and not by.has_perm("grants.manage_calls", subject):
        raise NotPermitted


def _locked(call: Call, by: Any) -> Call:
    found = (
        Call.objects.select_related("programme", "form_version__form").select_for_update(of=("self",)).get(pk=call.pk)
    )
    _demand(by, found)
    return found


def _record(call: Call, action: str, by: Any, *, reason: str = "", fields: Sequence[str] = ()) -> CallEvent:
    return CallEvent.objects.create(
        call=call, action=action, actor=by, at=timezone.now(), reason=reason.strip(), fields=list(fields)
    )


def record_change(*, call: Call, by: Any, fields: Sequence[str]) -> CallEvent:
    """Add to the history of a locked call what an app to the right changed about it, by the names of its fields."""
    return _record(call, CallAction.CHANGE, by, fields=fields)


# ---- values ---------------------------------------------------------------------------------------------------------


def _checked(name: str, value: Any) -> Any:
    """One value as the model keeps it.

    Raises:
        CallNotPossible: it makes no sense, with a sentence for the field.
    """
    if name in _TEXTS:
        return translated(value or {}, most=_TEXTS[name])
    if name in _NUMBERS:
        return _number(name, value)
    if name in _FLAGS:
        return bool(value)
    if name in ("amount_min", "amount_max"):
        return _amount(name, value)
    if name in ("opens_at", "closes_at"):
        return _moment(name, value)
    choices: dict[str, Any] = {"kind": CallKind.values, "confidentiality": Confidentiality.values}
    if name in choices and value not in choices[name]:
        raise CallNotPossible(name, _("Choose one of the list."))
    if name == "reference_prefix":
        return _prefix(value)
    if name == "currencies":
        return _currencies(value)
    if name == "time_zone" and value not in available_timezones():
        raise CallNotPossible(name, _("Choose a time zone from the list."))
    return value


def _number(name: str, value: Any) -> int | None:
    if value is None and name == "months_max":
        return None
    least, most = _NUMBERS[name]
    if not isinstance(value, int) or not least <= value <= most:
        raise CallNotPossible(
            name, _("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
        )
    return value


def _amount(name: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, Decimal) or value < 0 or value >= Decimal(10) ** 12:
        raise CallNotPossible(name, _("Write an amount of money that is not less than zero."))
    return value


def _moment(name: str, value: Any) -> datetime | None:
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise CallNotPossible(name, _("Write a date and a time."))
    return value


def _prefix(value: Any) -> str:
    text = str(value or "")
    if len(text) != 2 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise CallNotPossible("reference_prefix", _("Write two capital letters, A to Z."))
    return text


def _currencies(value: Any) -> list[str]:
    chosen = [code for code in CURRENCIES if code in (value or ())]
    if not chosen or len(chosen) != len(set(value)):
        raise CallNotPossible("currencies", _("Choose at least one currency of the list."))
    return chosen


def _check_together(call: Call) -> None:
    if call.amount_min is not None and call.amount_max is not None and call.amount_min > call.amount_max:
        raise CallNotPossible("amount_max", _("The most one may ask for is less than the least."))
    if call.opens_at and call.closes_at and call.closes_at <= call.opens_at:
        raise CallNotPossible("closes_at", _("The call closes before it opens. Check both dates."))


def _apply(call: Call, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Put checked values into the call; returns what changed, before they are put."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not fields of a call: {sorted(unknown)}")
    checked = {name: _checked(name, value) for name, value in fields.items()}
    if "form_version" in checked:
        _check_form(call, checked["form_version"])
    return {name: value for name, value in checked.items() if getattr(call, name) != value}


def _check_form(call: Call, version: FormVersion | None) -> None:
    if version is None:
        return
    if version.form.programme_id != call.programme_id or version.status != FormStatus.PUBLISHED:
        raise CallNotPossible("form_version", _("Choose a published form of this programme."))


def _check_fixed(call: Call, changes: Mapping[str, Any]) -> None:
    """What must not change once the call is public, or once somebody applied."""
    if call.status == CallStatus.DRAFT:
        return
    version = changes.get("form_version", call.form_version)
    if version is None:
        raise CallNotPossible("form_version", _("A published call has a form."))
    if not call.applications.exists():
        return
    for name in ("kind", "reference_prefix"):
        if name in changes:
            raise CallNotPossible(name, _("This cannot change any more: people have started applications."))
    present = call.form_version
    if present and (version.form_id != present.form_id or version.number < present.number):
        raise CallNotPossible(
            "form_version",
            _("People have started applications. New drafts may use a later version of the same form only."),
        )


# ---- the verbs ------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_call(*, programme: Programme, by: Any, slug: str = "", **fields: Any) -> Call:
    """A draft call. `fields` are those of the model (FIELDS); times are aware, texts {language: text}.

    Raises:
        CallNotPossible: with the field that makes no sense.
    """
    call = Call(programme=programme)
    _demand(by, call)
    wanted = {"reference_prefix": "", "kind": "", **fields}
    for name, value in _apply(call, wanted).items():
        setattr(call, name, value)
    if not call.title:
        raise CallNotPossible("title", _("Give the call a title."))
    _check_together(call)
    call.slug = _free_slug(slug or call.title.get("en", ""))
    call.save(force_insert=True)
    _record(call, CallAction.CREATE, by)
    return call


def _free_slug(wanted: str) -> str:
    base = slugify(wanted)[:54].strip("-_") or "call"
    # An address of the portal: calls/new/.
    base = "new-call" if base == "new" else base
    slug, number = base, 2
    while Call.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def create_and_fill(*, programme: Programme, by: Any, questions: Sequence[Mapping[str, Any]], **fields: Any) -> Call:
    """A draft call together with its eligibility check, or nothing."""
    call = create_call(programme=programme, by=by, **fields)
    _write_questions(call, questions)
    return call


@transaction.atomic
def update_call(
    *,
    call: Call,
    by: Any,
    stamp: str | None = None,
    reason: str = "",
    questions: Sequence[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Call:
    """Change a call, and with `questions` its eligibility check; what is not named stays.

    Raises:
        CallNotPossible: a value makes no sense, or may not change any more.
        ReasonNeeded: terms become harder after somebody submitted, and `reason` is empty.
        CallNotReady: the call is public and would be incomplete.
        StaleVersion: somebody saved since the page was read.
    """
    call = _locked(call, by)
    if stamp is not None and stamp != stamp_of(call):
        raise StaleVersion
    changes = _apply(call, fields)
    _check_fixed(call, changes)
    harder = tightened(call, changes) if call.status != CallStatus.DRAFT else []
    if harder and not reason.strip() and call.applications.exclude(status=Status.DRAFT).exists():
        raise ReasonNeeded(harder)
    for name, value in changes.items():
        setattr(call, name, value)
    _check_together(call)
    if not call.title:
        raise CallNotPossible("title", _("Give the call a title."))
    call.save(update_fields=[*changes])
    changed = [*changes]
    if questions is not None and _write_questions(call, questions):
        changed.append("eligibility_questions")
    if call.status == CallStatus.PUBLISHED and changed:
        # A deadline that has passed meanwhile is no reason to refuse a change of words.
        _demand_complete(call, datetime.min.replace(tzinfo=UTC))
    if changed:
        _record(call, CallAction.CHANGE, by, reason=reason, fields=changed)
    return call


def _demand_complete(call: Call, moment: datetime) -> None:
    if found := problems(call, list(call.eligibility_questions.order_by("position")), moment):
        raise CallNotReady(found)


def _write_questions(call: Call, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Replace the eligibility check where it says something else; True when it did."""
    if len(rows) > MOST_ELIGIBILITY_QUESTIONS:
        raise DomainError(_("The check may have at most %(most)d questions.") % {"most": MOST_ELIGIBILITY_QUESTIONS})
    wanted = []
    for position, row in enumerate(rows, start=1):
        question = EligibilityQuestion(
            call=call,
            position=position,
            text=translated(row.get("text") or {}, most=600),
            no_answer=str(row.get("no_answer") or ""),
            ask_answer=str(row.get("ask_answer") or ""),
            explanation=translated(row.get("explanation") or {}, most=1200),
        )
        if not question.text:
            raise DomainError(_("Eligibility question %(number)d has no text.") % {"number": position})
        if question.no_answer and question.no_answer == question.ask_answer:
            raise DomainError(
                _("Eligibility question %(number)d: one answer cannot mean both no and ask us.") % {"number": position}
            )
        wanted.append(question)
    content = ("position", "text", "no_answer", "ask_answer", "explanation")
    present = [tuple(getattr(row, name) for name in content) for row in call.eligibility_questions.order_by("position")]
    if present == [tuple(getattr(row, name) for name in content) for row in wanted]:
        return False
    call.eligibility_questions.all().delete()
    EligibilityQuestion.objects.bulk_create(wanted)
    return True


@transaction.atomic
def set_eligibility_questions(*, call: Call, by: Any, questions: Sequence[Mapping[str, Any]]) -> Call:
    """Write the public check: {"text", "no_answer": "yes"/"no"/"", "ask_answer", "explanation"}, in order."""
    return update_call(call=call, by=by, questions=questions)


@transaction.atomic
def publish_call(*, call: Call, by: Any) -> Call:
    """Make the call public. Publishing it twice changes nothing.

    Raises:
        CallNotReady: with everything that must be mended.
    """
    call = _locked(call, by)
    if call.status == CallStatus.PUBLISHED:
        return call
    if call.status == CallStatus.CLOSED:
        raise DomainError(_("This call was closed. Open it again instead."))
    _demand_complete(call, timezone.now())
    call.status = CallStatus.PUBLISHED
    call.save(update_fields=["status"])
    _record(call, CallAction.PUBLISH, by)
    return call


@transaction.atomic
def close_call(*, call: Call, by: Any, reason: str = "") -> Call:
    """Accept no more applications from now on; its page stays. Closing it twice changes nothing."""
    call = _locked(call, by)
    if call.status == CallStatus.CLOSED:
        return call
    if call.status == CallStatus.DRAFT:
        raise DomainError(_("This call is a draft: nobody can apply to it yet."))
    if not reason.strip():
        raise DomainError(_("Write why the call is closed."))
    call.status = CallStatus.CLOSED
    call.save(update_fields=["status"])
    _record(call, CallAction.CLOSE, by, reason=reason)
    return call


@transaction.atomic
def reopen_call(*, call: Call, by: Any, reason: str = "") -> Call:
    """Open a closed call again. Its deadline must be still to come."""
    call = _locked(call, by)
    if call.status == CallStatus.PUBLISHED:
        return call
    if call.status == CallStatus.DRAFT:
        raise DomainError(_("This call is a draft. Publish it instead."))
    if not reason.strip():
        raise DomainError(_("Write why the call is opened again."))
    _demand_complete(call, timezone.now())
    call.status = CallStatus.PUBLISHED
    call.save(update_fields=["status"])
    _record(call, CallAction.REOPEN, by, reason=reason)
    return call
