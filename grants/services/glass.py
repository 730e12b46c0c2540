"""Breaking the glass: a director who is no named reader opens a restricted application, with a reason and for a day."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.audit import current_page
from core.errors import DomainError, NotPermitted
from grants.choices import EventKind
from grants.models import Application, NamedReader, Opening
from grants.rules import forget_standing
from grants.services.events import record_event
from grants.services.moves import lock

READS_FOR = timedelta(hours=24)
SHORTEST_REASON = 20
REASON_TOO_SHORT = _("Write in a sentence why you must read it now. Its named readers will see it.")


class GlassRefused(DomainError):
    """There is no glass to break, or no reason to."""


@transaction.atomic
def break_glass(*, application: Application, by: Any, reason: str) -> NamedReader:
    """Let the director read it for 24 hours. The named readers are told at once; the reason stands in the history and
    among the openings. Whoever may read it already changes nothing: two presses are one.

    Raises:
        GlassRefused: it is not restricted, or the reason says too little.
    """
    application = lock(application)
    if not by.has_perm("grants.break_glass", application):
        raise NotPermitted
    if not application.is_restricted:
        raise GlassRefused(_("This application is not restricted: you can open it."))
    present = NamedReader.objects.filter(application=application, user=by).first()
    if present is not None:
        return present
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise GlassRefused(REASON_TOO_SHORT)
    now = timezone.now()
    until = now + READS_FOR
    row, _made = NamedReader.ever.update_or_create(
        application=application, user=by, defaults={"named_by": by, "until": until}
    )
    opening = Opening.objects.create(application=application, user=by, at=now, page=current_page()[:100], reason=reason)
    record_event(
        application=application, kind=EventKind.GLASS, actor=by, reason=reason, details={"until": until.isoformat()}
    )
    notify(
        event=f"glass:{opening.pk}",
        users=_to_tell(application, by),
        kind="grants.glass_broken",
        params={"reference": application.reference},
        restricted=True,
    )
    forget_standing(application)
    return row


def _to_tell(application: Application, by: Any) -> list[User]:
    """The named readers; the other directors where there are none. Nobody with a conflict of interest is among them."""
    named = NamedReader.objects.filter(application=application).exclude(user=by).values("user_id")
    if readers := list(User.objects.filter(pk__in=named)):
        return readers
    recused = application.recusals.values("user_id")
    directors = users_with(application.call.programme, RoleName.DIRECTOR)
    return list(directors.exclude(pk=by.pk).exclude(pk__in=recused))
