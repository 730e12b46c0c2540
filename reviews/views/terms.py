"""How a call is judged: one page of its staff pages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_user, role_required
from core.errors import DomainError
from grants.call_frame import staff_call, tabs_of
from grants.querysets import READERS
from grants.views.posting import demand
from reviews.forms.terms import TermsForm
from reviews.models import terms_of
from reviews.selectors import rubrics_for
from reviews.services.terms import TermsRefused, set_terms


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def terms(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the terms of judging; officers and directors change them."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    may_write = user.has_perm("reviews.manage_judging", call)
    rubrics = rubrics_for(call)
    status = 200
    if request.method == "POST":
        demand(user, "reviews.manage_judging", call)
        form = TermsForm(request.POST, rubrics=rubrics)
        if form.is_valid():
            try:
                set_terms(call=call, by=user, values=form.values(), stamp=form.cleaned_data["stamp"])
            except TermsRefused as error:
                form.add_error(error.field, str(error))
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The terms of judging are saved."))
                return redirect("reviews:terms", slug=call.slug)
        status = 422
    else:
        form = TermsForm(initial=TermsForm.initial_of(terms_of(call)), rubrics=rubrics)
        if not may_write:
            for field in form.fields.values():
                field.disabled = True
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:terms"),
        "form": form,
        "may_write": may_write,
        "version_id": terms_of(call).rubric_version_id,
    }
    return render(request, "reviews/terms.html", context, status=status)
