"""/staff/organisations/: partners as the programme sees them."""

from django.urls import path

from organizations.views import staff

app_name = "organizations_staff"
_ID = "<uuid:organization_id>/"
urlpatterns = [
    path("", staff.organization_list, name="list"),
    path(_ID, staff.detail, name="detail"),
    path(f"{_ID}documents/<uuid:document_id>/", staff.document, name="document"),
    path(f"{_ID}registrations/<uuid:registration_id>/verify/", staff.verify, name="verify"),
    path(f"{_ID}registrations/<uuid:registration_id>/take-back/", staff.take_back, name="take_back"),
]
