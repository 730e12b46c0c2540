"""Forms of assignment: another day, somebody else, and the profile of a reviewer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.choices import LanguageCode
from organizations.fields import TypedDateField, TypedWholeField
from reviews.choices import Expertise
from reviews.models import ReviewerProfile
from reviews.services.reviewers import FIELDS
from reviews.workload import Candidate


def candidate_label(row: Candidate) -> str:
    """A person with what speaks for and against asking them."""
    said = [ngettext("%(count)d open review", "%(count)d open reviews", row.load) % {"count": row.load}]
    if row.reads:
        said.append(str(_("reads the language")))
    if row.away:
        said.append(str(_("away")))
    if row.in_question:
        said.append(str(_("possible conflict of interest")))
    return f"{row.person} ({', '.join(said)})"


class DayForm(forms.Form):
    """By when a review is due."""

    due_on = TypedDateField(label=_("Due on"))


class ReassignForm(forms.Form):
    """Who reviews it instead, and by when."""

    reviewer = forms.ChoiceField(label=_("Who reviews it instead?"))
    due_on = TypedDateField(
        label=_("Due on"), required=False, help_text=_("Empty: as many days from now as the terms of the call say.")
    )

    def __init__(self, data: Any = None, *, people: list[Candidate]) -> None:
        super().__init__(data, auto_id="other_%s")
        field: Any = self.fields["reviewer"]
        field.choices = [("", _("Choose a person")), *((str(row.person.pk), candidate_label(row)) for row in people)]


class ProfileForm(forms.Form):
    """What a reviewer reads and knows, and how much they can take on."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    languages = forms.MultipleChoiceField(
        label=_("Reads"), choices=LanguageCode.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    expertise = forms.MultipleChoiceField(
        label=_("Knows well"), choices=Expertise.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    most_open = TypedWholeField(
        label=_("Most open reviews at a time"), help_text=_("0: is not suggested for reviews at present.")
    )
    away_from = TypedDateField(label=_("Away from"), required=False)
    away_until = TypedDateField(label=_("Away until"), required=False, help_text=_("The last day of it."))

    def values(self) -> dict[str, Any]:
        """What save_profile takes, of a valid form."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    @staticmethod
    def initial_of(profile: ReviewerProfile, *, stored: bool) -> dict[str, Any]:
        """The profile as the form shows it."""
        return {name: getattr(profile, name) for name in FIELDS} | {"version": profile.version if stored else 0}
