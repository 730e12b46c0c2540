"""Loaded by Python itself in a process whose clock faketime sets: its library refuses the way in which Python sleeps.

With FAKETIME_DONT_FAKE_MONOTONIC, clock_nanosleep until a moment of the monotonic clock answers EINVAL; select waits.
"""

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex, /) -> None:
    select.select([], [], [], float(seconds))


time.sleep = _sleep
