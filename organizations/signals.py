"""What later stages may listen to. Sent inside the transaction of the change."""

from django.dispatch import Signal

# Keyword arguments: organization, names_changed (bool), numbers_changed (bool: registry numbers), by (User or None).
organization_saved = Signal()
