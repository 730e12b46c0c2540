"""Forms of the organisation's profile. They judge shape; the services enforce law."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.fields import LongTextField
from core.money import CURRENCIES, currency_label
from core.translated import TranslatedFormField
from organizations.choices import (
    Community,
    CompromiseKind,
    DocumentKind,
    LegalStatus,
    MemberRole,
    PersonPosition,
    Region,
    Registry,
    Theme,
)
from organizations.completeness import LEGAL, NAMES, PLACE, SIZE
from organizations.fields import LinesField, TypedDateField, TypedNumberField, TypedWholeField
from organizations.ordering import alphabetical
from organizations.registries import clean_number
from organizations.services.registrations import check_dates

LANGUAGES = (
    ("am", _("Amharic")),
    ("ar", _("Arabic")),
    ("en", _("English")),
    ("fr", _("French")),
    ("he", _("Hebrew")),
    ("ru", _("Russian")),
)
CHOOSE = _("Choose")
# What completeness.missing asks for and a page may nevertheless be saved without.
NEEDED = frozenset(
    {
        "mission",
        "community",
        "operates_in",
        "themes",
        "languages",
        "year_founded",
        "yearly_budget",
        "staff_count",
        "legal_status",
    }
)


class PlainForm(forms.Form):
    """A form whose fields can be shown to somebody who may only read."""

    def __init__(self, *args: Any, readonly: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if readonly:
            for field in self.fields.values():
                field.disabled = True

    def mark_needed(self) -> None:
        """Before rendering: do not call optional what a complete profile needs. It may still be saved blank."""
        for name in NEEDED & set(self.fields):
            self.fields[name].required = True

    def set_choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """Choices in the order of the page's language, which is known only now."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class NewOrganizationForm(PlainForm):
    """The one thing needed to begin: a name, in any language."""

    name = TranslatedFormField(
        label=_("Name of the organisation"),
        help_text=_("Write it in every language in which you use it. One is enough."),
        max_length=200,
        error_messages={"required": _("Write the name in at least one language.")},
    )
    once = forms.UUIDField(widget=forms.HiddenInput)


class NamesForm(PlainForm):
    """Names in three scripts, other names, mission."""

    name = TranslatedFormField(
        label=_("Name of the organisation"),
        help_text=_("Write it in every language in which you use it. One is enough."),
        max_length=200,
        error_messages={"required": _("Write the name in at least one language.")},
    )
    former_names = LinesField(
        label=_("Former names"), help_text=_("One a line, if the name has ever changed."), required=False
    )
    short_names = LinesField(
        label=_("Short forms and initials"), help_text=_("One a line, as people know you."), required=False
    )
    mission = TranslatedFormField(
        label=_("Mission"),
        help_text=_("A few sentences: what you are for, and whom you work with. One language is enough."),
        multiline=True,
        max_length=3000,
        required=False,
    )


