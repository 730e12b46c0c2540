"""What later stages may listen to. Sent inside the transaction of the change."""

from django.dispatch import Signal

# user, programme, role, by (User or None). A role of somebody has ended; the others that they hold are not touched.
role_ended = Signal()
