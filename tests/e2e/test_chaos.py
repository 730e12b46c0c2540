"""A small day of trouble; `make chaos` plays the large one."""

import subprocess
import sys

import pytest

from chaos.faults import faketime_library
from config.local.place import CHECKOUT
from tests.plugins.loud_skips import skip_loudly

pytestmark = [pytest.mark.slow, pytest.mark.load]


def test_nothing_is_missing_or_doubled_after_a_day_of_trouble() -> None:
    if faketime_library() is None:
        skip_loudly("faketime (Debian: apt-get install faketime)")
    done = subprocess.run(
        [sys.executable, "-m", "chaos", "--people", "12", "--seconds", "35", "--rounds", "1", "--seed", "5"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    assert "Nothing is missing, nothing is doubled." in done.stdout
