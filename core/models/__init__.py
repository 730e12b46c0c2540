"""Models that every stage uses."""

from core.models.base import Row
from core.models.keys import DataKey
from core.models.outbox import OutboxEntry

__all__ = ["DataKey", "OutboxEntry", "Row"]
