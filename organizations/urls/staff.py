"""/staff/organisations/: partners as the programme sees them."""

from django.urls import path

from organizations.views import compromise, erasures, staff

app_name = "organizations_staff"
_ID = "<uuid:organization_id>/"
urlpatterns = [
    path("", staff.organization_list, name="list"),
    path("compromised/", compromise.compromises, name="compromises"),
    path("compromised/<uuid:compromise_id>/", compromise.compromise, name="compromise"),
    path("compromised/<uuid:compromise_id>/propose/", compromise.lift_propose, name="lift_propose"),
    path("compromised/<uuid:compromise_id>/take-back/", compromise.lift_take_back, name="lift_take_back"),
    path("compromised/<uuid:compromise_id>/confirm/", compromise.lift_confirm, name="lift_confirm"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/<uuid:erasure_id>/", erasures.erasure, name="erasure"),
    path("erasures/<uuid:erasure_id>/confirm/", erasures.erasure_confirm, name="erasure_confirm"),
    path("erasures/<uuid:erasure_id>/refuse/", erasures.erasure_refuse, name="erasure_refuse"),
    path(_ID, staff.detail, name="detail"),
    path(f"{_ID}compromised/", compromise.mark, name="mark_compromised"),
    path(f"{_ID}documents/<uuid:document_id>/", staff.document, name="document"),
    path(f"{_ID}registrations/<uuid:registration_id>/verify/", staff.verify, name="verify"),
    path(f"{_ID}registrations/<uuid:registration_id>/take-back/", staff.take_back, name="take_back"),
]
