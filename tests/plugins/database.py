"""The test database: made and migrated by the role that owns it, used by the role that serves.

So a test meets the rights that production has: a table on which the application may not do what the code asks for
fails here first.
"""

import os
from collections.abc import Generator

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from pytest_django import DjangoDbBlocker


def connect_as(url_variable: str) -> None:
    """Let every later connection of this process be of the role in the named address."""
    url = os.environ.get(url_variable)
    if not url:
        raise ImproperlyConfigured(f"The tests need {url_variable} beside DATABASE_URL: the role that owns the tables.")
    role = environ.Env.db_url_config(url)
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        raise ImproperlyConfigured("The tests use no connection pool: it would keep connections of the other role.")
    connection.settings_dict.update(USER=role["USER"], PASSWORD=role["PASSWORD"])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    connect_as("DATABASE_OWNER_URL")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    with django_db_blocker.unblock():
        serving = environ.Env.db_url_config(os.environ["DATABASE_URL"])["USER"]
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            # Tests of real transactions empty the tables after themselves; the application never does.
            role = connection.ops.quote_name(serving)
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role}")
            # No test empties the audit: what its role may do there is what the role may do in production.
            cursor.execute(f"REVOKE TRUNCATE ON core_auditentry, core_auditseal, core_auditpending FROM {role}")
        connect_as("DATABASE_URL")
    yield
    with django_db_blocker.unblock():
        connect_as("DATABASE_OWNER_URL")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give back, before a test of real transactions, the rows that migrations made: its predecessor emptied them."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction"):
            item.add_marker(pytest.mark.django_db(**{"serialized_rollback": True, **marker.kwargs}), append=False)
