"""Addresses of the desks, under /staff/."""

from django.urls import path

from grants.urls import staff_applications  # noqa: F401 - it registers the references in addresses
from insights.views import audit, desk, histories, outbox, retention

app_name = "insights"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path(
        "applications/<staff_reference:reference>/changes/", histories.application_changes, name="application_changes"
    ),
    path("organisations/<uuid:organization_id>/changes/", histories.organization_changes, name="organization_changes"),
    path("calls/<slug:slug>/changes/", histories.call_changes, name="call_changes"),
    path("funds/<uuid:fund_id>/changes/", histories.fund_changes, name="fund_changes"),
    path("rubrics/<uuid:rubric_id>/changes/", histories.rubric_changes, name="rubric_changes"),
    path("retention/", retention.retention, name="retention"),
    path("retention/holds/", retention.legal_holds, name="legal_holds"),
    path("retention/holds/<uuid:hold_id>/end/", retention.hold_end, name="hold_end"),
    path("retention/<slug:slug>/<slug:kind>/", retention.period, name="retention_period"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/tasks/<uuid:task_id>/again/", outbox.run_again, name="run_again"),
    path("outbox/<uuid:entry_id>/again/", outbox.send_again, name="send_again"),
    path("outbox/<uuid:entry_id>/close/", outbox.close, name="close"),
]
