"""Addresses of funds in the staff portal; `staff.py` mounts them."""

from django.urls import path

from grants.views import staff_funds as pages

urlpatterns = [
    path("funds/", pages.fund_list, name="funds"),
    path("funds/new/", pages.fund_new, name="fund_new"),
    path("funds/<uuid:fund_id>/", pages.fund, name="fund"),
    path("funds/<uuid:fund_id>/contributions/", pages.fund_contribution, name="fund_contribution"),
]
