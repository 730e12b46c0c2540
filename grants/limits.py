"""Bounds of what one application may hold, so that one person cannot fill the disk or a page."""

from datetime import timedelta

MOST_ATTACHMENTS = 25
MOST_BUDGET_LINES = 100
MOST_MESSAGE_CHARACTERS = 20_000
# Saves of one person within this time share an earlier version.
SAME_SITTING = timedelta(minutes=10)
