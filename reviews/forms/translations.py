"""The form of a translation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.services.translations import MOST_CHARACTERS


class TranslationForm(forms.Form):
    """A translation, with the versions of the answer and of the translation that the page showed."""

    text = forms.CharField(
        label=_("Translation"),
        required=False,
        max_length=MOST_CHARACTERS,
        help_text=_("Leave it blank to take the translation back. What it said before is kept."),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    answer_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # The window in which it is typed.
    window = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of what the page keeps by itself; the name is that of static/js/autosave.js.
        self.fields["text__version"] = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
        direction = "rtl" if language in {"ar", "he"} else "ltr"
        self.fields["text"].widget.attrs |= {"lang": language, "dir": direction}

    def values(self) -> dict[str, Any]:
        """What is saved as the translation, of a valid form."""
        return {name: self.cleaned_data[name] for name in ("text", "answer_version", "number")}
