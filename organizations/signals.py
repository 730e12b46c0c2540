"""What later stages may listen to. Sent inside the transaction of the change."""

from django.dispatch import Signal

# Keyword arguments: organization, names_changed (bool), numbers_changed (bool: registry numbers), by (User or None).
organization_saved = Signal()
# organizations (their ids). Sent first of all by whatever changes partners and their applications together, so that
# listeners lock what will change. One order everywhere: applications by id, then organisations by id.
organizations_changing = Signal()
# organization, compromise (locked), by (User or None: a command). Sent each time a partner is marked as compromised.
organization_compromised = Signal()
