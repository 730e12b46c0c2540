"""Two hundred people submit in the last minute of a call, while the worker and the broker are killed.

    python -m bench.deadline [--people 200]

Starts a whole stack of its own (two web processes, one worker), prepares complete drafts, lets every applicant press
*Submit* over HTTP within the same minute, kills the worker and Valkey with SIGKILL in the middle, and then counts from
what the clients were told: every reference is there and unique, every receipt was mailed once, and what is in doubt is
on the list and no more than the workers killed. Exits 1 when one of these is not so.
"""

import argparse
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.local.place import CHECKOUT, Place

SPREAD_SECONDS = 40
READY_TIMEOUT = 300
DRAIN_TIMEOUT = 240
# A notice left *sending* counts as lost after this many seconds here, so that the script need not wait five minutes.
LOST_AFTER_SECONDS = 20
_REFERENCE = re.compile(r"/apply/([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})/(?:receipt|status)/")


@dataclass
class Person:
    """One applicant with a complete draft and a session."""

    email: str
    reference: str
    session: str
    csrf: str
    told: str | None = None
    failures: list[str] = field(default_factory=list)


def request(site: str, person: Person, path: str, form: dict[str, str]) -> tuple[int, str]:
    """POST a form as the person; returns status and Location. Raises OSError when the line breaks."""
    parts = urllib.parse.urlsplit(site)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=30)
    try:
        connection.request(
            "POST",
            path,
            urllib.parse.urlencode(form | {"csrfmiddlewaretoken": person.csrf}),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"sessionid={person.session}; csrftoken={person.csrf}",
                "Referer": site,
            },
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


def submit(site: str, person: Person, delay: float) -> None:
    """Press *Submit* after `delay` seconds; on a broken line press again, as people do."""
    time.sleep(delay)
    for _attempt in range(8):
        try:
            status, location = request(site, person, f"/apply/{person.reference}/submit/", {})
        except (OSError, http.client.HTTPException) as error:
            person.failures.append(type(error).__name__)
            time.sleep(0.5)
            continue
        match = _REFERENCE.search(location)
        if match:
            person.told = match[1]
            return
        person.failures.append(f"{status} {location}")
        time.sleep(0.5)


class Stack:
    """A running Mainstay in a temporary folder."""

    def __init__(self, var: Path, *, what: str = "demo", **more: str) -> None:
        self.var = var
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE")
        }
        environment |= {
            "MAINSTAY_VAR": str(var),
            "PORT": "0",
            "MAIL_PORT": "0",
            "SMTP_PORT": "0",
            "WEB_PROCESSES": "2",
            "OUTBOX_LOST_AFTER": str(LOST_AFTER_SECONDS),
        }
        environment |= more
        self.environment = environment
        self.log = (var / "supervisor.log").open("wb")
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "config.local.supervisor", what],
            cwd=CHECKOUT,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.found = self._wait()

    def _wait(self) -> dict[str, Any]:
        end = time.monotonic() + READY_TIMEOUT
        while self.process.poll() is None and time.monotonic() < end:
            found = self.running()
            if found.get("ready"):
                return found
            time.sleep(0.3)
        raise RuntimeError((self.var / "supervisor.log").read_text())

    def running(self) -> dict[str, Any]:
        """What the supervisor says of its parts."""
        try:
            found: dict[str, Any] = json.loads((self.var / "running.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def manage(self, *words: str) -> str:
        """Run a module of ours on this stack's database and return what it prints."""
        environment = self.environment | Place(self.var).environment()
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings.development"
        environment["PRIVATE_FILES"] = str(self.var / "files")
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", *words], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-4000:])
        return done.stdout

    def kill(self, part: str) -> None:
        """SIGKILL one part; the supervisor starts it again."""
        os.kill(int(self.running()["pids"][part]), signal.SIGKILL)

    def close(self) -> None:
        """Stop all."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


def count_mail(mail: str, people: list[Person]) -> Counter[str]:
    """Messages to each person, by distinct Message-ID and in all."""
    with urllib.request.urlopen(f"{mail}/messages.json", timeout=20) as answer:  # noqa: S310 - our own sink
        messages = json.load(answer)
    wanted = {person.email for person in people}
    return Counter(address for message in messages for address in message["to"] if address in wanted)


def run(people_count: int, seed: int) -> int:
    """The whole scene; returns the exit code."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="mainstay deadline ") as folder:
        stack = Stack(Path(folder).resolve())
        try:
            site, mail = stack.found["site"], stack.found["mail"]
            prepared = json.loads(stack.manage("bench.deadline_drafts", str(people_count)).splitlines()[-1])
            people = [Person(**row) for row in prepared]
            threads = [
                threading.Thread(target=submit, args=(site, person, chance.uniform(0, SPREAD_SECONDS)))
                for person in people
            ]
            started = time.monotonic()
            for thread in threads:
                thread.start()
            for share, part in ((0.35, "worker"), (0.5, "Valkey"), (0.7, "worker")):
                time.sleep(max(0.0, started + SPREAD_SECONDS * share - time.monotonic()))
                stack.kill(part)
            for thread in threads:
                thread.join()
            taken = time.monotonic() - started
            return judge(stack, mail, people, workers_killed=2, seconds=taken)
        finally:
            stack.close()


def judge(stack: Stack, mail: str, people: list[Person], *, workers_killed: int, seconds: float) -> int:
    """Compare what clients were told with what is there."""
    end = time.monotonic() + DRAIN_TIMEOUT
    state: dict[str, Any] = {}
    while time.monotonic() < end:
        state = json.loads(stack.manage("bench.deadline_drafts", "--count").splitlines()[-1])
        if not state["pending"] and not state["sending"]:
            break
        time.sleep(2)
    told = [person.told for person in people if person.told]
    mails = count_mail(mail, people)
    doubtful = {tuple(row) for row in state["doubtful"]}
    missing = [person.email for person in people if not mails[person.email]]
    problems = []
    if len(told) != len(people):
        problems.append(f"{len(people) - len(told)} people were told nothing")
    if len(set(told)) != len(told):
        problems.append("two people were told the same reference")
    lost = set(told) - set(state["submitted"])
    if lost:
        problems.append(f"{len(lost)} submissions that clients were told of are not in the database")
    twice = [address for address, count in mails.items() if count > 1]
    if twice:
        problems.append(f"{len(twice)} people were mailed twice")
    unexplained = [address for address in missing if address not in {row[1] for row in doubtful}]
    if unexplained:
        problems.append(f"{len(unexplained)} receipts are neither sent nor on the list")
    if len(doubtful) > workers_killed:
        problems.append(f"{len(doubtful)} doubtful notices for {workers_killed} workers killed")
    if state["pending"] or state["sending"]:
        problems.append(f"{state['pending']} pending and {state['sending']} sending are left")
    print(
        json.dumps(
            {
                "people": len(people),
                "told": len(told),
                "seconds": round(seconds, 1),
                "mailed": len(people) - len(missing),
                "doubtful": len(doubtful),
                "broken_lines": sum(len(person.failures) for person in people),
                "problems": problems,
            },
            indent=2,
        )
    )
    return 1 if problems else 0


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    return run(options.people, options.seed)


if __name__ == "__main__":
    sys.exit(main())
