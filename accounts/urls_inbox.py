"""/inbox/: what happened."""

from django.urls import path

from accounts.views import inbox

app_name = "inbox"
urlpatterns = [
    path("", inbox.inbox, name="list"),
    path("read/", inbox.read_all, name="read"),
    path("<uuid:item_id>/", inbox.open_notice, name="open"),
]
