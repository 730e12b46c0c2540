"""Forms of due diligence. They judge shape; the services enforce law."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from core.money import CURRENCIES, currency_label
from diligence.capacity import AREAS, area_label
from diligence.choices import FundingSource, PressureKind, PressureNature
from organizations.fields import TypedDateField, TypedNumberField, TypedWholeField
from organizations.forms import CHOOSE, PlainForm
from organizations.models import Organization
from organizations.ordering import alphabetical

SEVERITIES = (
    (1, _("1: a nuisance")),
    (2, _("2: it hinders the work")),
    (3, _("3: it stops part of the work")),
    (4, _("4: it stops the work, or harms people")),
    (5, _("5: it threatens life, liberty or existence")),
)
SCORES = (
    ("", _("Not judged")),
    (0, _("0: nothing is there")),
    (1, _("1: a beginning")),
    (2, _("2: weak")),
    (3, _("3: enough, with gaps")),
    (4, _("4: good")),
    (5, _("5: very good")),
)


def _long(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return LongTextField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=5000,
        rows=4,
    )


def _line(label: Any, help_text: Any = "", *, longest: int = 300) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=longest, widget=forms.TextInput(attrs={"dir": "auto"})
    )


def not_later_than_today(day: date | None) -> date | None:
    """The day, if it has been and is not absurd; else a sentence."""
    if day is not None and day > timezone.localdate():
        raise forms.ValidationError(_("This day lies in the future. Write the day on which it happened."))
    if day is not None and day.year < 1900:
        raise forms.ValidationError(_("Check the year."))
    return day


def within_reason(day: date | None) -> date | None:
    """A day that a plan can name."""
    if day is not None and not 1990 <= day.year <= timezone.localdate().year + 30:
        raise forms.ValidationError(_("Check the year."))
    return day


class PressureForm(PlainForm):
    """Something that was done to the organisation."""

    happened_on = TypedDateField(label=_("Happened on"))
    kind = forms.ChoiceField(label=_("Kind"))
    nature = forms.ChoiceField(label=_("Nature"), choices=PressureNature.choices, widget=forms.RadioSelect)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=SEVERITIES, coerce=int, widget=forms.RadioSelect)
    description = _long(_("What happened"), _("Facts, dates and places. Leave names out where you can."))
    source = _line(_("Source"), _("Who says so, and where it can be read."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("kind", [("", str(CHOOSE)), *alphabetical(PressureKind.choices)])

    def clean_happened_on(self) -> date | None:
        """It has happened."""
        return not_later_than_today(self.cleaned_data["happened_on"])


class FinanceForm(PlainForm):
    """The financial position on a day."""

    as_of = TypedDateField(label=_("As of"))
    currency = forms.ChoiceField(label=_("Currency"))
    cash = TypedNumberField(label=_("Cash at hand"), help_text=_("What can be spent: without frozen accounts."))
    monthly_costs = TypedNumberField(
        label=_("Monthly costs"),
        smallest=Decimal("0.01"),
        help_text=_("Months of cash are reckoned as cash divided by monthly costs."),
    )
    budget_lost_percent = TypedWholeField(
        label=_("Share of the yearly budget lost, percent"), largest=Decimal(100), initial=0
    )
    accounts_frozen = forms.BooleanField(label=_("Accounts are frozen"), required=False)
    source = _line(_("Source"), _("Who says so, and on what paper it stands."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("currency", [(code, currency_label(code)) for code in CURRENCIES])

    def clean_as_of(self) -> date | None:
        """It has been."""
        return not_later_than_today(self.cleaned_data["as_of"])


class CapacityForm(PlainForm):
    """Seven areas, each 0–5 or not judged."""

    assessed_on = TypedDateField(label=_("Assessed on"))
    review_by = TypedDateField(label=_("Look again by"), required=False)
    evidence = _long(_("Evidence"), _("What you read, saw or asked, area by area."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in AREAS:
            self.fields[area] = forms.TypedChoiceField(
                label=area_label(area),
                choices=SCORES,
                coerce=int,
                empty_value=None,
                required=False,
                disabled=kwargs.get("readonly", False),
            )
        self.order_fields(["assessed_on", "review_by", *AREAS, "evidence"])

    def clean_assessed_on(self) -> date | None:
        """It has been."""
        return not_later_than_today(self.cleaned_data["assessed_on"])

    def clean_review_by(self) -> date | None:
        """After the assessment."""
        day = within_reason(self.cleaned_data["review_by"])
        assessed: date | None = self.cleaned_data.get("assessed_on")
        if day is not None and assessed is not None and day <= assessed:
            raise forms.ValidationError(_("Look again on a day after the assessment."))
        return day

    def clean(self) -> dict[str, Any]:
        """An assessment judges something."""
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(area) is not None for area in AREAS):
            raise forms.ValidationError(_("Judge at least one area. Leave the others as not judged."))
        return cleaned


class FundingForm(PlainForm):
    """A grant of another funder."""

    funder = _line(_("Funder"), longest=200)
    purpose = _line(_("What it pays for"))
    amount = TypedNumberField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"))
    starts_on = TypedDateField(label=_("From"), required=False)
    ends_on = TypedDateField(label=_("Until"), required=False)
    source = forms.ChoiceField(label=_("Source"), choices=FundingSource.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("currency", [(code, currency_label(code)) for code in CURRENCIES])

    def clean_starts_on(self) -> date | None:
        """A day that can be meant."""
        return within_reason(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date | None:
        """Not before the beginning."""
        ends = within_reason(self.cleaned_data["ends_on"])
        starts: date | None = self.cleaned_data.get("starts_on")
        if ends is not None and starts is not None and ends < starts:
            raise forms.ValidationError(_("The end lies before the beginning."))
        return ends


class ResolveForm(PlainForm):
    """What a person decided about a pair."""

    same = forms.TypedChoiceField(
        label=_("Are they the same organisation?"),
        choices=(("same", _("Yes, the same")), ("different", _("No, different ones"))),
        coerce=lambda value: value == "same",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    note = LongTextField(
        label=_("Note"),
        help_text=_("What you compared and what decided it."),
        max_length=2000,
        error_messages={"required": _("Write what you compared and what decided it.")},
    )


class MergeForm(PlainForm):
    """Which of two records stays, and the alias of the other, typed."""

    keep = forms.TypedChoiceField(
        label=_("Which record stays?"),
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the record that stays.")},
    )
    typed = forms.CharField(
        label=_("Alias of the record that goes"),
        help_text=_("Type it as it stands above, to be sure that it is the one you mean."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Type the alias of the record that goes, exactly as it stands above.")},
    )

    def __init__(self, *args: Any, both: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("keep", [(str(row.pk), f"{row} ({row.alias})") for row in both])
