"""/apply/organisations/: the profile of one's own organisation."""

from django.urls import path

from organizations.views import applicant, members, parts, rights

app_name = "organizations"
_ID = "<uuid:organization_id>/"
urlpatterns = [
    path("", applicant.organization_list, name="list"),
    path("new/", applicant.create, name="create"),
    path(_ID, applicant.detail, name="detail"),
    path(f"{_ID}section/<slug:slug>/", applicant.section, name="section"),
    path(f"{_ID}registrations/new/", parts.registration_add, name="registration_add"),
    path(f"{_ID}registrations/<uuid:registration_id>/", parts.registration_change, name="registration_change"),
    path(f"{_ID}registrations/<uuid:registration_id>/remove/", parts.registration_remove, name="registration_remove"),
    path(f"{_ID}people/", parts.people, name="people"),
    path(f"{_ID}people/new/", parts.person_add, name="person_add"),
    path(f"{_ID}people/<uuid:person_id>/", parts.person_change, name="person_change"),
    path(f"{_ID}people/<uuid:person_id>/remove/", parts.person_remove, name="person_remove"),
    path(f"{_ID}documents/", parts.documents, name="documents"),
    path(f"{_ID}documents/<uuid:document_id>/", parts.document_download, name="document_download"),
    path(f"{_ID}documents/<uuid:document_id>/remove/", parts.document_remove, name="document_remove"),
    path(f"{_ID}rights/", rights.rights, name="rights"),
    path(f"{_ID}rights/export/", rights.export, name="export"),
    path(f"{_ID}rights/erase/", rights.erase, name="erase"),
    path(f"{_ID}rights/keep/", rights.keep, name="keep"),
    path(f"{_ID}members/", members.members, name="members"),
    path(f"{_ID}members/invite/", members.invite, name="invite"),
    path(f"{_ID}members/<uuid:membership_id>/role/", members.role, name="member_role"),
    path(f"{_ID}members/<uuid:membership_id>/remove/", members.remove, name="member_remove"),
    path(f"{_ID}invitations/<uuid:invitation_id>/withdraw/", members.withdraw_invitation, name="withdraw_invitation"),
]
