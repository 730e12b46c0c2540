"""Models that every stage uses."""

from core.models.audit import AuditEntry, AuditPending, AuditSeal, Operation
from core.models.base import Row
from core.models.failed import FailedTask
from core.models.keys import DataKey
from core.models.outbox import OutboxEntry

__all__ = ["AuditEntry", "AuditPending", "AuditSeal", "DataKey", "FailedTask", "Operation", "OutboxEntry", "Row"]
