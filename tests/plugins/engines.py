"""One pair of engines for a run of the tests, started before Django reads its settings.

The process that the person started makes the pair in a temporary folder, without fsync, and stops it at the end; the
workers of pytest-xdist inherit the addresses. With `--reuse-db` the pair is kept under `var/test`, and the next run
finds its tables. Where DATABASE_URL is set (a service of the CI), nothing is started.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from config.local.engines import Engines
from config.local.place import CHECKOUT, Place
from tests.plugins import database


@pytest.hookimpl(wrapper=True)  # a wrapper, to be before pytest-django, which reads the settings in the same hook
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None]:
    if "DATABASE_URL" not in os.environ:
        options = parser.parse_known_args(args)
        only_look = options.help or options.version or options.collectonly
        start(early_config, kept="--reuse-db" in args, only_addresses=bool(only_look))
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    # The browser's event loop stays in the process for the whole run, and Django would refuse the database beside it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    # Only now, as the fixtures of a plugin override those of the plugins registered before it.
    config.pluginmanager.register(database, "mainstay-database")


def start(config: pytest.Config, *, kept: bool, only_addresses: bool) -> None:
    folder = CHECKOUT / "var" / "test" if kept else Path(tempfile.mkdtemp(prefix="mainstay-test-"))
    engines = Engines(Place(folder), durable=False)
    os.environ.update(engines.place.environment())
    if not only_addresses:
        engines.start()
    config.add_cleanup(lambda: finish(engines, kept=kept))


def finish(engines: Engines, *, kept: bool) -> None:
    engines.stop()
    for name in engines.place.environment():
        os.environ.pop(name, None)
    if not kept:
        shutil.rmtree(engines.place.var, ignore_errors=True)
        shutil.rmtree(engines.place.sockets, ignore_errors=True)
