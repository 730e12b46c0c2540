"""A call with a small form, an organisation, and its people."""

import pytest

from accounts.models import Programme, User
from grants.models import Application, Call
from organizations.choices import MemberRole
from organizations.models import Organization
from tests.factories.grants import CallFactory, draft, member, partner, ready, small_form, submitted


@pytest.fixture
def call(programme: Programme) -> Call:
    return CallFactory.create(programme=programme, slug="rapid", form_version=small_form(programme))


@pytest.fixture
def group(programme: Programme) -> Organization:
    return partner(programme)


@pytest.fixture
def owner(group: Organization) -> User:
    return member(group, MemberRole.OWNER, email="owner@group.example", display_name="Orit Owner")


@pytest.fixture
def editor(group: Organization) -> User:
    return member(group, MemberRole.EDITOR, email="editor@group.example", display_name="Eid Editor")


@pytest.fixture
def viewer(group: Organization) -> User:
    return member(group, MemberRole.VIEWER, email="viewer@group.example", display_name="Vera Viewer")


@pytest.fixture
def stranger(programme: Programme) -> User:
    other = partner(programme, name="Cedar Bench")
    return member(other, MemberRole.OWNER, email="stranger@other.example", display_name="Sami Stranger")


@pytest.fixture
def application(call: Call, group: Organization, owner: User) -> Application:
    return draft(call, group, owner)


@pytest.fixture
def ready_application(call: Call, group: Organization, owner: User) -> Application:
    return ready(call, group, owner)


@pytest.fixture
def sent(call: Call, group: Organization, owner: User) -> Application:
    return submitted(call, group, owner)
