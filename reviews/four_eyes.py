"""Who may give an approval: nobody twice, and nobody who is a deputy of the other half's author. Pure."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.services.deputies import Tie
from core.errors import SamePerson, TransitionNotAllowed
from reviews.models import Decision


class OwnProposal(SamePerson):
    """A director tried to approve what they proposed themselves."""

    sentence = _("You proposed this decision yourself. Another director must approve it.")


class OwnFirstApproval(SamePerson, TransitionNotAllowed):
    """The director who gave the first approval cannot give the second."""

    sentence = _("You have given the first approval. A second director must approve it too.")


class DeputyOfTheOther(SamePerson):
    """One of the two acts, or acted since, as deputy of the other."""

    sentence = _(
        "You and the person who took the other step act for each other as deputies. Somebody else must approve it."
    )


class DeputyOfTheSame(SamePerson):
    """Both approvals would be given for one director, by two deputies."""

    sentence = _(
        "The first approval was given for the director for whom you act too. Another director must approve it."
    )


def refusal(decision: Decision, person: Any, ties: Iterable[Tie]) -> type[SamePerson] | None:
    """Why this person (an id) may not approve the decision; None when four eyes are kept.

    `ties` are (person, deputy, role) since the proposal. Whoever acts for the proposer in any role is as the proposer;
    so is a proposer whose role of officer was lent by the approver. The same holds between two approvers.
    """
    if person == decision.proposed_by_id:
        return OwnProposal
    if person == decision.first_approved_by_id:
        return OwnFirstApproval
    others = {decision.proposed_by_id, decision.first_approved_by_id} - {None}
    for principal, deputy, role in ties:
        if deputy == person and principal in others:
            return DeputyOfTheOther
        lent_to_proposer = deputy == decision.proposed_by_id and role == RoleName.OFFICER
        lent_to_first = deputy == decision.first_approved_by_id and role == RoleName.DIRECTOR
        if principal == person and (lent_to_proposer or lent_to_first):
            return DeputyOfTheOther
    return None
