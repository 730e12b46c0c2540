"""Why a cleaner refuses a file: codes that pass between two processes; core/uploads.py has their sentences."""

from enum import StrEnum


class Reason(StrEnum):
    """One reason each."""

    KIND = "kind"
    UNREADABLE = "unreadable"
    LOCKED = "locked"
    ACTIVE = "active"
    LINKED = "linked"
    NESTED = "nested"
    BOMB = "bomb"
    PIXELS = "pixels"
    MOVING = "moving"
    PAGES = "pages"
    TIME = "time"


class Refused(Exception):
    """The file cannot be taken, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
