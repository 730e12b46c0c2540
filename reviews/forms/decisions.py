"""Forms of the decision tab."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.numbers import NotANumber, parse_decimal
from grants.models import Fund
from reviews.choices import DecisionKind
from reviews.forms.funds import FundChoiceField
from reviews.services.decisions import Condition, Proposal

MOST_CONDITIONS = 12


class ProposalForm(forms.Form):
    """What an officer proposes. Conditions come as repeated rows beside it."""

    kind = forms.ChoiceField(label=_("Decision"), choices=DecisionKind, widget=forms.RadioSelect)
    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "dir": "ltr"}),
    )
    fund = FundChoiceField(
        label=_("Fund"),
        queryset=Fund.objects.none(),
        required=False,
        help_text=_("In brackets: what it has available. Approving commits the amount there."),
    )
    reason = forms.CharField(
        label=_("Reason, for the record"),
        max_length=8000,
        help_text=_("Only staff read it."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    message_to_applicant = forms.CharField(
        label=_("Message to the applicant"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def __init__(
        self, *args: Any, kinds: list[str], currency: str, language: str, funds: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if funds is None:
            del self.fields["fund"]
        else:
            fund: Any = self.fields["fund"]
            fund.queryset = funds
        self.currency = currency
        kind: Any = self.fields["kind"]
        kind.choices = [(choice.value, choice.label) for choice in DecisionKind if choice.value in kinds]
        self.fields["amount"].help_text = _("In %(currency)s; only when it is approved.") % {"currency": currency}
        self.fields["message_to_applicant"].help_text = _(
            "It becomes part of the letter. The applicant reads %(language)s."
        ) % {"language": language}

    def clean_amount(self) -> Decimal | None:
        """The amount as typed in any script; refused with a sentence when it is no number."""
        typed = self.cleaned_data["amount"].strip()
        if not typed:
            return None
        try:
            return parse_decimal(typed)
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error

    def proposal(self, conditions: list[Condition]) -> Proposal:
        """The proposal of a valid form."""
        clean = self.cleaned_data
        approving = clean["kind"] == DecisionKind.APPROVE
        return Proposal(
            kind=clean["kind"],
            reason=clean["reason"],
            message_to_applicant=clean["message_to_applicant"],
            amount=clean["amount"] if approving else None,
            currency=self.currency if approving else "",
            fund=clean.get("fund") if approving else None,
            conditions=conditions if approving else (),
        )


class ConditionForm(forms.Form):
    """One condition."""

    text = forms.CharField(
        label=_("Condition"), required=False, max_length=1000, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    due_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


ConditionFormSet: Any = forms.formset_factory(
    ConditionForm, extra=1, max_num=MOST_CONDITIONS, validate_max=True, can_delete=True
)


def conditions_of(formset: Any) -> list[Condition]:
    """The rows that hold something, in their order."""
    found = []
    for form in formset.forms:
        clean: dict[str, Any] = form.cleaned_data
        text: str = clean.get("text", "")
        due: date | None = clean.get("due_on")
        if not clean.get("DELETE") and (text.strip() or due):
            found.append(Condition(text=text, due_on=due))
    return found


class ReasonForm(forms.Form):
    """A reason and nothing else: returning a proposal, reopening an application."""

    reason = forms.CharField(
        label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
