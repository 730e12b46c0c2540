"""Addresses of calls, forms and applications in the staff portal, under /staff/."""

from django.urls import path

from grants.views import staff_list

app_name = "staff"
urlpatterns = [
    path("applications/", staff_list.applications, name="applications"),
]
