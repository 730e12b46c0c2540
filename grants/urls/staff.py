"""Addresses of calls, forms and applications in the staff portal, under /staff/."""

from django.urls import path

from grants.urls.staff_applications import urlpatterns as application_pages
from grants.urls.staff_calls import urlpatterns as calls_and_forms
from grants.urls.staff_funds import urlpatterns as funds
from grants.views import staff_list, staff_openings

app_name = "staff"
urlpatterns = [
    *calls_and_forms,
    *application_pages,
    *funds,
    path("openings/", staff_openings.openings, name="openings"),
    path("applications/", staff_list.applications, name="applications"),
]
