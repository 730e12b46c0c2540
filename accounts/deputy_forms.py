"""The form with which a person names a deputy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import DeputyReason
from accounts.models import Role, User
from accounts.services.deputies import Deputising
from core.fields import LongTextField


class DeputyForm(forms.Form):
    """Who acts for me, as what, from when to when. What is allowed is the service's to say."""

    role = forms.ChoiceField(label=_("Role"))
    deputy = forms.ChoiceField(
        label=_("Deputy"), help_text=_("They act in their own name, with this role, on these days only.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.ChoiceField(label=_("Reason"), choices=DeputyReason.choices, widget=forms.RadioSelect)
    note = LongTextField(
        label=_("Note for the deputy"),
        max_length=500,
        required=False,
        help_text=_("Directors read it too. Do not name applications here."),
        rows=2,
    )

    def __init__(self, data: Any = None, *, roles: list[Role], people: list[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.roles = {str(role.pk): role for role in roles}
        self.people = {str(person.pk): person for person in people}
        many = len({role.programme_id for role in roles}) > 1
        role_field: Any = self.fields["role"]
        role_field.choices = [
            (key, f"{row.get_name_display()} · {row.programme}" if many else row.get_name_display())
            for key, row in self.roles.items()
        ]
        deputy_field: Any = self.fields["deputy"]
        deputy_field.choices = [("", "—"), *((key, str(person)) for key, person in self.people.items())]

    def wish(self) -> Deputising:
        """What a valid form asks for."""
        clean = self.cleaned_data
        role = self.roles[clean["role"]]
        return Deputising(
            deputy=self.people[clean["deputy"]],
            programme=role.programme,
            role=role.name,
            starts_on=clean["starts_on"],
            ends_on=clean["ends_on"],
            reason=clean["reason"],
            note=clean["note"],
        )
