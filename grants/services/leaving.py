"""What becomes of what somebody was named to read when they do not work for the programme any more."""

from typing import Any

from django.db import transaction

from accounts.choices import RoleName
from accounts.models import Programme
from grants.choices import EventKind
from grants.models import Application, NamedReader
from grants.querysets import READERS
from grants.rules import forget_standing
from grants.services.events import record_event
from grants.services.moves import lock


@transaction.atomic
def end_readings(*, person: Any, programme: Programme, by: Any) -> int:
    """Whoever holds no role with which one reads there is a named reader no more: a role that they are given later must
    not open what they were named for long ago. Nor do they lead it. Returns how many.
    """
    if person.has_role(*READERS, RoleName.REVIEWER, programme_id=programme.pk):
        return 0
    rows = NamedReader.ever.filter(user=person, application__call__programme=programme).order_by("application")
    keys = list(rows.values_list("application", flat=True))
    for key in keys:
        application = lock(Application(pk=key))
        NamedReader.ever.filter(application=application, user=person).delete()
        if application.is_restricted and application.officer_id == person.pk:
            application.officer = None
            application.save(update_fields=["officer", "changed_at"])
        record_event(application=application, kind=EventKind.READER, actor=by, details={"removed": str(person.pk)})
        forget_standing(application)
    return len(keys)
