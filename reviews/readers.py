"""People to tell about a proposal: directors of the programme who may read the application."""

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.roles import users_with
from grants.models import Application


def directors_of(application: Application) -> list[User]:
    """Directors and their deputies without a conflict; where it is restricted, those who are named readers."""
    directors = users_with(application.call.programme, RoleName.DIRECTOR)
    directors = directors.exclude(pk__in=application.recusals.values("user_id"))
    if application.is_restricted:
        directors = directors.filter(pk__in=application.named_readers.values("user_id"))
    return list(directors)
