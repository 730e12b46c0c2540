"""/staff/deputies/: who acts for whom."""

from django.urls import path

from accounts.views import deputies

app_name = "deputies"
urlpatterns = [
    path("", deputies.deputies, name="list"),
    path("<uuid:deputyship_id>/end/", deputies.end, name="end"),
]
