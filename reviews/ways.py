"""How a proposal comes to its approval, in sentences: who can give it, and what helps where nobody can."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import RoleName
from accounts.models import Programme, Role, User
from accounts.services.deputies import ties
from reviews.four_eyes import refusal
from reviews.models import Decision


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for approval: one proposal or a whole slate, or one that `proposer` is about to write."""

    programme: Programme
    proposer: User
    # Who can give the next approval.
    can_approve: Sequence[User]
    # Officers who may read all of it; asked only where nobody can approve.
    officers: Callable[[], Iterable[User]]
    first: User | None = None
    needs_two: bool = False
    restricted: bool = False
    is_proposed: bool = True


def ways_to_approval(waiting: Waiting, reader: User) -> list[str]:
    """Who can approve it; or where nobody can, each way that is open, the nearest first (at most four statements).

    A deputy of the person who proposed is to four eyes as that person, so the only director who proposes is not helped
    by a deputy of their own: a colleague proposes, and they approve.
    """
    if waiting.can_approve:
        return [_("It can be approved by: %(people)s.") % {"people": _names(waiting.can_approve)}]
    found = []
    # Of whoever reads the page the roles are known already.
    proposer = reader if reader.pk == waiting.proposer.pk else waiting.proposer
    if not waiting.needs_two and (colleagues := _could_propose(waiting, proposer)):
        found.append(_by_a_colleague(waiting, reader, _names(colleagues)))
    if lenders := _could_lend(waiting):
        found.append(_lending(reader, lenders))
    if waiting.restricted:
        found.append(_("It is restricted: a director who may not read it yet can be named a reader, and then approve."))
    found.append(_("An administrator can give a colleague the role of a director. They approve it in their own name."))
    if reader.pk == waiting.proposer.pk:
        found.append(_("Your own deputy cannot approve it: what you propose needs somebody who does not act for you."))
    return found


def _names(people: Iterable[User]) -> str:
    """Each name in its own direction (between the marks of an isolate), whatever stands beside it."""
    return pgettext("between items of a list", ", ").join(f"\u2068{person}\u2069" for person in people)


def _could_propose(waiting: Waiting, proposer: User) -> list[User]:
    """Officers whose proposal the proposer, a director, could approve."""
    if not proposer.has_role(RoleName.DIRECTOR, programme_id=waiting.programme.pk):
        return []
    known = ties(waiting.programme, timezone.now())
    return [
        person
        for person in waiting.officers()
        if person.pk != proposer.pk and refusal(Decision(proposed_by=person), proposer.pk, known) is None
    ]


def _by_a_colleague(waiting: Waiting, reader: User, names: str) -> str:
    said = {"people": names, "proposer": f"\u2068{waiting.proposer}\u2069"}
    if not waiting.is_proposed:
        return _("Let a colleague propose it: %(people)s. Then you can approve it.") % said
    if reader.pk == waiting.proposer.pk:
        return _("Take your proposal back and let a colleague propose it: %(people)s. Then you can approve it.") % said
    return (
        _(
            "%(proposer)s takes the proposal back, and a colleague proposes it: %(people)s. Then %(proposer)s can"
            " approve it."
        )
        % said
    )


def _could_lend(waiting: Waiting) -> list[User]:
    """Directors in their own right, other than who took a step of it: whoever they name as a deputy can approve."""
    took_part = {waiting.proposer.pk, waiting.first.pk if waiting.first is not None else None}
    rows = Role.objects.filter(programme=waiting.programme, name=RoleName.DIRECTOR, user__is_active=True)
    people: Any = User.objects.filter(pk__in=rows.values("user_id")).order_by("display_name", "pk")
    return [person for person in people if person.pk not in took_part]


def _lending(reader: User, lenders: Sequence[User]) -> str:
    if any(person.pk == reader.pk for person in lenders):
        return _("You cannot approve it yourself, but you can name a deputy who does.")
    return _(
        "A director who is away, has a conflict of interest or may not read it can name a deputy who approves it:"
        " %(people)s."
    ) % {"people": _names(lenders)}
