"""Addresses of one application in the staff portal; `staff.py` mounts them. The list is in staff.py itself."""

from django.urls import path, register_converter

from grants.urls.converters import ReferenceConverter
from grants.views import staff_access as access
from grants.views import staff_applications as pages
from grants.views import staff_openings as openings

register_converter(ReferenceConverter, "staff_reference")
_R = "applications/<staff_reference:reference>/"

urlpatterns = [
    path("applications/enter/", pages.enter, name="enter"),
    path(_R, pages.proposal, name="proposal"),
    path(f"{_R}messages/", pages.messages, name="messages"),
    path(f"{_R}ask/", pages.ask, name="ask"),
    path(f"{_R}history/", pages.history, name="history"),
    path(f"{_R}files/<uuid:attachment_id>/", pages.attachment, name="attachment"),
    path(f"{_R}assign/", pages.assign, name="assign"),
    path(f"{_R}take/", pages.take, name="take"),
    path(f"{_R}restrict/", access.restrict, name="restrict"),
    path(f"{_R}lift/", access.lift, name="lift"),
    path(f"{_R}glass/", access.break_the_glass, name="break_glass"),
    path(f"{_R}openings/", openings.openings_of, name="openings_of"),
    path(f"{_R}readers/", access.readers, name="readers"),
    path(f"{_R}readers/<uuid:user_id>/remove/", access.reader_remove, name="reader_remove"),
]
