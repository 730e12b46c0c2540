"""What applicants fill in beside the questions of a form."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.fields import LongTextField
from core.money import currency_label
from core.numbers import NotANumber, parse_decimal
from grants.choices import Confidentiality
from grants.limits import MOST_MESSAGE_CHARACTERS
from grants.models import Application, Call
from grants.questions import Refused
from grants.questions.figures import day
from organizations.models import Organization


class DraftField(forms.CharField):
    """Text that is needed before submission: not marked as optional, and blank in a draft all the same."""

    def validate(self, value: Any) -> None:
        """Blank is fine for now."""


class TypedDateField(DraftField):
    """A date as people type it, in digits of any script; the browser's own picker where it has one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The date, or None when it is blank."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return day(text)
        except Refused as error:
            raise forms.ValidationError(str(error)) from error


class TypedWholeField(DraftField):
    """A whole number as people type it, from `least` to `most`."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "class": "short"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The number, or None when it is blank."""
        text = super().clean(value)
        if not text:
            return None
        try:
            number = int(parse_decimal(text, places=0))
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error
        if not self.least <= number <= self.most:
            raise forms.ValidationError(
                _("Write a whole number from %(least)d to %(most)d."),
                params={"least": self.least, "most": self.most},
            )
        return number


class DetailsForm(forms.Form):
    """Title, currency and period. Blank is fine in a draft."""

    use_required_attribute = False
    title = DraftField(
        label=_("A short title"),
        help_text=_("A few words by which you and we recognise it. Leave out names that should not be known."),
        max_length=160,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    currency = forms.ChoiceField(label=_("Currency of your budget"))
    starts_on = TypedDateField(label=_("The work starts on"))
    months = TypedWholeField(label=_("How many months it takes"), least=1, most=120)

    def __init__(self, data: Any = None, *, application: Application) -> None:
        initial = {
            "title": application.title,
            "currency": application.currency,
            "starts_on": application.starts_on,
            "months": application.months,
        }
        super().__init__(data, initial=initial)
        currency = self.fields["currency"]
        if isinstance(currency, forms.ChoiceField):
            currency.choices = [(code, currency_label(code)) for code in application.call.currencies]


class StartForm(forms.Form):
    """For whom, in which language, how confidential."""

    organization = forms.ModelChoiceField(
        label=_("For which organisation?"), queryset=Organization.objects.none(), empty_label=None
    )
    language = forms.ChoiceField(
        label=_("In which language will you write?"),
        help_text=_("We answer you in this language."),
        choices=LanguageCode.choices,
        widget=forms.RadioSelect,
    )
    confidentiality = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=[
            (Confidentiality.STANDARD, _("The staff who work on this call")),
            (
                Confidentiality.RESTRICTED,
                _("Only people whom our director names one by one, because it would put somebody in danger"),
            ),
        ],
        widget=forms.RadioSelect,
        initial=Confidentiality.STANDARD,
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, organizations: Sequence[Organization], call: Call, language: str) -> None:
        super().__init__(data, initial={"language": language, "once": uuid.uuid4()})
        chosen = self.fields["organization"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = Organization.objects.filter(pk__in=[row.pk for row in organizations])
        if len(organizations) == 1:
            chosen.initial = organizations[0]
            chosen.widget = forms.HiddenInput()
        if call.confidentiality == Confidentiality.RESTRICTED:
            self.fields["confidentiality"].widget = forms.HiddenInput()
            self.fields["confidentiality"].initial = Confidentiality.RESTRICTED


class MessageForm(forms.Form):
    """One message; `once` makes the page sent twice one message."""

    body = LongTextField(
        label=_("Your message"),
        max_length=MOST_MESSAGE_CHARACTERS,
        rows=5,
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class AnswerForm(forms.Form):
    """The answer to a request for information, in words."""

    text = LongTextField(
        label=_("Your answer"),
        required=False,
        max_length=MOST_MESSAGE_CHARACTERS,
        rows=8,
    )


class WithdrawForm(forms.Form):
    """Why it is withdrawn, if they want to say."""

    reason = LongTextField(
        label=_("Why? You need not say."),
        required=False,
        max_length=2000,
    )


class CopyForm(forms.Form):
    """Which earlier application to copy answers from."""

    source = forms.ModelChoiceField(
        label=_("Copy answers from"),
        queryset=Application.objects.none(),
        to_field_name="reference",
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, sources: Iterable[Application]) -> None:
        super().__init__(data)
        rows = list(sources)
        source = self.fields["source"]
        if isinstance(source, forms.ModelChoiceField):
            source.queryset = Application.objects.filter(pk__in=[row.pk for row in rows]).select_related("call")
            source.label_from_instance = _source_label  # type: ignore[method-assign,assignment] # Django's hook


def _source_label(application: Any) -> str:
    return f"{application.reference} · {application.title or application.call}"
