"""What is known of reviewers: languages, knowledge, how much they can take on, when they are away."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode, RoleName
from accounts.models import User
from core.errors import DomainError, NotPermitted, StaleVersion
from reviews.choices import Expertise
from reviews.models import ReviewerProfile

FIELDS = ("languages", "expertise", "most_open", "away_from", "away_until")
MOST_OPEN = 200


class ProfileRefused(DomainError):
    """Something contradicts itself; `field` names it."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


def may_edit(by: Any, person: User) -> bool:
    """The person themselves, and officers and directors of a programme in which they review."""
    programmes = person.programmes_with((RoleName.REVIEWER,))
    if by.pk == person.pk:
        return bool(programmes)
    return any(by.has_role(RoleName.OFFICER, RoleName.DIRECTOR, programme_id=pk) for pk in programmes)


@transaction.atomic
def save_profile(*, person: User, by: Any, version: int, values: dict[str, Any]) -> ReviewerProfile:
    """Write the profile (`values`: one for each of FIELDS). `version` is the one that the page showed (0: none yet).

    Raises:
        ProfileRefused: with the field and what to mend.
        StaleVersion: somebody else saved meanwhile.
    """
    if not may_edit(by, person):
        raise NotPermitted
    _check(values)
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row = ReviewerProfile.objects.filter(user=person).first()
    if (row.version if row else 0) != version:
        if row is not None and all(getattr(row, name) == values[name] for name in FIELDS):
            return row
        raise StaleVersion
    if row is None:
        return ReviewerProfile.objects.create(user=person, **{name: values[name] for name in FIELDS})
    for name in FIELDS:
        setattr(row, name, values[name])
    row.version += 1
    row.save(update_fields=[*FIELDS, "version"])
    return row


def _check(values: dict[str, Any]) -> None:
    if set(values["languages"]) - set(LanguageCode.values) or set(values["expertise"]) - set(Expertise.values):
        raise DomainError
    if not 0 <= values["most_open"] <= MOST_OPEN:
        raise ProfileRefused("most_open", _("Write a number from 0 to %(most)d.") % {"most": MOST_OPEN})
    begins: date | None = values["away_from"]
    ends: date | None = values["away_until"]
    if (begins is None) != (ends is None):
        missing = "away_from" if begins is None else "away_until"
        raise ProfileRefused(missing, _("Write both days, or neither."))
    if begins and ends and ends < begins:
        raise ProfileRefused("away_until", _("The end lies before the beginning."))
