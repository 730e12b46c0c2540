"""Forms of the decision tab."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.fields import LongTextField
from core.formsets import formset_of
from core.money import format_amount
from core.numbers import NotANumber, parse_decimal
from grants.models import Application, Fund
from reviews.choices import DecisionKind
from reviews.feedback import comments_for
from reviews.forms.funds import FundChoiceField
from reviews.models import Decision
from reviews.services.decisions import Condition, Feedback, Proposal

MOST_CONDITIONS = 12
MOST_COMMENTS = 30


class ProposalForm(forms.Form):
    """What an officer proposes. Conditions and comments of reviewers come as repeated rows beside it."""

    kind = forms.ChoiceField(label=_("Decision"), choices=DecisionKind, widget=forms.RadioSelect)
    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "dir": "ltr"}),
    )
    fund = FundChoiceField(
        label=_("Fund"),
        queryset=Fund.objects.none(),
        required=False,
        help_text=_("In brackets: what it has available. Approving commits the amount there."),
    )
    reason = LongTextField(
        label=_("Reason, for the record"),
        max_length=8000,
        help_text=_("Only staff read it."),
        rows=4,
    )
    message_to_applicant = LongTextField(
        label=_("Message to the applicant"),
        required=False,
        max_length=8000,
        rows=6,
    )

    def __init__(
        self, *args: Any, kinds: list[str], currency: str, language: str, funds: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if funds is None:
            del self.fields["fund"]
        else:
            fund: Any = self.fields["fund"]
            fund.queryset = funds
        self.currency = currency
        kind: Any = self.fields["kind"]
        kind.choices = [(choice.value, choice.label) for choice in DecisionKind if choice.value in kinds]
        self.fields["amount"].help_text = _("In %(currency)s; only when it is approved.") % {"currency": currency}
        self.fields["message_to_applicant"].help_text = _(
            "It becomes part of the letter. The applicant reads %(language)s."
        ) % {"language": LanguageCode(language).label}
        self.others = [code for code in LanguageCode.values if code != language]
        for code in self.others:
            self.fields[f"message_{code}"] = forms.CharField(
                label=_("Message in %(language)s") % {"language": LanguageCode(code).label},
                required=False,
                max_length=8000,
                help_text=_("For whoever opens the letter in this language. Empty: they read the message above."),
                widget=forms.Textarea(attrs={"rows": 4, "lang": code, "dir": "ltr" if code == "en" else "rtl"}),
            )

    @property
    def main_fields(self) -> list[Any]:
        """Everything but the messages in other languages."""
        return [field for field in self if field.name not in self._other_names]

    @property
    def other_messages(self) -> list[Any]:
        """The messages in languages that the applicant does not read."""
        return [field for field in self if field.name in self._other_names]

    @property
    def writes_in_others(self) -> bool:
        """True when there is something in one of them, or something to mend."""
        return any(field.value() or field.errors for field in self.other_messages)

    @property
    def _other_names(self) -> set[str]:
        return {f"message_{code}" for code in self.others}

    def clean_amount(self) -> Decimal | None:
        """The amount as typed in any script; refused with a sentence when it is no number."""
        typed = self.cleaned_data["amount"].strip()
        if not typed:
            return None
        try:
            return parse_decimal(typed)
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error

    def proposal(self, conditions: list[Condition], feedback: list[Feedback]) -> Proposal:
        """The proposal of a valid form."""
        clean = self.cleaned_data
        approving = clean["kind"] == DecisionKind.APPROVE
        return Proposal(
            kind=clean["kind"],
            reason=clean["reason"],
            message_to_applicant=clean["message_to_applicant"],
            amount=clean["amount"] if approving else None,
            currency=self.currency if approving else "",
            fund=clean.get("fund") if approving else None,
            conditions=conditions if approving else (),
            messages={code: clean[f"message_{code}"] for code in self.others if clean[f"message_{code}"].strip()},
            feedback=feedback,
        )


class ConditionForm(forms.Form):
    """One condition."""

    text = forms.CharField(
        label=_("Condition"), required=False, max_length=1000, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    due_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


ConditionFormSet: Any = formset_of(ConditionForm, most=MOST_CONDITIONS, extra=1, validate_max=True, can_delete=True)


def conditions_of(formset: Any) -> list[Condition]:
    """The rows that hold something, in their order."""
    found = []
    for form in formset.forms:
        clean: dict[str, Any] = form.cleaned_data
        text: str = clean.get("text", "")
        due: date | None = clean.get("due_on")
        if not clean.get("DELETE") and (text.strip() or due):
            found.append(Condition(text=text, due_on=due))
    return found


class FeedbackForm(forms.Form):
    """A comment for the applicant, and whether it goes into the letter. Nothing says whose it is."""

    review = forms.UUIDField(widget=forms.HiddenInput)
    include = forms.BooleanField(label=_("Put this comment into the letter"), required=False)
    text = LongTextField(
        label=_("Comment for the applicant"),
        required=False,
        max_length=8000,
    )


FeedbackFormSet: Any = formset_of(FeedbackForm, most=MOST_COMMENTS, extra=0, validate_max=True)


def feedback_of(formset: Any) -> list[Feedback]:
    """The comments that were chosen."""
    return [
        Feedback(review_id=form.cleaned_data["review"], text=form.cleaned_data.get("text", ""))
        for form in formset.forms
        if form.cleaned_data.get("include")
    ]


def starting_values(
    application: Application, earlier: Decision | None, recommended: Proposal | None = None
) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """What the three forms begin with: the proposal that came back or was taken back last, if there is one, else what a
    panel recommended; and the comments as reviewers wrote them.
    """
    chosen: dict[Any, str] = {}
    values: dict[str, Any] = {"amount": format_amount(application.amount_asked)}
    conditions: list[Any] = []
    if earlier is not None:
        chosen = {row.review_id: row.text for row in earlier.feedback.all()}
        values |= {"kind": earlier.kind, "reason": earlier.reason}
        values["message_to_applicant"] = earlier.message_to_applicant
        values |= {f"message_{code}": text for code, text in earlier.messages.items()}
        if earlier.amount is not None:
            values["amount"] = format_amount(earlier.amount)
        conditions = [{"text": row.text, "due_on": row.due_on} for row in earlier.conditions.all()]
    elif recommended is not None:
        values |= {"kind": recommended.kind, "reason": recommended.reason}
        values["message_to_applicant"] = recommended.message_to_applicant
        if recommended.amount is not None:
            values["amount"] = format_amount(recommended.amount)
        conditions = [{"text": row.text} for row in recommended.conditions]
    comments = [
        {"review": row.pk, "include": row.pk in chosen, "text": chosen.get(row.pk, row.comments_for_applicant)}
        for row in comments_for(application)[:MOST_COMMENTS]
    ]
    return values, conditions, comments


class ReasonForm(forms.Form):
    """A reason and nothing else: returning a proposal, reopening an application."""

    reason = LongTextField(label=_("Reason"), max_length=4000, rows=4)
