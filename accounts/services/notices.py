"""Telling people that something happened: in their inbox here, and by mail as they chose."""

import base64
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.choices import MailTiming
from accounts.models import InboxItem, User
from accounts.notices import notice_kinds
from accounts.quiet import mail_moment
from core import outbox
from core.crypto import seal_with_ring

MAIL = "mail"


@transaction.atomic
def notify(*, event: str, users: Iterable[User], kind: str, params: dict[str, Any], restricted: bool = False) -> None:
    """Put one notice into the inbox of each active person, and one mail into the outbox of those who want it at once.

    `event` names what happened ("submitted:<id>"): for one event and person there is never a second notice or mail,
    however often this is called. A `restricted` notice says no more, here and by mail, than that there is a message.
    """
    if kind not in notice_kinds:
        raise ValueError(f"no notice kind {kind}")
    people = {user.pk: user for user in users if user.is_active}
    InboxItem.objects.bulk_create(
        [
            InboxItem(user=user, event=event, kind=kind, params=params, restricted=restricted)
            for user in people.values()
        ],
        ignore_conflicts=True,
    )
    now = timezone.now()
    by_delay: dict[timedelta, list[tuple[str, dict[str, Any]]]] = {}
    for user in people.values():
        if user.mail_timing != MailTiming.AT_ONCE:
            continue
        delay = mail_moment(user, now) - now
        entry = (f"mail:{event}:{user.pk}", {"user": str(user.pk), "event": event})
        by_delay.setdefault(delay, []).append(entry)
    for delay, rows in by_delay.items():
        outbox.put_many(topic=MAIL, rows=rows, delay=delay)


def mail_address(
    *, key: str, address: str, language: str, template: str, context: dict[str, Any], url: str = ""
) -> None:
    """Mail to an address that need not have an account, from templates/emails/<template>/.

    Address, context and link are sealed by the key ring while they wait, because the link may hold a secret; once the
    mail is sent they are gone from the outbox. `context` holds plain values (text, numbers). `key` is the event: a
    second mail for it cannot exist. `url` is absolute.
    """
    letter = {"address": address, "language": language, "template": template, "context": context, "url": url}
    sealed = seal_with_ring(json.dumps(letter), context=f"mail:{key}")
    outbox.put(topic=MAIL, key=key, payload={"sealed": base64.b64encode(sealed).decode()})


def silence_notices(*, about: str) -> int:
    """Have notices about a reference say no more than that there is a message: in the inbox, in mail that still waits,
    and on pages that list them. Returns how many.
    """
    return InboxItem.objects.filter(params__reference=about, restricted=False).update(restricted=True)


def withdraw_notices(*, user: User, about: str, kinds: Iterable[str] | None = None) -> int:
    """Take back what the person was told about a reference (all, or notices of these kinds): it leaves the inbox, and
    mail that still waits is not sent. Returns how many.
    """
    found = InboxItem.objects.filter(user=user, params__reference=about)
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return found.delete()[0]


def mark_read(*, user: User, items: Iterable[Any] | None = None) -> int:
    """Mark the person's notices (all, or those with the given ids) as read."""
    unread = InboxItem.objects.filter(user=user, read_at__isnull=True)
    if items is not None:
        unread = unread.filter(pk__in=list(items))
    return unread.update(read_at=timezone.now())
