"""Asking to be erased, and carrying it out: an owner asks, a director confirms, two where grants were approved."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.deputies import ties
from accounts.services.notices import mail_address, notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted, SamePerson, TransitionNotAllowed
from core.registry import partner_erasures
from organizations.choices import OPEN_ERASURES, ErasureState
from organizations.models import ErasureRequest, Organization
from organizations.rules import is_member, is_owner
from organizations.services.compromise import is_compromised
from organizations.services.erasing import GRANTS, erase_everything, what_is_kept
from organizations.signals import organizations_changing


class ErasureRefused(DomainError):
    """Something stands against it; the sentence says what."""


class ErasureSettled(TransitionNotAllowed):
    """A colleague, or the organisation itself, was first."""

    sentence = _("This request has been settled meanwhile. Reload the page to see how.")


class SecondDirectorNeeded(SamePerson):
    """Both confirmations would be one person's, or a deputy's of theirs."""

    sentence = _(
        "You gave the first confirmation, or act as deputy for whoever did. Another director must give the second."
    )


class AnswerNeeded(DomainError):
    """They are owed a reason."""

    sentence = _("Write why it cannot be done: the organisation reads it.")


def open_request(organization: Organization) -> ErasureRequest | None:
    """The request that waits, if there is one."""
    return organization.erasures.filter(state__in=OPEN_ERASURES).select_related("asked_by", "confirmed_by").first()


def objections(request: ErasureRequest) -> list[str]:
    """Why it cannot be erased now, in sentences."""
    organization = request.organization
    found = [sentence for step in partner_erasures if (sentence := step.refuses(organization))]
    if is_compromised(organization.pk):
        found.append(
            str(_("This partner is marked as compromised: whoever asked may not be who they seem. Lift that first."))
        )
    elif organization.compromises.filter(lifted_at__gt=request.created_at).exists():
        found.append(
            str(
                _(
                    "It was asked before the mark of a compromised partner was lifted: whoever asked may not have been"
                    " who they seemed. Refuse it, and let the owners ask again."
                )
            )
        )
    return found


def needs_two(organization: Organization) -> bool:
    """True where grants were approved that the books must still show."""
    return any(row.code == GRANTS for row in what_is_kept(organization))


@transaction.atomic
def ask_erasure(*, organization: Organization, by: User, reason: str = "") -> ErasureRequest:
    """An owner asks. The directors are told. Asking twice is asking once.

    Raises:
        NotPermitted: `by` does not own the organisation.
    """
    if not is_owner(by, organization) or organization.erased_at is not None:
        raise NotPermitted
    try:
        with transaction.atomic():
            row, made = ErasureRequest.objects.get_or_create(
                organization=organization,
                state__in=OPEN_ERASURES,
                defaults={"state": ErasureState.ASKED, "asked_by": by, "reason": reason.strip()},
            )
    except IntegrityError:  # a colleague asked in the same moment
        row, made = ErasureRequest.objects.get(organization=organization, state__in=OPEN_ERASURES), False
    if made:
        _tell(row, "organizations.erasure_asked")
    return row


def _tell(row: ErasureRequest, kind: str, *, but: User | None = None) -> None:
    directors = users_with(row.organization.programme, RoleName.DIRECTOR)
    notify(
        event=f"{kind}:{row.pk}",
        users=[person for person in directors if person != but and may_decide(person, row)],
        kind=kind,
        params={"erasure": str(row.pk)},
    )


def may_decide(user: Any, row: ErasureRequest) -> bool:
    """Directors of the programme who do not belong to the partner and have no conflict with it."""
    directs = user.has_role(RoleName.DIRECTOR, programme_id=row.organization.programme_id)
    return bool(directs and ErasureRequest.objects.visible_to(user).filter(pk=row.pk).exists())


def _locked(request: ErasureRequest) -> ErasureRequest:
    organizations_changing.send(sender=Organization, organizations=[request.organization_id])
    row = (
        ErasureRequest.objects.select_for_update(of=("self",))
        .select_related("organization__programme", "asked_by", "confirmed_by")
        .get(pk=request.pk)
    )
    if not row.is_open:
        raise ErasureSettled
    return row


@transaction.atomic
def take_erasure_back(*, request: ErasureRequest, by: User) -> ErasureRequest:
    """The organisation stays, at an owner's wish."""
    row = _locked(request)
    if not is_owner(by, row.organization):
        raise NotPermitted
    return _settle(row, ErasureState.WITHDRAWN, by)


@transaction.atomic
def refuse_erasure(*, request: ErasureRequest, by: User, answer: str) -> ErasureRequest:
    """A director says why it cannot be; the members read it.

    Raises:
        NotPermitted, AnswerNeeded, ErasureSettled.
    """
    row = _locked(request)
    if not may_decide(by, row):
        raise NotPermitted
    if not answer.strip():
        raise AnswerNeeded
    row.answer = answer.strip()
    _settle(row, ErasureState.REFUSED, by)
    members = User.objects.filter(memberships__organization=row.organization, is_active=True)
    notify(
        event=f"erasure_refused:{row.pk}",
        users=members,
        kind="organizations.erasure_refused",
        params={"organization": str(row.organization_id)},
        restricted=True,
    )
    return row


def _settle(row: ErasureRequest, state: ErasureState, by: User) -> ErasureRequest:
    row.state, row.settled_by, row.settled_at = state, by, timezone.now()
    row.save(update_fields=["state", "settled_by", "settled_at", "answer", "kept"])
    return row


@transaction.atomic
def confirm_erasure(*, request: ErasureRequest, by: User) -> ErasureRequest:
    """A director carries it out; where grants were approved, the first director's confirmation waits for a second's.

    Raises:
        NotPermitted: no director, or one who belongs to the partner or has a conflict with it.
        ErasureRefused: what stands against it, in a sentence.
        SecondDirectorNeeded: both confirmations would be one person's.
    """
    row = _locked(request)
    if not may_decide(by, row) or is_member(by, row.organization) or by.pk == row.asked_by_id:
        raise NotPermitted
    if against := objections(row):
        raise ErasureRefused(" ".join(against))
    if not is_owner(row.asked_by, row.organization):
        raise ErasureRefused(_("Whoever asked no longer owns this organisation. Ask its owners what they wish."))
    if row.confirmed_by_id is None and needs_two(row.organization):
        row.state, row.confirmed_by, row.confirmed_at = ErasureState.CONFIRMED, by, timezone.now()
        row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        _tell(row, "organizations.erasure_second", but=by)
        return row
    if row.confirmed_by_id is not None and is_one_person(row, by):
        raise SecondDirectorNeeded
    _write_to(row.asked_by, row)
    kept = erase_everything(organization=row.organization, asked_by=row.asked_by)
    row.kept = [{"code": one.code, "count": one.count, "until": one.until} for one in kept]
    return _settle(row, ErasureState.DONE, by)


def _write_to(person: User, row: ErasureRequest) -> None:
    """The last letter: it names nothing. Its address is sealed until it is sent, and forgotten then."""
    mail_address(
        key=f"erased:{row.pk}",
        address=person.email,
        language=person.mail_language,
        template="erased",
        context={},
        url=settings.SITE_URL + reverse("public:privacy"),
    )


def is_one_person(row: ErasureRequest, by: User) -> bool:
    """Whether a confirmation by this director would be the first one's again, or a deputy's of theirs."""
    if row.confirmed_by_id is None or row.confirmed_at is None:
        return False
    both = {row.confirmed_by_id, by.pk}
    known = ties(row.organization.programme, row.confirmed_at)
    return len(both) == 1 or any({principal, deputy} == both for principal, deputy, _role in known)
