"""Addresses of the desks, under /staff/."""

from django.urls import path

from insights.views import desk, outbox

app_name = "insights"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<uuid:entry_id>/again/", outbox.send_again, name="send_again"),
    path("outbox/<uuid:entry_id>/close/", outbox.close, name="close"),
]
