"""Aliases that stand for a name wherever a restricted application shows: random, without meaning, unlike each other."""

import secrets

from django.db import IntegrityError, transaction

from organizations.models import Organization

# Without I and O, which are read as digits.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_TRIES = 6


def new_alias() -> str:
    """An alias such as "Partner K7" that no organisation has; longer where the short ones are nearly used up."""
    for digits in (1, 2, 3, 4, 6):
        for _attempt in range(_TRIES):
            number = secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1)
            alias = f"Partner {secrets.choice(_LETTERS)}{number}"
            if not Organization.objects.filter(alias=alias).exists():
                return alias
    raise RuntimeError("no free alias was found")


def renew_alias(organization: Organization) -> None:
    """Give the organisation another alias, so that who once saw name and alias together does not know it again."""
    for _attempt in range(_TRIES):
        organization.alias = new_alias()
        try:
            with transaction.atomic():
                organization.save(update_fields=["alias"])
        except IntegrityError:
            # Another request took it between our look and our write.
            continue
        return
    raise RuntimeError("no free alias was found")
