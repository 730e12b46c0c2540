"""Addresses of applicants, mounted at apply/."""

from django.urls import path, register_converter

from grants.urls.converters import ReferenceConverter
from grants.views import applicant_budget as parts
from grants.views import applicant_form as form
from grants.views import applicant_home as start
from grants.views import applicant_submit as sending
from grants.views import applicant_talk as talk

register_converter(ReferenceConverter, "reference")
_R = "<reference:reference>/"

app_name = "apply"
urlpatterns = [
    path("", start.home, name="home"),
    path("start/<slug:slug>/", start.start, name="start"),
    path(_R, start.application, name="application"),
    path(f"{_R}details/", parts.details, name="details"),
    path(f"{_R}section/<slug:slug>/", form.section, name="section"),
    path(f"{_R}section/<slug:slug>/autosave/", form.autosave, name="autosave"),
    path(f"{_R}budget/", parts.budget, name="budget"),
    path(f"{_R}files/", parts.attachments, name="attachments"),
    path(f"{_R}files/<uuid:attachment_id>/", parts.attachment_download, name="attachment_download"),
    path(f"{_R}check/", sending.check, name="check"),
    path(f"{_R}submit/", sending.submit, name="submit"),
    path(f"{_R}receipt/", sending.receipt, name="receipt"),
    path("<reference:reference>/receipt.pdf", sending.receipt_pdf, name="receipt_pdf"),
    path(f"{_R}status/", sending.status, name="status"),
    path(f"{_R}withdraw/", sending.withdraw, name="withdraw"),
    path(f"{_R}messages/", talk.messages, name="messages"),
    path(f"{_R}request/", talk.answer, name="request"),
    path(f"{_R}copy/", sending.copy, name="copy"),
]
