"""The page on which it is written how a call is judged."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organizations.fields import TypedNumberField, TypedWholeField
from reviews.choices import Expertise, OthersVisible
from reviews.models import JudgingTerms, RubricVersion
from reviews.services.terms import FIELDS, stamp_of


class RubricField(forms.ModelChoiceField[RubricVersion]):
    """Published versions of rubrics, by name and number."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(rubric)s, version %(number)d") % {"rubric": obj.rubric, "number": obj.number}


class TermsForm(forms.Form):
    """Shapes of the terms; services/terms.py says what is allowed."""

    rubric_version = RubricField(
        label=_("Rubric"),
        queryset=RubricVersion.objects.none(),
        required=False,
        empty_label=_("The standard rubric"),
        help_text=_("Published versions. It cannot be changed once a review has begun."),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    reviews_each = TypedWholeField(label=_("Reviews for each application"))
    review_days = TypedWholeField(label=_("Days for a review"))
    others_visible = forms.ChoiceField(
        label=_("Reviewers see the reviews of others"), choices=OthersVisible.choices, widget=forms.RadioSelect
    )
    needs_language = forms.BooleanField(
        label=_("At least one reviewer reads the language of the application"), required=False
    )
    needs_expertise = forms.MultipleChoiceField(
        label=_("At least one reviewer who knows"),
        choices=Expertise.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    use_adjusted = forms.BooleanField(
        label=_("Rank by adjusted scores"),
        required=False,
        help_text=_("Adjusted for how strict or mild each reviewer is with everybody. Both figures are always shown."),
    )
    quorum = TypedWholeField(label=_("Quorum of the panel"), help_text=_("Members in the room, without a conflict."))
    second_approval_above = TypedNumberField(
        label=_("Amount above which two people approve"),
        required=False,
        help_text=_("In the first currency of the call. Empty: one director approves any amount."),
    )
    appeal_days = TypedWholeField(
        label=_("Days to appeal"), help_text=_("From the day on which the applicant was told of the decision.")
    )
    appeal_answer_days = TypedWholeField(
        label=_("Working days to answer an appeal or a complaint"), help_text=_("The receipt promises it.")
    )

    def __init__(self, *args: Any, rubrics: "QuerySet[RubricVersion]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["rubric_version"]
        field.queryset = rubrics

    def values(self) -> dict[str, Any]:
        """What set_terms takes, of a valid form."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    @staticmethod
    def initial_of(terms: JudgingTerms) -> dict[str, Any]:
        """The stored terms as the form shows them."""
        return {name: getattr(terms, name) for name in FIELDS} | {"stamp": stamp_of(terms)}
