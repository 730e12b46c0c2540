"""Forms of reviewing: declaring a conflict, the score sheet, naming a reviewer."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models import Recusal
from reviews.choices import Recommendation
from reviews.criteria import RubricTree
from reviews.forms.assigning import candidate_label
from reviews.services.sheets import Sheet

NOT_JUDGED = ("", _("not judged yet"))


def points(value: Decimal) -> str:
    """A score as people write it: 3, 3.5."""
    return f"{value.normalize():f}"


class ConflictForm(forms.Form):
    """Which conflict of interest."""

    reason = forms.ChoiceField(
        label=_("Which conflict of interest?"),
        choices=[*Recusal._meta.get_field("reason").choices],  # type: ignore[misc] # choices are always given there
        widget=forms.RadioSelect,
    )


class SheetForm(forms.Form):
    """A score and a reason for each criterion, a recommendation, two kinds of comment, and the version shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    recommendation = forms.ChoiceField(
        label=_("Recommendation"), required=False, choices=[("", _("not chosen yet")), *Recommendation.choices]
    )
    comments_for_panel = forms.CharField(
        label=_("Comments for the panel"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    comments_for_applicant = forms.CharField(
        label=_("Comments for the applicant"),
        required=False,
        max_length=8000,
        help_text=_("An officer may pass them on; they never say who wrote them."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, rubric: RubricTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        choices = [NOT_JUDGED, *((rubric.typed(level), points(level)) for level in rubric.levels)]
        for leaf in rubric.leaves:
            self.fields[f"{leaf.code}_score"] = forms.ChoiceField(
                label=_("%(criterion)s: score") % {"criterion": leaf.name}, required=False, choices=choices
            )
            self.fields[f"{leaf.code}_reason"] = forms.CharField(
                label=_("%(criterion)s: reason") % {"criterion": leaf.name},
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )

    def sheet(self) -> Sheet:
        """What was written, of a valid form."""
        clean = self.cleaned_data
        return Sheet(
            scores={
                leaf.code: (
                    Decimal(clean[f"{leaf.code}_score"]) if clean[f"{leaf.code}_score"] else None,
                    clean[f"{leaf.code}_reason"],
                )
                for leaf in self.rubric.leaves
            },
            recommendation=clean["recommendation"],
            comments_for_panel=clean["comments_for_panel"],
            comments_for_applicant=clean["comments_for_applicant"],
        )

    @staticmethod
    def initial_of(review: Any, rubric: RubricTree) -> dict[str, Any]:
        """The initial values of a stored sheet; `review` may be None."""
        if review is None:
            return {"version": 0}
        initial = {
            "version": review.version,
            "recommendation": review.recommendation,
            "comments_for_panel": review.comments_for_panel,
            "comments_for_applicant": review.comments_for_applicant,
        }
        for score in review.scores.all():
            initial[f"{score.criterion}_score"] = "" if score.value is None else rubric.typed(score.value)
            initial[f"{score.criterion}_reason"] = score.reason
        return initial


class AssignForm(forms.Form):
    """Whom to ask for a review, and by when."""

    reviewer = forms.ChoiceField(label=_("Reviewer"))
    due_on = forms.DateField(label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        field.choices = [(str(row.person.pk), candidate_label(row)) for row in people]
