"""Registrations, people and documents of an organisation: what a profile has several of."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, signed_in
from core.errors import DomainError, StaleVersion
from core.files import serve
from core.uploads import UploadRefused
from organizations.completeness import DOCUMENTS, LEGAL, PEOPLE, SECTIONS
from organizations.forms import DocumentForm, PersonForm, RegistrationForm
from organizations.models import Organization
from organizations.services.documents import add_document, remove_document
from organizations.services.people import add_person, change_person, person_values, remove_person
from organizations.services.registrations import (
    add_registration,
    change_registration,
    registration_values,
    remove_registration,
)
from organizations.versions import version_of
from organizations.views.common import (
    conflicts,
    crumbs,
    may_write,
    once_token,
    own_organization,
    sent_file,
    writable_organization,
)


def _form_page(
    request: HttpRequest, organization: Organization, template: str, form: forms.Form, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "organization": organization,
        "crumbs": crumbs(organization, "part"),
        "form": form,
        "once": once_token(request),
        **more,
    }
    status = 409 if more.get("conflict") else 422 if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def registration_add(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Add a registration with its certificate."""
    organization = writable_organization(request, organization_id)
    form = RegistrationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_registration(
                organization=organization,
                by=current_user(request),
                values=form.cleaned_data,
                certificate=sent_file(form, "certificate"),
                once=once_token(request),
            )
        except UploadRefused as error:
            form.add_error("certificate", str(error))
        else:
            messages.success(request, _("The registration is saved."))
            return redirect("organizations:section", organization.pk, LEGAL)
    return _form_page(request, organization, "organizations/registration.html", form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def registration_change(request: HttpRequest, organization_id: UUID, registration_id: UUID) -> HttpResponse:
    """Change a registration."""
    organization = writable_organization(request, organization_id)
    registration = get_object_or_404(organization.registrations, pk=registration_id)
    stored = registration_values(registration)
    page = "organizations/registration.html"
    if request.method != "POST":
        form = RegistrationForm(initial=stored)
        return _form_page(request, organization, page, form, registration=registration, version=version_of(stored))
    form = RegistrationForm(request.POST, request.FILES)
    version = request.POST.get("version", "")
    if form.is_valid():
        try:
            change_registration(
                registration=registration,
                by=current_user(request),
                values=form.cleaned_data,
                version=version,
                certificate=sent_file(form, "certificate"),
            )
        except UploadRefused as error:
            form.add_error("certificate", str(error))
        except StaleVersion as error:
            more = {"conflict": str(error), "conflict_rows": conflicts(form, stored), "version": version_of(stored)}
            return _form_page(request, organization, page, form, registration=registration, **more)
        else:
            messages.success(request, _("The registration is saved."))
            return redirect("organizations:section", organization.pk, LEGAL)
    return _form_page(request, organization, page, form, registration=registration, version=version)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def registration_remove(request: HttpRequest, organization_id: UUID, registration_id: UUID) -> HttpResponse:
    """Ask first, then remove a registration."""
    organization = writable_organization(request, organization_id)
    registration = organization.registrations.filter(pk=registration_id).first()
    back = reverse("organizations:section", args=[organization.pk, LEGAL])
    if request.method != "POST":
        row = get_object_or_404(organization.registrations, pk=registration_id)
        return _confirm(
            request,
            organization,
            title=_("Remove this registration?"),
            text=_("%(registration)s goes from your profile. Its certificate stays among your documents.")
            % {"registration": str(row)},
            back=back,
        )
    if registration is not None:
        remove_registration(registration=registration, by=current_user(request))
        messages.success(request, _("The registration is removed."))
    return redirect(back)


def _confirm(request: HttpRequest, organization: Organization, *, title: str, text: str, back: str) -> HttpResponse:
    context = {
        "crumbs": crumbs(organization, "part"),
        "title": title,
        "text": text,
        "action_url": request.path,
        "cancel_url": back,
        "verb": _("Remove"),
        "kind": "clay",
    }
    return render(request, "organizations/confirm.html", context)


@signed_in
@require_safe
def people(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Board, directors, signatories and contacts."""
    organization = own_organization(request, organization_id)
    context = {
        "organization": organization,
        "crumbs": crumbs(organization, "part"),
        "title": SECTIONS[PEOPLE],
        "people": organization.people.all(),
        "writes": may_write(request, organization),
    }
    return render(request, "organizations/people.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Add a person."""
    organization = writable_organization(request, organization_id)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_person(
            organization=organization, by=current_user(request), values=form.cleaned_data, once=once_token(request)
        )
        messages.success(request, _("The person is saved."))
        return redirect("organizations:people", organization.pk)
    return _form_page(request, organization, "organizations/person.html", form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person_change(request: HttpRequest, organization_id: UUID, person_id: UUID) -> HttpResponse:
    """Change what is stored about a person."""
    organization = writable_organization(request, organization_id)
    person = get_object_or_404(organization.people, pk=person_id)
    stored = person_values(person)
    more: dict[str, Any] = {"person": person, "version": version_of(stored)}
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm(initial=stored)
    if form.is_bound and form.is_valid():
        try:
            change_person(
                person=person,
                by=current_user(request),
                values=form.cleaned_data,
                version=request.POST.get("version", ""),
            )
        except StaleVersion as error:
            more |= {"conflict": str(error), "conflict_rows": conflicts(form, stored)}
        else:
            messages.success(request, _("The person is saved."))
            return redirect("organizations:people", organization.pk)
    elif form.is_bound:
        more["version"] = request.POST.get("version", "")
    return _form_page(request, organization, "organizations/person.html", form, **more)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person_remove(request: HttpRequest, organization_id: UUID, person_id: UUID) -> HttpResponse:
    """Ask first, then remove a person."""
    organization = writable_organization(request, organization_id)
    back = reverse("organizations:people", args=[organization.pk])
    if request.method != "POST":
        person = get_object_or_404(organization.people, pk=person_id)
        return _confirm(
            request,
            organization,
            title=_("Remove this person?"),
            text=_("%(name)s goes from your profile.") % {"name": str(person)},
            back=back,
        )
    gone = organization.people.filter(pk=person_id).first()
    if gone is not None:
        remove_person(person=gone, by=current_user(request))
        messages.success(request, _("The person is removed."))
    return redirect(back)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """What was sent, and a form to send one more."""
    organization = own_organization(request, organization_id)
    if request.method == "POST":
        organization = writable_organization(request, organization_id)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = sent_file(form, "file")
        try:
            if upload is not None:
                add_document(
                    organization=organization,
                    by=current_user(request),
                    kind=form.cleaned_data["kind"],
                    title=form.cleaned_data["title"],
                    upload=upload,
                )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The document is saved."))
            return redirect("organizations:documents", organization.pk)
    return _form_page(
        request,
        organization,
        "organizations/documents.html",
        form,
        title=SECTIONS[DOCUMENTS],
        documents=organization.documents.select_related("uploaded_by"),
        writes=may_write(request, organization),
    )


@signed_in
@require_safe
def document_download(request: HttpRequest, organization_id: UUID, document_id: UUID) -> StreamingHttpResponse:
    """The file itself, for members."""
    organization = own_organization(request, organization_id)
    document = get_object_or_404(organization.documents, pk=document_id)
    return serve(document)


@signed_in
@require_POST
def document_remove(request: HttpRequest, organization_id: UUID, document_id: UUID) -> HttpResponse:
    """Remove a document (the page asks before it sends)."""
    organization = writable_organization(request, organization_id)
    document = organization.documents.filter(pk=document_id).first()
    if document is not None:
        remove_document(document=document, by=current_user(request))
        messages.success(request, _("The document is removed."))
    return redirect("organizations:documents", organization.pk)
