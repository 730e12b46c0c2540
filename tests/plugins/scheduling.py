"""Which worker of pytest-xdist runs what: one walks the browser's stack, made and crawled once; the others do the rest.

Not by xdist's marker of groups, which pytest 9.2 and xdist 3.8 do not carry to the scheduler together.
"""

from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

STACK = "tests/e2e/"


class OneStackScheduling(LoadScopeScheduling):  # type: ignore[misc] # xdist has no type information
    """All of `tests/e2e` to one worker, first, as it takes longest; every other test to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return STACK if nodeid.startswith(STACK) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    return OneStackScheduling(config, log)
