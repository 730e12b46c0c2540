"""Public addresses, mounted at the root."""

from django.urls import path

from grants.views import public

app_name = "public"
urlpatterns = [
    path("", public.programme, name="programme"),
    path("calls/", public.calls, name="calls"),
    path("calls/<slug:slug>/", public.call, name="call"),
    path("calls/<slug:slug>/questions/", public.call_questions, name="call_questions"),
    path("calls/<slug:slug>/check/", public.eligibility, name="eligibility"),
    path("check/", public.eligibility_choose, name="eligibility"),
    path("how-we-decide/", public.how_we_decide, name="how_we_decide"),
    path("privacy/", public.privacy, name="privacy"),
]
