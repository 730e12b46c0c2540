"""Fields of forms that every stage uses."""

from django import forms

from core.fields import LongTextField


class Sheet(forms.Form):
    """A reason and a note."""

    reason = LongTextField(max_length=10)
    note = LongTextField(rows=5, required=False)


def test_a_long_text_is_stripped_limited_and_takes_its_own_direction():
    form = Sheet({"reason": "  so it is  ", "note": ""})
    assert (form.is_valid(), form.cleaned_data) == (True, {"reason": "so it is", "note": ""})
    assert list(Sheet({"reason": "x" * 11}).errors) == ["reason"]
    shown = str(Sheet()["note"])
    assert ('rows="5"' in shown, 'dir="auto"' in shown) == (True, True)
    assert 'rows="3"' in str(Sheet()["reason"])
