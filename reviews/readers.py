"""People of the programme who may read an application and so take a step of its decision."""

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.roles import users_with
from grants.models import Application


def directors_of(application: Application) -> list[User]:
    """Directors and their deputies without a conflict; where it is restricted, those who are named readers."""
    return _who_may_read(application, RoleName.DIRECTOR)


def officers_of(application: Application) -> list[User]:
    """The same of officers, who propose."""
    return _who_may_read(application, RoleName.OFFICER)


def _who_may_read(application: Application, role: RoleName) -> list[User]:
    people = users_with(application.call.programme, role)
    people = people.exclude(pk__in=application.recusals.values("user_id"))
    if application.is_restricted:
        people = people.filter(pk__in=application.named_readers.values("user_id"))
    return list(people)
