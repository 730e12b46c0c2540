"""/staff/: due diligence of an application, records about an organisation, possible duplicates."""

from django.urls import path

from diligence.views import application, duplicates, records

app_name = "diligence"
_RECORDS = "organisations/<uuid:organization_id>/<slug:kind>/"
urlpatterns = [
    path("applications/<str:reference>/diligence/", application.tab, name="application"),
    path("duplicates/", duplicates.duplicate_list, name="duplicates"),
    path("duplicates/<uuid:pair_id>/", duplicates.compare, name="duplicate"),
    path("duplicates/<uuid:pair_id>/merge/", duplicates.merge, name="merge"),
    path(f"{_RECORDS}new/", records.add, name="record_add"),
    path(f"{_RECORDS}<uuid:record_id>/", records.change, name="record_change"),
    path(f"{_RECORDS}<uuid:record_id>/remove/", records.remove, name="record_remove"),
]
