"""What the pages of an organisation's members share."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_user
from core.errors import NotPermitted
from core.translated import Translated
from organizations.choices import MemberRole
from organizations.models import Organization
from organizations.rules import WRITERS, member_role


def own_organization(request: HttpRequest, organization_id: UUID) -> Organization:
    """An organisation that the person belongs to; 404 for strangers, who must not learn that it exists."""
    return get_object_or_404(Organization.objects.of_member(current_user(request)), pk=organization_id)


def writable_organization(request: HttpRequest, organization_id: UUID) -> Organization:
    """One that the person also writes for; NotPermitted for viewers."""
    organization = own_organization(request, organization_id)
    if not may_write(request, organization):
        raise NotPermitted(_("You can read this page. Ask an owner of your organisation if you should also write."))
    return organization


def may_write(request: HttpRequest, organization: Organization) -> bool:
    """Owner or editor."""
    return member_role(current_user(request), organization) in WRITERS


def is_owner(request: HttpRequest, organization: Organization) -> bool:
    """Owner."""
    return member_role(current_user(request), organization) == MemberRole.OWNER


def crumbs(organization: Organization, here: str = "") -> list[dict[str, Any]]:
    """The way from the list of one's organisations to this page."""
    way: list[dict[str, Any]] = [{"label": _("Your organisations"), "url": reverse("organizations:list")}]
    if not here:
        return way
    return [*way, {"label": str(organization), "url": reverse("organizations:detail", args=[organization.pk])}]


def once_token(request: HttpRequest) -> UUID:
    """The token of a page that adds something: the one that was sent, else a fresh one for a new page."""
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid4()


def conflicts(form: forms.Form, stored: Mapping[str, Any]) -> list[dict[str, str]]:
    """The fields in which a colleague's text and what was typed differ, both as texts to compare."""
    rows = []
    for name, value in stored.items():
        mine = form.cleaned_data.get(name)
        if mine != value:
            rows.append(
                {
                    "label": str(form.fields[name].label or name),
                    "theirs": _as_text(form.fields[name], value),
                    "mine": _as_text(form.fields[name], mine),
                }
            )
    return rows


def _as_text(field: forms.Field, value: Any) -> str:
    if isinstance(value, Translated):
        return "\n".join(text for text in value.values() if text)
    if isinstance(field, forms.ChoiceField):
        pairs: Any = field.choices
        labels = {str(key): str(label) for key, label in pairs}
        values = value if isinstance(value, list) else [value]
        return "\n".join(labels.get(str(item), str(item or "")) for item in values)
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return "" if value is None else str(value)


def sent_file(form: forms.Form, name: str) -> "UploadedFile[bytes] | None":
    """The file of a form field, None when none was chosen."""
    upload = form.cleaned_data.get(name)
    return upload if isinstance(upload, UploadedFile) else None
