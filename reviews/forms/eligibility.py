"""Forms of the eligibility tab."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.choices import CheckOutcome, GateOutcome


def _area(label: Any, *, rows: int = 2, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


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
        chosen = (
            (CheckOutcome.ACCEPTED, CheckOutcome.FAIL, CheckOutcome.OPEN)
            if automatic
            else (CheckOutcome.PASS, CheckOutcome.LOOK, CheckOutcome.FAIL, CheckOutcome.OPEN)
        )
        labels = {CheckOutcome.OPEN: _("As the rule found it")} if automatic else {CheckOutcome.OPEN: _("Still open")}
        field: Any = self.fields["outcome"]
        field.choices = [(outcome.value, labels.get(outcome, outcome.label)) for outcome in chosen]


class FailForm(forms.Form):
    """Why an application is not eligible."""

    reason = _area(
        _("Reason that the applicant may read"),
        rows=5,
        required=True,
        help_text=_("Write it in the applicant's language, in plain words, and say what they could do instead."),
    )
