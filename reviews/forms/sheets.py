"""Forms of reviewing: declaring a conflict, the score sheet, questions to the officer, naming a reviewer."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from grants.limits import MOST_MESSAGE_CHARACTERS
from grants.models import Recusal
from reviews.choices import Recommendation
from reviews.criteria import RubricTree
from reviews.forms.assigning import candidate_label
from reviews.models import Review
from reviews.services.sheets import NOTES, Seen, Sheet, kept_sheet
from reviews.sheet_lines import points

NOT_JUDGED = ("", _("not judged yet"))
# A scale of more points than this is a list to choose from and not a row of buttons.
MOST_BUTTONS = 21
MOST_DIGITS = 9


class ConflictForm(forms.Form):
    """Which conflict of interest."""

    reason = forms.ChoiceField(
        label=_("Which conflict of interest?"),
        choices=[*Recusal._meta.get_field("reason").choices],  # type: ignore[misc] # choices are always given there
        widget=forms.RadioSelect,
    )


class SheetForm(forms.Form):
    """A score and a reason for each criterion, a recommendation, two kinds of comment and notes of one's own. Every
    field comes with "<name>__version": the version that the page showed.
    """

    recommendation = forms.ChoiceField(
        label=_("Recommendation"), required=False, choices=[("", _("not chosen yet")), *Recommendation.choices]
    )
    comments_for_panel = LongTextField(
        label=_("Comments for the panel"),
        required=False,
        max_length=8000,
        help_text=_("Officers, directors and the panel read them."),
        rows=4,
    )
    comments_for_applicant = LongTextField(
        label=_("Comments for the applicant"),
        required=False,
        max_length=8000,
        help_text=_("An officer may pass them on; they never say who wrote them."),
        rows=4,
    )
    private_notes = LongTextField(
        label=_("Private notes"),
        required=False,
        max_length=20000,
        help_text=_("Kept encrypted. Nobody but you ever reads them, and they are not sent with the review."),
        rows=4,
    )

    def __init__(self, *args: Any, rubric: RubricTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        levels = [(rubric.typed(level), points(level)) for level in rubric.levels]
        in_buttons = len(levels) <= MOST_BUTTONS
        choices = [*levels, NOT_JUDGED] if in_buttons else [NOT_JUDGED, *levels]
        widget = forms.RadioSelect if in_buttons else forms.Select
        for leaf in rubric.leaves:
            self.fields[f"{leaf.code}_score"] = forms.ChoiceField(
                label=_("%(criterion)s: score") % {"criterion": leaf.name},
                required=False,
                choices=choices,
                widget=widget,
            )
            self.fields[f"{leaf.code}_reason"] = LongTextField(
                label=_("%(criterion)s: reason") % {"criterion": leaf.name},
                required=False,
                max_length=4000,
                rows=2,
            )

    def value_of(self, name: str) -> Any:
        """What was written in one field of a form that has been checked: a score is a number or None."""
        value = self.cleaned_data[name]
        if name.endswith("_score"):
            return Decimal(value) if value else None
        return value

    def sheet(self) -> Sheet:
        """What was written, of a valid form."""
        return Sheet(
            scores={
                leaf.code: (self.value_of(f"{leaf.code}_score"), self.value_of(f"{leaf.code}_reason"))
                for leaf in self.rubric.leaves
            },
            recommendation=self.value_of("recommendation"),
            comments_for_panel=self.value_of("comments_for_panel"),
            comments_for_applicant=self.value_of("comments_for_applicant"),
            private_notes=self.value_of(NOTES),
        )

    def seen(self, window: str) -> Seen:
        """The versions that were posted with the fields."""
        return Seen({name: _whole_number(self.data.get(f"{name}__version", "")) for name in self.fields}, window)

    @staticmethod
    def initial_of(review: Review | None, rubric: RubricTree) -> dict[str, Any]:
        """The initial values of a sheet as it is kept, with the author's own notes."""
        if review is None:
            return {}
        typed = kept_sheet(review).fields
        scores = {f"{leaf.code}_score" for leaf in rubric.leaves}
        return {
            name: rubric.typed(value) if name in scores and value is not None else value
            for name, value in typed.items()
        }


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 0


class AskOfficerForm(forms.Form):
    """What a reviewer needs to know."""

    text = LongTextField(
        label=_("What do you need to know before you can judge?"),
        max_length=MOST_MESSAGE_CHARACTERS,
        help_text=_("It goes to the officer, who may ask the applicant. The applicant does not learn who asked."),
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"once": uuid4()}, prefix="question")


class AnswerReviewerForm(forms.Form):
    """What the officer answers."""

    text = LongTextField(
        label=_("Your answer"),
        max_length=MOST_MESSAGE_CHARACTERS,
    )


class AssignForm(forms.Form):
    """Whom to ask for a review, and by when."""

    reviewer = forms.ChoiceField(label=_("Reviewer"))
    due_on = forms.DateField(label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        field.choices = [(str(row.person.pk), candidate_label(row)) for row in people]
