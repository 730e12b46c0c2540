"""Rows of forms: who sends a number of rows that nobody types gets no more work done than a few too many are worth."""

import pytest
from django import forms

from core.formsets import formset_of


class Row(forms.Form):
    text = forms.CharField(max_length=20)


Rows = formset_of(Row, most=3, extra=1, validate_max=True)


def sent(total: str, texts: int) -> dict[str, str]:
    rows = {f"form-{number}-text": str(number) for number in range(texts)}
    return {"form-TOTAL_FORMS": total, "form-INITIAL_FORMS": "0", **rows}


@pytest.mark.parametrize("total", ["999999999", "9" * 30, "1000"])
def test_a_number_of_rows_that_nobody_types_makes_no_rows(total: str) -> None:
    rows = Rows(sent(total, texts=2))
    assert not rows.is_valid()
    assert len(rows.forms) <= 53


def test_a_few_too_many_are_all_given_back_with_the_sentence() -> None:
    rows = Rows(sent("5", texts=5))
    assert not rows.is_valid()
    assert [form["text"].value() for form in rows.forms] == ["0", "1", "2", "3", "4"]
    assert "at most 3" in str(rows.non_form_errors())


def test_as_many_as_there_may_be_are_taken() -> None:
    assert Rows(sent("3", texts=3)).is_valid()
