"""Shapes of the pages on which panels are planned and led. The law is in services/panels.py and panel_room.py."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError
from core.fields import LongTextField
from grants.forms.calls import LocalTimeField
from grants.local_times import instant, local
from grants.models import Call
from organizations.fields import TypedNumberField, TypedWholeField
from reviews.choices import DecidesBy, Outcome, VoteChoice
from reviews.models import PanelItem, PanelMeeting
from reviews.services.panel_room import ItemResult
from reviews.services.panels import Plan


def _area(label: Any, *, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return LongTextField(
        label=label,
        required=False,
        max_length=8000,
        help_text=help_text,
        rows=rows,
    )


class MeetingForm(forms.Form):
    """A meeting as it is planned; times are in the zone of the call."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label=_("What it is called"), max_length=160, widget=forms.TextInput(attrs={"dir": "auto"}))
    starts_at = LocalTimeField(label=_("Starts"))
    place = forms.CharField(
        label=_("Where"),
        required=False,
        max_length=300,
        help_text=_("A room, or the link of the call. Members read it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    members = forms.MultipleChoiceField(label=_("Members"), widget=forms.CheckboxSelectMultiple)
    chair = forms.ChoiceField(label=_("Chair"))
    quorum = TypedWholeField(label=_("Quorum"), help_text=_("Members in the room, without a conflict."))
    decides_by = forms.ChoiceField(label=_("The panel decides by"), choices=DecidesBy.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, call: Call, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call, self.people = call, {str(person.pk): person for person in people}
        choices = [(key, str(person)) for key, person in self.people.items()]
        members: Any = self.fields["members"]
        chair: Any = self.fields["chair"]
        members.choices = choices
        chair.choices = choices
        self.fields["starts_at"].help_text = _("In the time zone %(zone)s.") % {"zone": call.time_zone}

    def clean_starts_at(self) -> Any:
        """The instant that the written time means in the zone of the call."""
        try:
            return instant(self.cleaned_data["starts_at"], self.call.zone)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def plan(self) -> Plan:
        """What was written, of a valid form."""
        clean = self.cleaned_data
        return Plan(
            title=clean["title"],
            starts_at=clean["starts_at"],
            place=clean["place"],
            chair=self.people[clean["chair"]],
            members=[self.people[key] for key in clean["members"]],
            quorum=clean["quorum"],
            decides_by=clean["decides_by"],
        )

    @staticmethod
    def initial_of(meeting: PanelMeeting) -> dict[str, Any]:
        """A stored meeting as the form shows it."""
        return {
            "version": meeting.version,
            "title": meeting.title,
            "starts_at": local(meeting.starts_at, meeting.call.zone),
            "place": meeting.place,
            "members": [str(pk) for pk in meeting.members.values_list("user_id", flat=True)],
            "chair": str(meeting.chair_id),
            "quorum": meeting.quorum,
            "decides_by": meeting.decides_by,
        }


class OutcomeForm(forms.Form):
    """What the chair records when an item is done."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    amount = TypedNumberField(label=_("Amount"), required=False, help_text=_("Only where the panel would fund."))
    said = _area(_("What was said"), help_text=_("For the minutes, and the reason of the decision."))
    conditions = _area(_("Conditions"), rows=2, help_text=_("One a line."))
    words_for_applicant = _area(
        _("Words for the applicant"),
        rows=2,
        help_text=_("In the applicant’s language. Needed where the panel would not fund."),
    )

    def result(self) -> ItemResult:
        """What was written, of a valid form."""
        clean = self.cleaned_data
        return ItemResult(
            outcome=clean["outcome"],
            said=clean["said"],
            amount=clean["amount"],
            conditions=clean["conditions"],
            words_for_applicant=clean["words_for_applicant"],
        )

    @staticmethod
    def initial_of(item: PanelItem) -> dict[str, Any]:
        """What stands there, for an item that was taken up again."""
        return {
            "version": item.version,
            "said": item.said,
            "conditions": item.conditions,
            "words_for_applicant": item.words_for_applicant,
        }


class VoteForm(forms.Form):
    """One vote."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=VoteChoice.choices, widget=forms.RadioSelect)
