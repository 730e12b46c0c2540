"""Keeping people out, and letting them in again: sign-in, sessions, devices and mail."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.choices import InvitationStatus
from accounts.models import Hold, Invitation, User
from accounts.services.devices import end_sessions
from accounts.services.notices import MAIL
from core.models import OutboxEntry
from core.models.outbox import OutboxStatus

# How soon mail that waits for a held person is looked at again, should waking it have been missed.
LOOK_AGAIN_AFTER = timedelta(minutes=15)


@transaction.atomic
def hold_people(*, subject: UUID, people: Iterable[User]) -> int:
    """Keep these people out because of `subject`: no sign-in by any way, every session ended, every device forgotten,
    no mail. Doing it again catches whoever came in meanwhile. Returns how many were not held before.
    """
    known = set(Hold.objects.filter(subject=subject).values_list("user_id", flat=True))
    people = sorted(people, key=lambda person: person.pk)
    fresh = [Hold(user=person, subject=subject) for person in people if person.pk not in known]
    # The rows stand before sessions end: whoever signs in between is nobody already.
    Hold.objects.bulk_create(fresh, ignore_conflicts=True)
    for person in people:
        end_sessions(user=person)
        person.devices.all().delete()
    return len(fresh)


@transaction.atomic
def release_people(*, subject: UUID) -> int:
    """Let in again whom `subject` kept out and no other keeps out. Returns how many.

    What the lost device knew is worth nothing from here on: they choose a new password by mail, and whoever does not
    work here sets a second step up anew; whoever does loses passkeys alone, for one is enough to sign in. An address
    that was being changed to is forgotten, and what they had invited to is withdrawn: whoever had the device may have
    done either. Mail that waited goes out.
    """
    held = list(Hold.objects.filter(subject=subject).values_list("user_id", flat=True))
    # In one order, so that two releases with a person in common do not wait for each other.
    people = list(User.objects.select_for_update(of=("self",)).filter(pk__in=held).order_by("pk"))
    Hold.objects.filter(subject=subject).delete()
    still = set(Hold.objects.filter(user__in=held).values_list("user_id", flat=True))
    free = [person for person in people if person.pk not in still]
    for person in free:
        person.set_unusable_password()
        person.save(update_fields=["password"])
        EmailAddress.objects.filter(user=person).exclude(email__iexact=person.email).delete()
        factors = Authenticator.objects.filter(user=person)
        if person.needs_second_step:
            factors = factors.filter(type=Authenticator.Type.WEBAUTHN)
        factors.delete()
    keys = [person.pk for person in free]
    Invitation.objects.filter(invited_by__in=keys, status=InvitationStatus.OPEN).update(
        status=InvitationStatus.WITHDRAWN
    )
    waiting_mail(keys).update(due_at=timezone.now())
    return len(free)


def waiting_mail(people: Iterable[UUID]) -> "QuerySet[OutboxEntry]":
    """Notices by mail that wait for these people."""
    keys = [str(key) for key in people]
    return OutboxEntry.objects.filter(topic=MAIL, status=OutboxStatus.PENDING, payload__user__in=keys)


def address_is_held(address: str) -> bool:
    """True when mail to this address would reach somebody who is kept out."""
    theirs = Q(email__iexact=address) | Q(pk__in=EmailAddress.objects.filter(email__iexact=address).values("user_id"))
    return Hold.objects.filter(user__in=User.objects.filter(theirs).values("pk")).exists()
