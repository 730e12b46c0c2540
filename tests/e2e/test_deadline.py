"""Many people submit in the last minute of a call, while the worker and the broker are killed (bench/deadline.py)."""

import json
import subprocess
import sys

import pytest

from config.local.place import CHECKOUT

pytestmark = pytest.mark.load
PEOPLE = 60


def test_nothing_is_lost_or_doubled_when_everybody_submits_at_once() -> None:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.deadline", "--people", str(PEOPLE)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert (told["people"], told["told"], told["problems"]) == (PEOPLE, PEOPLE, [])
