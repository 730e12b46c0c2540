"""Forms of the accounts app."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupDetailsForm(forms.Form):
    """What sign-up asks besides address and password."""

    display_name = forms.CharField(label=_("Your name, as colleagues should see it"), max_length=120, required=False)

    def signup(self, request: Any, user: Any) -> None:
        """Called by allauth with the new user."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])
