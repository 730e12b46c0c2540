"""What the audit says of tables of the core and of Django itself."""

from core.audit import exempt, watch

# A wrapped key kept here would open what destroying the key was meant to erase; its subject
# would name a hidden partner.
watch("core.DataKey", personal=("subject", "wrapped"), plain=("ring_key",))
exempt("core.AuditEntry", "it is the audit")
exempt("core.AuditSeal", "it is the audit")
exempt("core.AuditPending", "it is the audit")
exempt("core.OutboxEntry", "machinery: it holds ids and codes, and every delivery moves a row four times")
exempt("core.FailedTask", "machinery: it holds the name of a task and of an error")
exempt("admin.LogEntry", "a log itself, of changes that the audit has already")
exempt("auth.Permission", "made by migrations from the code")
exempt("contenttypes.ContentType", "made by migrations from the code")
exempt("sessions.Session", "written by every sign-in and page; says nothing of the programme's work")
watch("auth.Group", plain=("name",))
watch("auth.Group_permissions")
