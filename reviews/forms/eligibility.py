"""Forms of the eligibility tab."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from reviews.choices import CheckOutcome, GateOutcome


def _area(label: Any, *, rows: int = 2, required: bool = False, help_text: Any = "") -> forms.CharField:
    return LongTextField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        rows=rows,
    )


def check_choices(automatic: bool) -> list[tuple[str, Any]]:
    """What a person may say of a check: overrule an automatic one, or settle one of their own."""
    if automatic:
        return [
            (CheckOutcome.OPEN.value, _("As the rule found it")),
            (CheckOutcome.ACCEPTED.value, CheckOutcome.ACCEPTED.label),
            (CheckOutcome.FAIL.value, CheckOutcome.FAIL.label),
        ]
    settled = (CheckOutcome.PASS, CheckOutcome.LOOK, CheckOutcome.FAIL)
    return [(CheckOutcome.OPEN.value, _("Still open")), *((outcome.value, outcome.label) for outcome in settled)]


class GateForm(forms.Form):
    """One gate; `seen` is the judgement that the page showed."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=GateOutcome, widget=forms.RadioSelect)
    reason = _area(_("Reason"), help_text=_("Needed unless it passes."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class CheckForm(forms.Form):
    """One check settled by a person."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    note = _area(_("Note"))

    def __init__(self, *args: Any, automatic: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = check_choices(automatic)


class FailForm(forms.Form):
    """Why an application is not eligible."""

    reason = _area(
        _("Reason that the applicant may read"),
        rows=5,
        required=True,
        help_text=_("Write it in the applicant's language, in plain words, and say what they could do instead."),
    )
