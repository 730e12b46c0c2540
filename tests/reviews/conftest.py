"""Applications at each stage."""

import pytest

from accounts.choices import RoleName
from accounts.models import Programme, User
from grants.models import Application, Call
from organizations.models import Organization
from reviews.services import decisions
from tests.factories.accounts import person_with
from tests.factories.grants import submitted
from tests.factories.reviews import awaiting as made_awaiting
from tests.factories.reviews import passed, proposed, reviewing
from tests.grants.conftest import call, group, owner, sent  # noqa: F401 - fixtures


@pytest.fixture
def director2(programme: Programme) -> User:
    return person_with(RoleName.DIRECTOR, programme, email="director2@office.example", display_name="Doron Director")


@pytest.fixture
def in_review(sent: Application, officer: User) -> Application:  # noqa: F811 - the fixture above
    return passed(sent, officer)


@pytest.fixture
def assigned(in_review: Application, officer: User, reviewer: User) -> Application:
    return reviewing(in_review, reviewer, officer)


@pytest.fixture
def awaiting(sent: Application, officer: User, reviewer: User) -> Application:  # noqa: F811 - the fixture above
    return made_awaiting(sent, officer, reviewer)


@pytest.fixture
def approved(awaiting: Application, officer: User, director: User) -> Application:
    decision = proposed(awaiting, officer)
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    awaiting.refresh_from_db()
    return awaiting


@pytest.fixture
def another(call: Call, group: Organization, owner: User) -> Application:  # noqa: F811 - the fixtures above
    return submitted(call, group, owner, title="A second request")
