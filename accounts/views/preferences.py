"""What a person chooses for themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts.access import current_user, signed_in
from accounts.forms import PreferencesForm
from accounts.services.preferences import save_preferences
from accounts.views.inbox import own_base
from accounts.views.session import set_language_cookie


@require_http_methods(["GET", "POST"])
@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone, and how to be told."""
    user = current_user(request)
    form = PreferencesForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        chosen: dict[str, Any] = form.cleaned_data
        save_preferences(user=user, **chosen)
        with override(chosen["language"]):
            messages.success(request, _("Your preferences are saved."))
        response = redirect("accounts:preferences")
        set_language_cookie(response, chosen["language"])
        return response
    context = {"base": own_base(user), "form": form}
    return render(request, "accounts/preferences.html", context, status=422 if form.errors else 200)
