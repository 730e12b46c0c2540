"""Forms of slates: making one, its bounds, its lines, and proposing it whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from core.formsets import formset_of
from core.numbers import NotANumber, parse_decimal
from grants.models import Fund
from grants.questions.base import tidy
from organizations.fields import TypedNumberField, TypedWholeField
from reviews.choices import BalanceBy, LineLock, Measure, TheRest
from reviews.forms.funds import FundChoiceField
from reviews.models import SlateBound
from reviews.services.slate_decisions import BatchProposal
from reviews.services.slates import BoundValues, LineValues, SlateTerms
from reviews.slating import GROUPS, Item, most_for

MOST_BOUNDS = 30


class NewSlateForm(forms.Form):
    """A slate to begin with."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    fund = FundChoiceField(
        label=_("Fund"), queryset=Fund.objects.none(), help_text=_("In brackets: what it has available.")
    )
    budget = TypedNumberField(label=_("Money to give"))
    with_aims = forms.BooleanField(
        label=_("Begin with the aims for balance as bounds"),
        required=False,
        help_text=_("Those of the call, or what the programme has published. They can be changed."),
    )

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fund: Any = self.fields["fund"]
        fund.queryset = funds


class SlateTermsForm(forms.Form):
    """Money and limits of a slate; the bounds come as repeated rows beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    budget = TypedNumberField(label=_("Money to give"))
    cap = TypedNumberField(label=_("Most for one organisation"), required=False)
    least_percent = TypedWholeField(
        label=_("Least useful part of what is asked, in percent"),
        help_text=_("For lines that are added from now on; each line can say its own."),
    )

    def terms(self, bounds: Sequence[BoundValues]) -> SlateTerms:
        """What services take, of a valid form."""
        clean = self.cleaned_data
        return SlateTerms(clean["name"], clean["budget"], clean["cap"], clean["least_percent"], bounds)


class BoundForm(forms.Form):
    """One bound."""

    group = forms.ChoiceField(label=_("Of whom"), required=False)
    measure = forms.ChoiceField(label=_("Part of"), choices=Measure.choices, required=False)
    at_least = TypedWholeField(label=_("At least, %"), required=False)
    at_most = TypedWholeField(label=_("At most, %"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["group"]
        group.choices = [("", "–"), *_groups()]

    @staticmethod
    def initial_of(bound: SlateBound) -> dict[str, Any]:
        """A stored bound as the row shows it."""
        names = ("measure", "at_least", "at_most")
        return {"group": f"{bound.by}:{bound.group}", **{name: getattr(bound, name) for name in names}}


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Communities, places and themes, each in the alphabetical order of the page's language."""
    found = []
    for by, choices in GROUPS.items():
        rows = sorted(((f"{by}:{value}", str(label)) for value, label in choices.choices), key=lambda row: row[1])
        found.append((str(BalanceBy(by).label), rows))
    return found


BoundFormSet: Any = formset_of(BoundForm, most=MOST_BOUNDS, extra=2, can_delete=True)


def bounds_of(formset: Any) -> list[BoundValues]:
    """The rows that name a group or say a figure."""
    found = []
    for row in formset.forms:
        clean = row.cleaned_data
        least, most = clean.get("at_least"), clean.get("at_most")
        if clean.get("DELETE") or not (clean.get("group") or least is not None or most is not None):
            continue
        by, _colon, group = (clean.get("group") or ":").partition(":")
        found.append(BoundValues(by, group, clean.get("measure") or Measure.MONEY, least, most))
    return found


# ---- lines ----------------------------------------------------------------------------------------------------------
@dataclass
class TypedLines:
    """What was typed of the lines: values of those that can be read, sentences for those that cannot, and the texts."""

    values: dict[UUID, LineValues] = field(default_factory=dict)
    errors: dict[UUID, str] = field(default_factory=dict)
    typed: dict[UUID, dict[str, str]] = field(default_factory=dict)


def read_lines(posted: Mapping[str, Any], items: Sequence[Item]) -> TypedLines:
    """The lines of a page. A tick without an amount means the most; no tick means nothing."""
    found = TypedLines()
    for item in items:
        line = item.line
        if f"amount-{line.pk}" not in posted:
            continue
        texts = {name: str(posted.get(f"{name}-{line.pk}", "")) for name in ("amount", "minimum", "lock", "note")}
        ticked = f"fund-{line.pk}" in posted
        found.typed[line.pk] = texts | {"ticked": "on" if ticked else ""}
        try:
            found.values[line.pk] = _values(item, texts, ticked)
        except NotANumber as error:
            found.errors[line.pk] = str(error)
    return found


def _values(item: Item, texts: Mapping[str, str], ticked: bool) -> LineValues:
    typed = parse_decimal(texts["amount"]) if texts["amount"].strip() else Decimal(0)
    # The tick decides, unless an amount was written where there was none before.
    taken_out = not ticked and item.line.amount > 0
    amount = Decimal(0) if taken_out else typed
    if ticked and not typed:
        amount = most_for(item.application)
    minimum = parse_decimal(texts["minimum"]) if texts["minimum"].strip() else item.line.minimum
    if len(tidy(texts["note"])) > 300:
        raise NotANumber(_now("Write at most 300 characters in a note."))
    return LineValues(texts["lock"] or LineLock.FREE, minimum, amount, tidy(texts["note"]))


# ---- proposing ------------------------------------------------------------------------------------------------------
class ProposeSlateForm(forms.Form):
    """One reason for all, and what becomes of the rest."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = LongTextField(
        label=_("Reason, for the record"),
        max_length=8000,
        help_text=_("It stands with every decision of the slate. Only staff read it."),
        rows=4,
    )
    message_to_approved = LongTextField(
        label=_("Message to those who are approved"),
        required=False,
        max_length=8000,
        rows=4,
    )
    rest = forms.ChoiceField(
        label=_("Those who get nothing"), choices=TheRest.choices, widget=forms.RadioSelect, initial=TheRest.LEAVE
    )
    message_to_rest = LongTextField(
        label=_("Message to those who get nothing"),
        required=False,
        max_length=8000,
        help_text=_("Needed when they are declined. Everybody reads the same words."),
        rows=4,
    )

    def batch(self) -> BatchProposal:
        """What the service takes, of a valid form."""
        clean = self.cleaned_data
        return BatchProposal(clean["reason"], clean["rest"], clean["message_to_approved"], clean["message_to_rest"])


class ReturnSlateForm(forms.Form):
    """Why a slate goes back as a whole; `version` is of the slate that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = LongTextField(
        label=_("Reason"),
        max_length=4000,
        help_text=_("It stands with every decision of the slate. Only staff read it."),
        rows=4,
    )
