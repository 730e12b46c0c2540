"""Once a day, at seven in the person's own morning, one mail about what came since."""

from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.choices import MailTiming
from accounts.models import Hold, InboxItem, User
from accounts.quiet import mail_moment
from accounts.services.notices import MAIL
from accounts.zones import zone_of
from core import outbox

SEND_AT = time(7)
# Older notices were on time for an earlier digest; whoever begins with digests today is not sent their past.
LOOK_BACK = timedelta(days=8)


def send_digests() -> int:
    """Write the digests that are due; returns how many. Run it as often as you like: one a person and day."""
    now = timezone.now()
    waiting = InboxItem.objects.filter(
        read_at__isnull=True, digested_at__isnull=True, created_at__gt=now - LOOK_BACK
    ).values("user_id")
    # Whoever is kept out is sent nothing; what came meanwhile is in their first digest after.
    people = User.objects.filter(~Exists(Hold.objects.filter(user=OuterRef("pk"))), is_active=True).filter(
        mail_timing=MailTiming.DAILY, pk__in=waiting
    )
    return sum(send_digest(user=user, now=now) for user in people.iterator(chunk_size=500))


@transaction.atomic
def send_digest(*, user: User, now: datetime) -> bool:
    """Put the person's digest of today into the outbox, if seven has passed and anything came before it."""
    local = now.astimezone(zone_of(user))
    seven = datetime.combine(local.date(), SEND_AT, local.tzinfo).astimezone(UTC)
    if now < seven:
        return False
    key = f"digest:{user.pk}:{local.date().isoformat()}"
    if not User.objects.select_for_update(of=("self",)).filter(pk=user.pk, mail_timing=MailTiming.DAILY).exists():
        return False
    if outbox.exists(key):
        return False
    gathered = InboxItem.objects.filter(
        user=user, read_at__isnull=True, digested_at__isnull=True, created_at__lt=seven, created_at__gt=now - LOOK_BACK
    ).update(digested_at=now)
    if not gathered:
        return False
    payload = {"user": str(user.pk), "digest": now.isoformat()}
    outbox.put(topic=MAIL, key=key, payload=payload, delay=mail_moment(user, now) - now)
    return True
