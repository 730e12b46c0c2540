"""Fixtures of the core: the role that owns the tables."""

from collections.abc import Generator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.plugins.database import connect_as


@pytest.fixture
def as_owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """The whole test is of the role that owns the tables, in one transaction that is undone."""
    with django_db_blocker.unblock():
        connect_as("DATABASE_OWNER_URL")
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            connect_as("DATABASE_URL")
