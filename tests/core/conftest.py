"""Fixtures of the core: the role that owns the tables."""

from collections.abc import Generator

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.plugins.database import connect_as


@pytest.fixture
def as_owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """The whole test is of the role that owns the tables, in one transaction that is undone."""
    # pytest-django makes no database where no test of the run is marked: run the whole file.
    assert str(connection.settings_dict["NAME"]).startswith("test_"), "no test of this run is marked django_db"
    with django_db_blocker.unblock():
        connect_as("DATABASE_OWNER_URL")
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            connect_as("DATABASE_URL")
