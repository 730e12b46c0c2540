"""Addresses of calls and forms in the staff portal; `staff.py` mounts them."""

from django.urls import path

from grants.views import staff_calls, staff_forms, staff_questions

urlpatterns = [
    path("calls/", staff_calls.call_list, name="calls"),
    path("calls/new/", staff_calls.call_create, name="call_create"),
    path("calls/<slug:slug>/", staff_calls.call_preview, name="call_preview"),
    path("calls/<slug:slug>/edit/", staff_calls.call_edit, name="call_edit"),
    path("calls/<slug:slug>/publish/", staff_calls.call_publish, name="call_publish"),
    path("calls/<slug:slug>/close/", staff_calls.call_close, name="call_close"),
    path("calls/<slug:slug>/reopen/", staff_calls.call_reopen, name="call_reopen"),
    path("forms/", staff_forms.form_list, name="forms"),
    path("forms/new/", staff_forms.form_create, name="form_create"),
    path("forms/<uuid:form_id>/new-version/", staff_forms.form_new_version, name="form_new_version"),
    path("forms/versions/<uuid:version_id>/", staff_forms.form_edit, name="form_edit"),
    path("forms/versions/<uuid:version_id>/preview/", staff_forms.form_preview, name="form_preview"),
    path("forms/versions/<uuid:version_id>/publish/", staff_forms.form_publish, name="form_publish"),
    path("forms/versions/<uuid:version_id>/discard/", staff_forms.form_discard, name="form_discard"),
    path("forms/versions/<uuid:version_id>/sections/new/", staff_forms.section_create, name="form_section_create"),
    path("forms/sections/<uuid:section_id>/", staff_forms.section_edit, name="form_section_edit"),
    path("forms/sections/<uuid:section_id>/move/", staff_forms.section_move, name="form_section_move"),
    path("forms/sections/<uuid:section_id>/remove/", staff_forms.section_remove, name="form_section_remove"),
    path("forms/sections/<uuid:section_id>/ask/", staff_questions.question_create, name="form_question_create"),
    path("forms/questions/<uuid:question_id>/", staff_questions.question_edit, name="form_question_edit"),
    path("forms/questions/<uuid:question_id>/move/", staff_questions.question_move, name="form_question_move"),
    path("forms/questions/<uuid:question_id>/remove/", staff_questions.question_remove, name="form_question_remove"),
]