class PlaceForm(PlainForm):
    """Community, regions, themes, languages."""

    community = forms.ChoiceField(label=_("Community"), widget=forms.RadioSelect, required=False)
    operates_in = forms.MultipleChoiceField(
        label=_("Regions in which you work"), widget=forms.CheckboxSelectMultiple, required=False
    )
    district = forms.CharField(label=_("Town or district of your office"), max_length=120, required=False)
    themes = forms.MultipleChoiceField(label=_("Themes"), widget=forms.CheckboxSelectMultiple, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you work"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("community", alphabetical(Community.choices))
        self.set_choices("operates_in", alphabetical(Region.choices))
        self.set_choices("themes", alphabetical(Theme.choices))
        self.set_choices("languages", alphabetical(LANGUAGES))
        self.fields["district"].widget.attrs["dir"] = "auto"


class SizeForm(PlainForm):
    """Year, budget, staff, website."""

    year_founded = TypedWholeField(label=_("Year in which you began"), required=False, smallest=None)
    yearly_budget = TypedNumberField(
        label=_("Yearly budget"), help_text=_("Of the last full year, roughly. 0 if there is none."), required=False
    )
    budget_currency = forms.ChoiceField(label=_("Currency"))
    staff_count = TypedWholeField(label=_("Paid staff"), help_text=_("0 if there are none."), required=False)
    volunteer_count = TypedWholeField(label=_("Volunteers"), required=False)
    website = forms.URLField(
        label=_("Website"),
        assume_scheme="https",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr", "autocomplete": "url"}),
        error_messages={"invalid": _("Write the address of a web page, such as https://name.example.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("budget_currency", [(code, currency_label(code)) for code in CURRENCIES])

    def clean_year_founded(self) -> int | None:
        """A year that has been, and not before there were such organisations."""
        year: int | None = self.cleaned_data["year_founded"]
        this_year = timezone.localdate().year
        if year is not None and not 1850 <= year <= this_year:
            raise forms.ValidationError(_("Write a year between 1850 and %(year)s."), params={"year": str(this_year)})
        return year


class LegalForm(PlainForm):
    """Legal status, which is not a yes or no."""

    legal_status = forms.ChoiceField(
        label=_("Legal status"),
        help_text=_("No answer excludes you. People read it together with everything else."),
        widget=forms.RadioSelect,
        required=False,
    )
    legal_status_note = LongTextField(
        label=_("What we should know about it"),
        help_text=_("Who hosts you, which authority says what, what you have asked for and when."),
        rows=4,
        max_length=3000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(value, label) for value, label in LegalStatus.choices if value != LegalStatus.UNKNOWN]
        self.set_choices("legal_status", [(value, str(label)) for value, label in known])

    def clean_legal_status(self) -> str:
        """No choice is *unknown*."""
        return self.cleaned_data["legal_status"] or LegalStatus.UNKNOWN


class RegistrationForm(PlainForm):
    """A registration with its number, dates and certificate."""

    registry = forms.ChoiceField(label=_("Registry"))
    number = forms.CharField(
        label=_("Number"),
        max_length=60,
        required=False,
        help_text=_("As it stands on the certificate. You can use Arabic or Western digits."),
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "short num", "autocomplete": "off"}),
    )
    issued_on = TypedDateField(label=_("Issued on"), required=False)
    expires_on = TypedDateField(
        label=_("Valid until"), required=False, help_text=_("Leave it blank if it does not end.")
    )
    certificate = forms.FileField(
        label=_("Certificate"),
        required=False,
        help_text=_("PDF, Word, OpenDocument or a photograph, at most 10 MB."),
        error_messages={"empty": _("This file is empty. Choose the file again.")},
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = alphabetical(Registry.choices, last=(Registry.FOREIGN, Registry.NONE))
        self.set_choices("registry", [("", str(CHOOSE)), *rows])

    def clean(self) -> dict[str, Any]:
        """Number and dates as the service will judge them, so that each sentence stands at its field."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("registry") and "number" in cleaned:
            try:
                cleaned["number"] = clean_number(cleaned["registry"], cleaned["number"])
            except DomainError as error:
                self.add_error("number", str(error))
        for field in ("issued_on", "expires_on"):
            if field in cleaned and not self.has_error("expires_on"):
                dates = {"issued_on": None, "expires_on": None, field: cleaned[field]}
                if field == "expires_on":
                    dates["issued_on"] = cleaned.get("issued_on")
                try:
                    check_dates(**dates)
                except DomainError as error:
                    self.add_error(field, str(error))
        return cleaned


class PersonForm(PlainForm):
    """Somebody who stands for the organisation."""

    name = TranslatedFormField(
        label=_("Name"),
        help_text=_("In every script in which it is written, as in official papers. One is enough."),
        max_length=200,
        error_messages={"required": _("Write the name in at least one language.")},
    )
    positions = forms.MultipleChoiceField(
        label=_("Position"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one position.")},
    )
    title = forms.CharField(label=pgettext_lazy("of a person", "Title"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
        error_messages={"invalid": _("Write a whole e-mail address, such as name@place.example.")},
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr", "class": "short num"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("positions", alphabetical(PersonPosition.choices))
        self.fields["title"].widget.attrs["dir"] = "auto"


class DocumentForm(PlainForm):
    """A file with what it is."""

    kind = forms.ChoiceField(label=_("What it is"))
    title = forms.CharField(label=_("Title"), max_length=160, required=False)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Word, Excel, OpenDocument, picture or plain text, at most 10 MB."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("kind", [("", str(CHOOSE)), *alphabetical(DocumentKind.choices)])
        self.fields["title"].widget.attrs["dir"] = "auto"


class InviteForm(PlainForm):
    """Whom to invite, and for what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
        error_messages={"invalid": _("Write a whole e-mail address, such as name@place.example.")},
    )
    role = forms.ChoiceField(label=_("What they may do"), widget=forms.RadioSelect, initial=MemberRole.EDITOR)
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=[("en", "English"), ("ar", "العربية"), ("he", "עברית")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("role", role_choices())
        self.fields["language"].initial = (get_language() or "en")[:2]


class ReasonForm(PlainForm):
    """A reason that stays on record."""

    reason = LongTextField(
        label=_("Reason"),
        max_length=1000,
        error_messages={"required": _("Write why you take the mark back.")},
    )


class CompromiseForm(PlainForm):
    """What happened. Shape only; what is too short the service says."""

    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=CompromiseKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    reason = LongTextField(
        label=_("What is known"),
        help_text=_("Directors read it who may not know which partner this is: name neither the partner nor people."),
        rows=4,
        max_length=2000,
        error_messages={"required": _("Write in a sentence what is known.")},
    )


class LiftForm(PlainForm):
    """Why it is safe again."""

    reason = LongTextField(
        label=_("How do you know that it is safe again?"),
        help_text=_("For example: two people of theirs whom you know told you so face to face, and have new devices."),
        rows=4,
        max_length=2000,
        error_messages={"required": _("Write in a sentence how you know that it is safe again.")},
    )


class EraseForm(PlainForm):
    """The wish to be erased, meant seriously; a reason is not asked for."""

    reason = LongTextField(
        label=_("Anything you want to tell us"),
        required=False,
        max_length=1000,
    )
    understood = forms.BooleanField(
        label=_("We have read what is erased and what must be kept. It cannot be undone."),
        error_messages={"required": _("Tick this to show that you have read it.")},
    )


class RefuseErasureForm(PlainForm):
    """Why it cannot be."""

    answer = LongTextField(
        label=_("Why can it not be done?"),
        help_text=_("The organisation reads this."),
        max_length=1000,
        error_messages={"required": _("Write why it cannot be done: the organisation reads it.")},
    )


def role_choices() -> list[tuple[str, str]]:
    """Roles of members, each with what it means."""
    return [
        (MemberRole.VIEWER, str(_("Viewer: reads everything, changes nothing"))),
        (MemberRole.EDITOR, str(_("Editor: also fills in the profile and applications"))),
        (MemberRole.OWNER, str(_("Owner: also invites colleagues and decides who stays"))),
    ]


SECTION_FORMS: dict[str, type[PlainForm]] = {NAMES: NamesForm, PLACE: PlaceForm, SIZE: SizeForm, LEGAL: LegalForm}
