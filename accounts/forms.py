"""Forms of the accounts app."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES, LanguageCode, MailDetail, MailTiming, RoleName
from accounts.models import Programme, User
from accounts.zones import DEFAULT_ZONE, offset_words, place_key, place_name, zone_names


class SignupDetailsForm(forms.Form):
    """What sign-up asks besides address and password."""

    display_name = forms.CharField(label=_("Your name, as colleagues should see it"), max_length=120, required=False)

    def signup(self, request: Any, user: Any) -> None:
        """Called by allauth with the new user."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])


REGIONS = {
    "Africa": _("Africa"),
    "America": _("The Americas"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
    "UTC": _("Everywhere the same"),
}


def zone_choices() -> list[tuple[Any, Any]]:
    """Every zone by region, as its city in the page's language and its present distance from UTC, in the order of that
    language; the programme's own surroundings come first.
    """
    now = timezone.now()
    # Kept for a quarter of an hour, on which clocks are changed: making it reads every zone from the disk.
    return _zone_choices(get_language() or "en", now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0))


@lru_cache(maxsize=6)
def _zone_choices(_language: str, now: datetime) -> list[tuple[Any, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in ("Asia", *REGIONS)}
    for name in zone_names():
        label = f"{place_name(name)} ({offset_words(name, now)})"
        groups[name.partition("/")[0]].append((name, label))
    for choices in groups.values():
        choices.sort(key=lambda choice: place_key(choice[1]))
    near = [choice for choice in groups["Asia"] if choice[0] in {"Asia/Gaza", "Asia/Hebron", DEFAULT_ZONE}]
    return [(_("Nearby"), near), *((REGIONS[region], choices) for region, choices in groups.items())]


class ZoneSelect(forms.Select):
    """A select of four hundred options: written at one go, as a template for each would cost a tenth of a second."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The same HTML as Django's."""
        chosen = str(value or "")
        groups: list[SafeString] = []
        for group, options in self.choices:
            selected, chosen_here = chosen, any(key == chosen for key, _label in options)
            rows = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                ((key, mark_safe(" selected") if key == selected else "", label) for key, label in options),
            )
            groups.append(format_html('<optgroup label="{}">{}</optgroup>', group, rows))
            if chosen_here:
                chosen = ""  # a zone stands in two groups, and is selected in the first
        flat = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        return format_html("<select{}>{}</select>", flat, mark_safe("".join(groups)))  # noqa: S308 - escaped above


class PreferencesForm(forms.Form):
    """Name, language, time zone, and how to be told."""

    display_name = forms.CharField(
        label=_("Your name, as colleagues should see it"),
        max_length=120,
        required=False,
        help_text=_("Without a name, colleagues see your e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of pages and e-mail"), choices=LanguageCode.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Deadlines and times are shown in this zone. Type to search the list."),
        widget=ZoneSelect,
    )
    mail_timing = forms.ChoiceField(
        label=_("When to send e-mail"), choices=MailTiming.choices, widget=forms.RadioSelect
    )
    mail_detail = forms.ChoiceField(
        label=_("What an e-mail may say"),
        choices=MailDetail.choices,
        widget=forms.RadioSelect,
        help_text=_("Messages on applications that need special protection never say more than that there is one."),
    )
    quiet_from = forms.TimeField(
        label=_("No e-mail from"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label=_("No e-mail until"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        names = list(self.base_fields)
        initial = {name: getattr(user, name) for name in names}
        # Not chosen yet: what they read now, so that saving something else changes no language.
        initial["language"] = user.language or (get_language() or "en")[:2]
        initial["time_zone"] = user.time_zone or DEFAULT_ZONE
        super().__init__(data, initial=initial)
        zone_field = self.fields["time_zone"]
        if isinstance(zone_field, forms.ChoiceField):
            zone_field.choices = zone_choices()

    def clean(self) -> dict[str, Any]:
        """Quiet hours need both ends."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for one, other in (("quiet_from", "quiet_until"), ("quiet_until", "quiet_from")):
            missing = cleaned.get(one) is None and cleaned.get(other) is not None
            if missing and one not in self.errors:
                self.add_error(one, _("Give both times, or neither."))
        return cleaned


class InviteStaffForm(forms.Form):
    """Whom to invite to what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"dir": "ltr"}))
    role = forms.ChoiceField(label=_("Role"))
    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=LanguageCode.choices)

    def __init__(self, *args: Any, programmes: Sequence[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role_field, programme_field = self.fields["role"], self.fields["programme"]
        if isinstance(role_field, forms.ChoiceField):
            role_field.choices = [(value, label) for value, label in RoleName.choices if value in STAFF_ROLES]
        if isinstance(programme_field, forms.ModelChoiceField):
            programme_field.queryset = Programme.objects.filter(pk__in=[row.pk for row in programmes])
        if len(programmes) == 1:
            programme_field.initial = programmes[0]
            programme_field.widget = forms.HiddenInput()
