"""Forms of conflicts of interest: recusing a person, one's own conflict, ties declared ahead, declining a review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core.fields import LongTextField
from grants.choices import ConflictReason, EndReason
from organizations.fields import TypedDateField
from organizations.models import Organization


class OwnConflictForm(forms.Form):
    """One's own conflict of interest with one application."""

    reason = forms.ChoiceField(
        label=_("Which conflict of interest?"), choices=ConflictReason.choices, widget=forms.RadioSelect
    )
    note = LongTextField(
        label=_("Note"),
        required=False,
        max_length=2000,
        help_text=_("Only directors read it."),
    )


class RecuseForm(OwnConflictForm):
    """Whom to take out of the room, and why."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label=_("Choose a person"))
    field_order = ("person", "reason", "note")

    def __init__(self, data: Any = None, *, people: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["person"]
        field.queryset = people
        self.fields["note"].help_text = _("Only directors and you read it.")


class InterestForm(forms.Form):
    """A tie to an organisation. `organization` is there once somebody who may list partners has been asked which."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        help_text=_("In English, Arabic or Hebrew, as it is usually written."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What ties you to it?"),
        choices=[
            (ConflictReason.FAMILY, _("Family or a close friend works there")),
            (ConflictReason.WORK, _("I work or worked there")),
            (ConflictReason.BOARD, _("I sit on its board")),
            (ConflictReason.MONEY, _("I gain from its money")),
            (ConflictReason.RIVAL, _("I compete with it")),
            (ConflictReason.OTHER, _("Another reason")),
        ],
        widget=forms.RadioSelect,
    )
    since = TypedDateField(label=_("Since"), required=False)
    until = TypedDateField(
        label=_("Until"), required=False, help_text=_("A tie that has ended counts for two more years.")
    )

    def __init__(self, data: Any = None, *, partners: list[Organization] | None = None) -> None:
        super().__init__(data)
        if partners is not None:
            self.fields["organization"] = forms.ChoiceField(
                label=_("Which one is it?"),
                choices=[
                    *((str(row.pk), str(row)) for row in partners),
                    ("none", _("None of these: keep the name as I typed it")),
                ],
                widget=forms.RadioSelect,
            )


class DeclineForm(forms.Form):
    """Why a reviewer does not write a review."""

    reason = forms.ChoiceField(
        label=_("Why can you not review it?"),
        choices=[
            (EndReason.NO_TIME, _("I have no time")),
            (EndReason.NOT_MY_FIELD, _("It is not my field")),
            (EndReason.CONFLICT, _("I have a conflict of interest")),
        ],
        widget=forms.RadioSelect,
    )
    conflict = forms.ChoiceField(
        label=_("Which conflict of interest?"),
        required=False,
        choices=[("", pgettext_lazy("conflict of interest", "none")), *ConflictReason.choices],
        help_text=_("Only with a conflict of interest. You then see nothing of this application any more, for good."),
    )

    def clean(self) -> dict[str, Any]:
        """A conflict of interest has a kind."""
        found = super().clean() or {}
        if found.get("reason") == EndReason.CONFLICT and not found.get("conflict"):
            self.add_error("conflict", _("Choose which conflict of interest it is."))
        return found
