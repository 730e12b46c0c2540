"""Opening a fund, and recording what comes in."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import CURRENCIES, currency_label
from core.translated import TranslatedFormField
from organizations.fields import TypedDateField, TypedNumberField


class FundForm(forms.Form):
    """Shape of a fund; services/funds.py says what is allowed."""

    name = TranslatedFormField(label=_("Name"), needs=("en",), max_length=120)
    currency = forms.ChoiceField(label=_("Currency"))
    source = forms.CharField(
        label=_("Where the money comes from"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    starts_on = TypedDateField(label=_("From"))
    ends_on = TypedDateField(label=_("Until"), required=False, help_text=_("Empty: without an end."))
    restrictions = TranslatedFormField(label=_("What it may be used for"), required=False, multiline=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency: Any = self.fields["currency"]
        currency.choices = [(code, currency_label(code)) for code in CURRENCIES]


class ContributionForm(forms.Form):
    """Money that has arrived."""

    amount = TypedNumberField(label=_("Amount"))
    on = TypedDateField(label=_("Date on which it arrived"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("From whom, and the reference of the bank."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls) -> "ContributionForm":
        """A new one, with a key of its own so that it is recorded once."""
        return cls(initial={"on": timezone.localdate(), "once": uuid.uuid4()})
