"""Days of the office in which the tests play, which is in Jerusalem: its night is another day than that of UTC."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

JERUSALEM = ZoneInfo("Asia/Jerusalem")


def today() -> date:
    """The day there."""
    return timezone.localdate(timezone=JERUSALEM)
