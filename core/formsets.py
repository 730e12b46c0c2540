"""Rows of a form: so many, and no more work for the server than a few too many are worth."""

from typing import Any

from django import forms

# Rows beyond the most that are still read, so that whoever adds too many gets them all back with the sentence. Django's
# own thousand would cost seconds of a processor for one request.
_BEYOND = 50


def formset_of(form: type[forms.BaseForm], *, most: int, **options: Any) -> Any:
    """A formset of at most `most` rows; the other options are those of Django's `formset_factory`."""
    return forms.formset_factory(form, max_num=most, absolute_max=most + _BEYOND, **options)
