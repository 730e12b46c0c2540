"""`make demo` as a group of processes: what dies comes back with its data."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from chaos.faults import family
from config.local.place import APP, CHECKOUT, DATABASE, OWNER, Place
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.slow
PARTS = ["PostgreSQL", "Valkey", "mail", "worker", "beat", "web"]


def readiness(stack: Stack) -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"{stack.site}/readyz", timeout=10) as answer:
            found: dict[str, object] = json.load(answer)
    except urllib.error.HTTPError as error:
        found = json.load(error)
    except OSError:
        found = {}
    return found


def wait_until(condition: Callable[[], bool], *, timeout: float = 60) -> bool:
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def lives(pid: int) -> bool:
    """Whether there is such a process, and not only what is left of one."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_everything_is_ready_and_says_so(stack: Stack) -> None:
    assert readiness(stack)["status"] == "ok"
    assert sorted(stack.pids) == sorted(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_runs_again_and_all_is_ready(stack: Stack, part: str) -> None:
    before = stack.pids[part]
    old = family(before)
    os.kill(before, signal.SIGKILL)
    assert wait_until(lambda: stack.pids[part] != before), f"{part} was not started again"
    # Children of the one that was killed answer in its place until they notice.
    assert wait_until(lambda: not any(map(lives, old)))
    assert wait_until(lambda: readiness(stack).get("status") == "ok", timeout=120), readiness(stack)


def test_a_committed_row_outlives_a_killed_database(stack: Stack) -> None:
    sockets = str(Place(stack.var).sockets)
    with psycopg.connect(host=sockets, user=OWNER, dbname=DATABASE) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept_row (word text)")
        connection.execute("INSERT INTO kept_row VALUES ('kept')")
    before = stack.pids["PostgreSQL"]
    os.kill(before, signal.SIGKILL)
    assert wait_until(lambda: stack.pids["PostgreSQL"] != before)
    with psycopg.connect(host=sockets, user=OWNER, dbname=DATABASE) as connection:
        rows = connection.execute("SELECT word FROM kept_row").fetchall()
        connection.execute("DROP TABLE kept_row")
    assert rows == [("kept",)]


def test_the_serving_role_can_neither_create_nor_own(stack: Stack) -> None:
    sockets = str(Place(stack.var).sockets)
    with psycopg.connect(host=sockets, user=APP, dbname=DATABASE, autocommit=True) as connection:
        owned = connection.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user").fetchone()
        assert owned == (0,)
        for statement in ("CREATE TABLE mine ()", "CREATE DATABASE mine", "SET ROLE mainstay_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_second_start_says_where_the_first_one_runs(stack: Stack) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "config.local.supervisor", "demo"],
        cwd=CHECKOUT,
        env=os.environ | {"MAINSTAY_VAR": str(stack.var)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert stack.site in second.stdout


def test_the_mail_page_refuses_the_name_of_another_site(stack: Stack) -> None:
    request = urllib.request.Request(f"{stack.mail}/messages.json", headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=10)
    assert refusal.value.code == 421
