"""People to tell about a proposal: directors of the programme who may read the application."""

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.roles import users_with
from grants.models import Application


def directors_of(application: Application) -> list[User]:
    """Directors who have no conflict of interest and, where it is restricted, are named readers."""
    recused = set(application.recusals.values_list("user_id", flat=True))
    named = set(application.named_readers.values_list("user_id", flat=True)) if application.is_restricted else None
    directors = users_with(application.call.programme, RoleName.DIRECTOR)
    return [person for person in directors if person.pk not in recused and (named is None or person.pk in named)]
