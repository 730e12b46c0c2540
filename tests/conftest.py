"""Fixtures of every test: a programme and its people, clients, a clock that stands still, a language."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from accounts.choices import RoleName
from accounts.models import Programme, User
from tests.factories.accounts import ProgrammeFactory, UserFactory, person_with, signed_in_client

JERUSALEM = ZoneInfo("Asia/Jerusalem")


@pytest.fixture(autouse=True)
def _english() -> Generator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def programme(db: None) -> Programme:
    return ProgrammeFactory.create(slug="orchard")


@pytest.fixture
def officer(programme: Programme) -> User:
    return person_with(RoleName.OFFICER, programme, email="officer@office.example", display_name="Olive Officer")


@pytest.fixture
def officer2(programme: Programme) -> User:
    return person_with(RoleName.OFFICER, programme, email="officer2@office.example", display_name="Otto Officer")


@pytest.fixture
def director(programme: Programme) -> User:
    return person_with(RoleName.DIRECTOR, programme, email="director@office.example", display_name="Dana Director")


@pytest.fixture
def finance(programme: Programme) -> User:
    return person_with(RoleName.FINANCE, programme, email="finance@office.example", display_name="Fadi Finance")


@pytest.fixture
def reviewer(programme: Programme) -> User:
    return person_with(RoleName.REVIEWER, programme, email="reviewer@panel.example", display_name="Rana Reviewer")


@pytest.fixture
def reviewer2(programme: Programme) -> User:
    return person_with(RoleName.REVIEWER, programme, email="reviewer2@panel.example", display_name="Roni Reviewer")


@pytest.fixture
def auditor(programme: Programme) -> User:
    return person_with(RoleName.AUDITOR, programme, email="auditor@office.example", display_name="Amal Auditor")


@pytest.fixture
def admin_user(programme: Programme) -> User:
    return person_with(RoleName.ADMIN, programme, email="admin@office.example", display_name="Adi Admin", is_staff=True)


@pytest.fixture
def applicant(db: None) -> User:
    """Someone without a role; whatever they may do follows from their organisation."""
    return UserFactory.create(email="applicant@group.example", display_name="Alma Applicant")


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """`client_for(user)`: a browser in which that person is signed in, by both steps."""
    return signed_in_client


@pytest.fixture
def at_time() -> Generator[Callable[..., datetime]]:
    """`at_time("2026-11-23 09:14")`: it is that time in Jerusalem (or the zone given) and stays so until moved."""
    running: list[time_machine.travel] = []

    def move(moment: str | datetime, zone: ZoneInfo = JERUSALEM) -> datetime:
        wanted = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        if wanted.tzinfo is None:
            wanted = wanted.replace(tzinfo=zone)
        while running:
            running.pop().stop()
        running.append(time_machine.travel(wanted, tick=False))
        running[-1].start()
        return wanted

    yield move
    while running:
        running.pop().stop()


@pytest.fixture
def in_language() -> Callable[[str], AbstractContextManager[None]]:
    """`with in_language("ar"): …`"""
    return translation.override
