"""What staff fill in on the pages of an application."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from accounts.models import User
from core.fields import LongTextField
from grants.form_tree import FormTree
from grants.forms.applicant import TypedDateField
from grants.limits import MOST_MESSAGE_CHARACTERS
from grants.models import Call
from grants.services.glass import REASON_TOO_SHORT, SHORTEST_REASON
from organizations.models import Organization


class AskForm(forms.Form):
    """What is asked of the applicant, and what they may change for it."""

    text = LongTextField(
        label=_("What do you need from the applicant?"),
        help_text=_("They read it as you write it, in the language in which you write it."),
        max_length=MOST_MESSAGE_CHARACTERS,
        rows=6,
    )
    reopened = forms.MultipleChoiceField(
        label=_("Sections whose answers they may change"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    budget_reopened = forms.BooleanField(label=_("They may change the budget"), required=False)
    answer_by = TypedDateField(
        label=_("Please answer by"), required=False, help_text=_("Our promises stand still until they answer.")
    )

    def __init__(self, data: Any = None, *, tree: FormTree, text: str = "") -> None:
        super().__init__(data, initial={"text": text})
        reopened = self.fields["reopened"]
        if isinstance(reopened, forms.MultipleChoiceField):
            reopened.choices = [(str(section.id), str(section.title)) for section in tree.sections]


class OfficerForm(forms.Form):
    """Who leads the application."""

    officer = forms.ModelChoiceField(
        label=_("Officer who leads it"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, data: Any = None, *, officers: Any, initial: Any = None) -> None:
        super().__init__(data, initial={"officer": initial})
        field = self.fields["officer"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = officers


class ReaderForm(forms.Form):
    """One more reader of a restricted application."""

    reader = forms.ModelChoiceField(
        label=_("Who may read it?"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose a person.")},
    )

    def __init__(self, data: Any = None, *, people: Any) -> None:
        super().__init__(data)
        field = self.fields["reader"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people


class WhyForm(forms.Form):
    """A reason, required where the form says so."""

    reason = LongTextField(
        label=_("Why?"),
        max_length=2000,
        error_messages={"required": _("Write why, for whoever reads the history.")},
    )


class GlassForm(forms.Form):
    """Why a director who is no named reader must read it now."""

    reason = LongTextField(
        label=_("Why must you read it now?"),
        help_text=_("Its named readers are told at once, and see what you write."),
        min_length=SHORTEST_REASON,
        max_length=2000,
        error_messages={"min_length": REASON_TOO_SHORT, "required": REASON_TOO_SHORT},
    )


class EnterForm(forms.Form):
    """An application entered for people who cannot get on line."""

    call = forms.ModelChoiceField(label=_("Call"), queryset=Call.objects.none(), empty_label=None)
    organization = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organization.objects.none(), empty_label=_("Choose an organisation")
    )
    language = forms.ChoiceField(
        label=_("Language in which we answer them"), choices=LanguageCode.choices, widget=forms.RadioSelect
    )
    consent = LongTextField(
        label=_("Who agreed that you enter this for them, when and how?"),
        help_text=_("It is kept in the history, and the organisation can read it."),
        max_length=2000,
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, calls: Iterable[Call], organizations: Any) -> None:
        super().__init__(data, initial={"once": uuid.uuid4(), "language": "en"})
        call, organization = self.fields["call"], self.fields["organization"]
        if isinstance(call, forms.ModelChoiceField):
            call.queryset = Call.objects.filter(pk__in=[row.pk for row in calls])
        if isinstance(organization, forms.ModelChoiceField):
            organization.queryset = organizations
