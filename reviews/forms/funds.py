"""Choosing a fund."""

from typing import Any

from django import forms

from core.money import format_amount


class FundChoiceField(forms.ModelChoiceField[Any]):
    """A fund by its name, with what it has available (rows come from `with_sums`)."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.currency} {format_amount(obj.available)})"
