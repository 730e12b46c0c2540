"""What later stages may listen to. Sent inside the transaction of the change."""

from django.dispatch import Signal

# Keyword arguments: organization_id, record (None when it was taken out), by. Scores may follow from it.
record_saved = Signal()
