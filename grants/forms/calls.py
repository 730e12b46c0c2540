"""Shapes of the pages on which calls are written. The law is in services/calls.py."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.zones import zone_names
from core.errors import DomainError
from core.formsets import formset_of
from core.money import CURRENCIES, currency_label
from core.numbers import western_digits
from core.translated import TranslatedFormField
from grants.choices import CallKind, Confidentiality, FormStatus
from grants.local_times import instant, local
from grants.models import Call, FormVersion
from grants.services.calls import MOST_ELIGIBILITY_QUESTIONS
from organizations.fields import TypedNumberField, TypedWholeField

_SHOWN = "%Y-%m-%dT%H:%M"


class LocalTimeField(forms.CharField):
    """A day and a time without a zone (naive); the form knows the zone. None when blank."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local", "class": "short", "dir": "ltr"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = western_digits(str(super().clean(value))).strip().replace(" ", "T")
        if not text:
            return None
        for shape in (_SHOWN, "%Y-%m-%dT%H:%M:%S", "%d/%m/%YT%H:%M"):
            try:
                return datetime.strptime(text, shape)  # noqa: DTZ007 - the zone is a field of its own
            except ValueError:
                continue
        raise forms.ValidationError(_("Write a day and a time, such as 2027-01-15 23:59."))

    def prepare_value(self, value: Any) -> Any:
        return value.strftime(_SHOWN) if isinstance(value, datetime) else value


class CallForm(forms.Form):
    """Everything of a call but its eligibility check. `opens_at` and `closes_at` come out as instants (UTC)."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices)
    title = TranslatedFormField(label=_("Title"), needs=("en",), max_length=160)
    summary = TranslatedFormField(
        label=_("Summary"),
        multiline=True,
        required=False,
        max_length=600,
        help_text=_("One or two sentences for lists."),
    )
    description = TranslatedFormField(label=_("Description"), multiline=True, required=False, max_length=8000)
    who_may_apply = TranslatedFormField(label=_("Who may apply"), multiline=True, required=False, max_length=4000)
    form_version = forms.ModelChoiceField(
        label=_("Form"), queryset=FormVersion.objects.none(), required=False, help_text=_("Published versions only.")
    )
    reference_prefix = forms.CharField(
        label=_("First letters of references"),
        max_length=2,
        help_text=_("Two capital letters, such as RR: references then read RR-7K4Q-M2XD."),
        widget=forms.TextInput(attrs={"class": "short", "dir": "ltr"}),
    )
    amount_min = TypedNumberField(label=_("Least amount"), required=False)
    amount_max = TypedNumberField(label=_("Most amount"), required=False)
    currencies = forms.MultipleChoiceField(
        label=_("Currencies"),
        choices=lambda: [(code, currency_label(code)) for code in CURRENCIES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The amounts above hold as they stand in each currency you choose."),
    )
    months_max = TypedWholeField(label=_("Longest duration in months"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone of the deadline"), choices=lambda: [(name, name) for name in zone_names()]
    )
    opens_at = LocalTimeField(
        label=pgettext_lazy("call", "Opens"), required=False, help_text=_("In the time zone above. Blank: at once.")
    )
    closes_at = LocalTimeField(
        label=pgettext_lazy("call", "Closes"),
        required=False,
        help_text=_("In the time zone above. Blank: open all year."),
    )
    grace_minutes = TypedWholeField(
        label=_("Minutes of grace after the deadline"), initial=0, help_text=_("Not announced before the deadline.")
    )
    first_answer_hours = TypedWholeField(label=_("Hours to the first answer"), initial=48)
    decision_working_days = TypedWholeField(label=_("Working days to the decision"), initial=5)
    payment_working_days = TypedWholeField(label=_("Working days from decision to first payment"), initial=10)
    needs_review = forms.BooleanField(label=_("Reviewers score the applications"), required=False, initial=True)
    blind_review = forms.BooleanField(label=_("Reviewers do not see who applies"), required=False)
    registration_required = forms.BooleanField(label=_("Applicants must be registered"), required=False)
    confidentiality = forms.ChoiceField(label=_("Confidentiality to begin with"), choices=Confidentiality.choices)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why the terms become harder"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed only when somebody has applied and the new terms are harder. It is kept in the history."),
    )

    GROUPS = (
        (_("What it is"), ("kind", "title", "summary", "description", "who_may_apply")),
        (_("Form and references"), ("form_version", "reference_prefix")),
        (_("Money and time"), ("amount_min", "amount_max", "currencies", "months_max")),
        (pgettext_lazy("call", "Opening and deadline"), ("time_zone", "opens_at", "closes_at", "grace_minutes")),
        (_("Promises"), ("first_answer_hours", "decision_working_days", "payment_working_days")),
        (_("Review and safety"), ("needs_review", "blind_review", "registration_required", "confidentiality")),
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = FormVersion.objects.filter(form__programme=call.programme_id, status=FormStatus.PUBLISHED)
        field: Any = self.fields["form_version"]
        field.queryset = versions.select_related("form").order_by("form__created_at", "-number")
        field.label_from_instance = version_name
        if call._state.adding or call.status == "draft":
            del self.fields["reason"]

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """(heading, bound fields), in the order of the page."""
        return [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        zone_name = cleaned.get("time_zone")
        for name in ("opens_at", "closes_at"):
            written = cleaned.get(name)
            if written is None or not zone_name:
                continue
            try:
                cleaned[name] = instant(written, ZoneInfo(zone_name))
            except DomainError as error:
                self.add_error(name, str(error))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("stamp", "reason")}


def version_name(version: FormVersion) -> str:
    """A form and its version in words."""
    return str(_("%(form)s, version %(number)d")) % {"form": version.form.name, "number": version.number}


def initial_of(call: Call) -> dict[str, Any]:
    """What the form shows of a call: times as clocks in its zone show them."""
    names = [name for _heading, group in CallForm.GROUPS for name in group]
    values = {name: getattr(call, name) for name in names}
    for name in ("opens_at", "closes_at"):
        values[name] = local(values[name], call.zone) if values[name] else None
    return values


class EligibilityForm(forms.Form):
    """One question of the public check."""

    text = TranslatedFormField(label=_("Question, answered with yes or no"), multiline=True, max_length=600)
    no_answer = forms.ChoiceField(
        label=_("Answer that means no"),
        required=False,
        choices=[("", _("Neither")), ("yes", _("Yes")), ("no", _("No"))],
    )
    ask_answer = forms.ChoiceField(
        label=_("Answer that means ask us"),
        required=False,
        choices=[("", _("Neither")), ("yes", _("Yes")), ("no", _("No"))],
    )
    explanation = TranslatedFormField(
        label=_("Why, and what to do instead"), multiline=True, required=False, max_length=1200
    )


EligibilityFormSet = formset_of(
    EligibilityForm, most=MOST_ELIGIBILITY_QUESTIONS, extra=1, can_delete=True, can_order=True, validate_max=True
)


def ordered_rows(formset: Any) -> list[dict[str, Any]]:
    """The rows that were not removed, in the order written beside them."""
    return [form.cleaned_data for form in formset.ordered_forms if form.cleaned_data]


def eligibility_initial(call: Call) -> list[dict[str, Any]]:
    """The check as the form set shows it."""
    names = ("text", "no_answer", "ask_answer", "explanation")
    return list(call.eligibility_questions.order_by("position").values(*names)) if not call._state.adding else []
