"""Choosing a fund."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import format_amount
from grants.models import Call, Fund
from reviews.choices import SlateStatus
from reviews.models import Slate


class FundChoiceField(forms.ModelChoiceField[Any]):
    """A fund by its name, with what it has available (rows come from `with_sums`)."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.currency} {format_amount(obj.available)})"


def funds_for(call: Call, currency: str) -> Any:
    """Funds that can pay today for applications of a call that ask in this currency, with their sums."""
    funds = Fund.objects.with_sums().open_on(timezone.localdate())
    return funds.filter(programme=call.programme_id, currency=currency)


class OutcomeFundsForm(forms.Form):
    """Which fund pays for what a panel recommends: a choice for each currency in which it would fund something. Where
    the call has a slate, the fund of the newest one is chosen beforehand.
    """

    def __init__(self, *args: Any, call: Call, currencies: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currencies = sorted(set(currencies))
        slates = Slate.objects.filter(call=call).exclude(status=SlateStatus.DISCARDED).order_by("created_at")
        newest = {slate.fund.currency: slate.fund_id for slate in slates.select_related("fund")}
        for currency in self.currencies:
            self.fields[self._name(currency)] = FundChoiceField(
                label=_("Fund for amounts in %(currency)s") % {"currency": currency},
                queryset=funds_for(call, currency),
                required=False,
                initial=newest.get(currency),
                help_text=_("In brackets: what it has available. Approving commits the amount there."),
                empty_label=str(_("No fund yet")),
            )

    @staticmethod
    def _name(currency: str) -> str:
        return f"fund_{currency}"

    def funds(self) -> dict[str, Fund]:
        """The fund that was chosen, by currency, of a valid form."""
        chosen = {currency: self.cleaned_data[self._name(currency)] for currency in self.currencies}
        return {currency: fund for currency, fund in chosen.items() if fund is not None}
