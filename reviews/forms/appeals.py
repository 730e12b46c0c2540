"""Forms of appeals and complaints: the applicant's, and the answer."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from reviews.choices import AppealKind, AppealStatus, Concerned
from reviews.services.appeals import MOST_CHARACTERS, AnswerNeeded


class AppealForm(forms.Form):
    """What an applicant sends."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=AppealKind.choices, widget=forms.RadioSelect)
    text = LongTextField(
        label=_("What should we look at again?"),
        max_length=MOST_CHARACTERS,
        help_text=_("In any language. Say what you think was wrong, and what you would like to happen."),
        error_messages={"required": _("Write what you ask us to look at again.")},
        rows=10,
    )
    about = forms.MultipleChoiceField(
        label=_("If it is about how we treated you: whom is it about?"),
        choices=Concerned.choices,
        required=False,
        help_text=_("They do not get to see it, nor does anybody whom you name above. Only other directors read it."),
        widget=forms.CheckboxSelectMultiple,
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, appealable: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"once": uuid.uuid4(), "kind": AppealKind.DECISION if appealable else ""})
        super().__init__(*args, **kwargs)
        if not appealable and not self.is_bound:
            kind: Any = self.fields["kind"]
            kind.choices = [(AppealKind.CONDUCT.value, AppealKind.CONDUCT.label)]
            kind.initial = self.initial["kind"] = AppealKind.CONDUCT


class AnswerForm(forms.Form):
    """How an appeal or complaint is answered."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[choice for choice in AppealStatus.choices if choice[0] != AppealStatus.OPEN],
        widget=forms.RadioSelect,
    )
    answer = LongTextField(
        label=_("Answer to the applicant"),
        max_length=MOST_CHARACTERS,
        error_messages={"required": AnswerNeeded.sentence},
        rows=8,
    )
    note = LongTextField(
        label=_("Reason, for the record"),
        max_length=MOST_CHARACTERS,
        required=False,
        help_text=_("Only staff read it."),
    )

    def __init__(self, *args: Any, language: str, reopens: bool, may_reopen: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = _("The applicant wrote in %(language)s.") % {"language": language}
        outcome: Any = self.fields["outcome"]
        if reopens and not may_reopen:
            outcome.help_text = _(
                "Upholding it opens the application again, which only a director does. If it should be upheld, leave it"
                " to a director who can answer."
            )
            if not self.is_bound:
                outcome.choices = [choice for choice in outcome.choices if choice[0] != AppealStatus.UPHELD]
        elif reopens:
            outcome.help_text = _("Upheld opens the application again in the same step, to be judged anew.")
