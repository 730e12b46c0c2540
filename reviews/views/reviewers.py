"""Reviewers: what each reads, knows and can take on; all of them with their load, for the staff."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import current_user, role_required, staff_required
from accounts.choices import RoleName
from accounts.models import User
from core.errors import DomainError, StaleVersion
from grants.querysets import READERS
from reviews.forms.assigning import ProfileForm
from reviews.models import ReviewerProfile
from reviews.plan_words import field_name, language_name
from reviews.services.reviewers import ProfileRefused, may_edit, save_profile
from reviews.workload import is_away, loads, profiles

MOST_PEOPLE = 300


@require_GET
@role_required(*READERS)
def reviewers(request: HttpRequest) -> HttpResponse:
    """Everybody who reviews in one's programmes, whoever has least first."""
    user = current_user(request)
    found = User.objects.filter(
        is_active=True, roles__name=RoleName.REVIEWER, roles__programme__in=user.programmes_with(READERS)
    ).distinct()
    people = list(found.order_by("email")[:MOST_PEOPLE])
    busy, known, today = loads(people, seen_by=user), profiles(people), timezone.localdate()
    edits = user.has_role(RoleName.OFFICER, RoleName.DIRECTOR)
    rows = [
        {
            "person": person,
            "open": busy[person.pk],
            "most": known[person.pk].most_open,
            "reads": [language_name(code) for code in known[person.pk].languages],
            "knows": [field_name(code) for code in known[person.pk].expertise],
            "away": is_away(known[person.pk], today, today),
            "away_until": known[person.pk].away_until,
        }
        for person in people
    ]
    rows.sort(key=lambda row: (row["open"], str(row["person"])))
    return render(request, "reviews/reviewers.html", {"rows": rows, "edits": edits})


@require_http_methods(["GET", "POST"])
@role_required(RoleName.REVIEWER)
def my_profile(request: HttpRequest) -> HttpResponse:
    """One's own profile."""
    return _profile(request, current_user(request))


@require_http_methods(["GET", "POST"])
@staff_required
def profile(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The profile of a reviewer of one's programme, for officers and directors."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None or not may_edit(current_user(request), person):
        raise Http404
    return _profile(request, person)


def _profile(request: HttpRequest, person: User) -> HttpResponse:
    user = current_user(request)
    stored = ReviewerProfile.objects.filter(user=person).first()
    shown = stored or ReviewerProfile(user=person)
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial=ProfileForm.initial_of(shown, stored=stored is not None),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save_profile(person=person, by=user, version=form.cleaned_data["version"], values=form.values())
            except ProfileRefused as error:
                form.add_error(error.field, str(error))
            except StaleVersion as error:
                # Sending it again keeps what was typed, over what the colleague saved.
                newest = ReviewerProfile.objects.filter(user=person).first()
                form.data = _with_version(request, newest.version if newest else 0)
                form.add_error(None, str(error))
                status = 409
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved."))
                return redirect("reviews:my_reviews" if user.pk == person.pk else "reviews:reviewers")
    own = user.pk == person.pk
    return render(request, "reviews/profile.html", {"form": form, "person": person, "own": own}, status=status)


def _with_version(request: HttpRequest, version: int) -> Any:
    typed = request.POST.copy()
    typed["version"] = str(version)
    return typed
