"""What auditors search by."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES
from accounts.models import User
from core.audit import watched
from core.fields import LongTextField
from core.models import Operation
from core.querysets import AuditQuerySet
from core.references import normalize_reference
from grants.models import Application
from insights.changes import is_uuid, record_words
from organizations.fields import TypedDateField, TypedWholeField


class AuditSearchForm(forms.Form):
    """Who, what, which record, when. Everything is optional; what cannot be read finds nothing and says so."""

    who = forms.CharField(
        label=_("Person"), required=False, max_length=100, help_text=_("Name or address of a colleague")
    )
    about = forms.CharField(
        label=_("Reference or key"),
        required=False,
        max_length=60,
        help_text=_("Of an application, or any record's key"),
    )
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    operation = forms.ChoiceField(
        label=_("What was done"), required=False, choices=[("", _("Anything")), *Operation.choices]
    )
    page = forms.CharField(label=_("Page"), required=False, max_length=100)
    since = TypedDateField(label=_("From"), required=False)
    until = TypedDateField(label=_("Until"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            named = sorted(((row.label, record_words(row.label)) for row in watched()), key=lambda pair: pair[1])
            kind.choices = [("", _("Any")), *named]

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("This day lies before the first one."))
        return found

    def apply(self, rows: AuditQuerySet) -> AuditQuerySet:
        """The rows that fit; none while something typed cannot be read."""
        if not self.is_valid():
            return rows.none()
        typed = self.cleaned_data
        rows = rows.between(_start(typed["since"]), _start(typed["until"], days=1))
        if typed["kind"]:
            rows = rows.filter(label=typed["kind"])
        if typed["operation"]:
            rows = rows.filter(operation=typed["operation"])
        if typed["page"]:
            rows = rows.filter(page__icontains=typed["page"].strip())
        if typed["who"]:
            rows = rows.filter(actor__in=_colleagues(typed["who"].strip()))
        return self._about(rows, typed["about"].strip()) if typed["about"] else rows

    def _about(self, rows: AuditQuerySet, text: str) -> AuditQuerySet:
        if key := is_uuid(text):
            return rows.filter(Q(about=key) | Q(also=key) | Q(row_key=str(key)))
        reference = normalize_reference(text)
        found = Application.objects.filter(reference=reference).values_list("pk", flat=True).first()
        return rows.of(found) if found else rows.none()


def _start(day: Any, days: int = 0) -> datetime | None:
    """The first moment of a day, in the reader's zone."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(days=days))


def _colleagues(text: str) -> Any:
    """Keys of staff by name or address: nobody finds out by searching who has an account as an applicant. Applicants
    hold a role too.
    """
    named = Q(display_name__icontains=text) | Q(email__icontains=text)
    works_here = Q(roles__name__in=STAFF_ROLES) | Q(is_staff=True)
    return User.objects.filter(named, works_here).values("pk")


class PeriodForm(forms.Form):
    """For how long one kind of record is kept, and why."""

    days = TypedWholeField(
        label=_("Kept for (days)"),
        help_text=_("A year has 365 days, ten years 3,652."),
        error_messages={"required": _("Write a number of days.")},
    )
    reason = forms.CharField(
        label=_("Why is it changed?"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write why, for whoever reads the history.")},
    )


class HoldForm(forms.Form):
    """What is held, and why."""

    what = forms.CharField(
        label=_("Number of the application, or alias of the partner"),
        help_text=_("For example RR-7K4Q-M2XD, or Partner K7 for everything of a partner."),
        max_length=100,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write what is to be held.")},
    )
    reason = LongTextField(
        label=_("Why must it stay?"),
        help_text=_("For example the court or the audit that asked for it. Name no people."),
        max_length=1000,
        error_messages={"required": _("Write why it must stay, and who asked for it.")},
    )
