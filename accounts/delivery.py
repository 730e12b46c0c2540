"""The outbox topic "mail": an entry becomes a letter only when it is sent, so that it is never out of date."""

import base64
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import InvitationStatus, MailDetail, MailTiming
from accounts.emails import Letter, render_letter, send
from accounts.models import InboxItem, Invitation, User
from accounts.models.hold import is_held
from accounts.notices import notice_kinds, silenced
from accounts.quiet import mail_moment
from accounts.services.holds import LOOK_AGAIN_AFTER, address_is_held
from accounts.services.invitations import stands
from accounts.zones import zone_of
from core.crypto import CannotOpen, open_with_ring
from core.models import OutboxEntry
from core.outbox import NotBefore, NotNeeded, Undeliverable

# Letters with a code or link that is worthless by the time the person is let in again.
_SHORT_LIVED = frozenset({"sign_in_code", "password_reset", "confirm_address", "account_exists", "account_unknown"})
_INVITATION = "invitation:"


def deliver_mail(entry: OutboxEntry) -> None:
    """Send the mail of an entry: a sealed letter, a notice to a person, or a person's digest."""
    payload: dict[str, Any] = entry.payload
    if "sealed" in payload:
        letter = _sealed_letter(entry)
        _respect_holds(entry.key, letter)
    else:
        user = User.objects.filter(pk=str(payload.get("user")), is_active=True).first()
        if user is None:
            raise NotNeeded("account closed")
        if is_held(user.pk):
            raise NotBefore(timezone.now() + LOOK_AGAIN_AFTER)
        _respect_quiet_hours(user)
        letter = _digest(user, payload) if "digest" in payload else _notice(user, payload)
    send(render_letter(letter, key=entry.key))


def _respect_holds(key: str, letter: Letter) -> None:
    """Nothing reaches somebody who is kept out, and no invitation to where people are kept out: it waits, for as long
    as it is worth anything.
    """
    if key.startswith(_INVITATION):
        invitation = _invitation_of(key)
        if invitation is not None and not _is_open(invitation):
            raise NotNeeded("invitation withdrawn or too old")
        if invitation is not None and not stands(invitation):
            raise NotBefore(timezone.now() + LOOK_AGAIN_AFTER)
    if address_is_held(letter.address):
        if letter.template in _SHORT_LIVED:
            raise NotNeeded("kept out")
        raise NotBefore(timezone.now() + LOOK_AGAIN_AFTER)


def _invitation_of(key: str) -> Invitation | None:
    try:
        return Invitation.objects.filter(pk=UUID(key.removeprefix(_INVITATION))).first()
    except ValueError:
        return None


def _is_open(invitation: Invitation) -> bool:
    return invitation.status == InvitationStatus.OPEN and invitation.expires_at > timezone.now()


def _respect_quiet_hours(user: User) -> None:
    """Also a second try, and one that was late, stays out of the hours the person asked to avoid."""
    now = timezone.now()
    moment = mail_moment(user, now)
    if moment > now:
        raise NotBefore(moment)


def _sealed_letter(entry: OutboxEntry) -> Letter:
    try:
        opened = open_with_ring(base64.b64decode(entry.payload["sealed"]), context=f"mail:{entry.key}")
    except CannotOpen as error:
        raise Undeliverable("its key has left the ring") from error
    return Letter(**json.loads(opened))


def _notice(user: User, payload: dict[str, Any]) -> Letter:
    item = InboxItem.objects.filter(user=user, event=payload.get("event")).first()
    if item is None:
        raise NotNeeded("notice gone")
    if user.mail_timing == MailTiming.NEVER:
        raise NotNeeded("no mail wanted")
    return notice_letter(user, item)


def notice_letter(user: User, item: InboxItem) -> Letter:
    """As much as the person wants a mail to say, and nothing at all of what is restricted, or of which they
    may not know any more.
    """
    url = settings.SITE_URL + reverse("inbox:open", args=[item.pk])
    kind = notice_kinds.get(item.kind) if item.kind in notice_kinds else None
    silent = item.pk in silenced(user, [item]) or kind is None or kind.silent_by_mail
    detail = MailDetail.NOTHING if silent else user.mail_detail
    template, subject, context = "notice", "", {}
    if kind is not None and detail != MailDetail.NOTHING:
        with translation.override(user.mail_language):
            subject = kind.subject(item.params)
            if detail == MailDetail.ALL:
                template = kind.template or template
                context = {"sentence": kind.sentence(item.params), "params": item.params, "reader": str(user)}
    return Letter(user.email, user.mail_language, template, context, url, subject, str(zone_of(user)))


def _digest(user: User, payload: dict[str, Any]) -> Letter:
    items = InboxItem.objects.filter(user=user, digested_at=payload["digest"], read_at__isnull=True)
    count, lines = items.count(), []
    if not count:
        raise NotNeeded("all read meanwhile")
    if user.mail_timing == MailTiming.NEVER:
        raise NotNeeded("no mail wanted")
    if user.mail_detail != MailDetail.NOTHING:
        with translation.override(user.mail_language):
            shown = list(items.order_by("created_at")[:50])
            silent = silenced(user, shown)
            for item in shown:
                known = item.pk not in silent and item.kind in notice_kinds
                known = known and not notice_kinds.get(item.kind).silent_by_mail
                if not known:
                    lines.append(_("You have a message."))
                elif user.mail_detail == MailDetail.ALL:
                    lines.append(notice_kinds.get(item.kind).sentence(item.params))
                else:
                    lines.append(notice_kinds.get(item.kind).subject(item.params))
    url = settings.SITE_URL + reverse("inbox:list")
    context = {"count": count, "lines": lines, "more": max(0, count - len(lines)) if lines else 0}
    return Letter(user.email, user.mail_language, "digest", context, url, zone=str(zone_of(user)))
