"""Loaded by Python itself in a process whose clock faketime sets: its library refuses the way in which Python sleeps.

With FAKETIME_DONT_FAKE_MONOTONIC, clock_nanosleep until a moment of the monotonic clock answers EINVAL; select waits.
"""

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
