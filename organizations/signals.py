"""What later stages may listen to. Sent inside the transaction of the change."""

from django.dispatch import Signal

# Keyword arguments: organization, names_changed (bool), numbers_changed (bool: registry numbers), by (User or None).
organization_saved = Signal()
# organization. Sent first, so that listeners lock what they will change: before anything of the partner's is touched.
organization_stopping = Signal()
# organization, compromise (locked), by (User or None: a command). Sent each time a partner is marked as compromised.
organization_compromised = Signal()
