"""A day of applications in which everything goes wrong: nothing that anybody was told of may be missing or doubled.

    python -m chaos [--people 300] [--seed N] [--seconds 240] [--rounds 3]

Starts a whole Mainstay of its own in a temporary folder, lets applicants and staff go through their day over HTTP, and
meanwhile kills and pauses the database, the broker, the worker, beat and the web processes, fills the disk of the files
(as root, on a small one of its own), and sets the clocks of web and worker an hour wrong (with faketime). When all has
recovered it counts, from what each client was told, and ends with 1 when something is missing, doubled or broken.
"""

import argparse
import json
import os
import random
import secrets
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.deadline import Stack
from chaos.faults import Wrecker, faketime_library, mount, unmount
from chaos.judge import Verdict, judge
from chaos.people import Applicant, Day, Director, Officer, Reviewer, Staff

LOST_AFTER_SECONDS = 20
RECOVERY_SECONDS = 180
JUDGED_SHARE = 0.25


def say(text: str) -> None:
    """Told to whoever looks on."""
    print(text, flush=True)


def ready(site: str) -> dict[str, Any]:
    """What /readyz says; nothing where it does not answer."""
    try:
        with urllib.request.urlopen(f"{site}/readyz", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        found = json.load(error)
    except OSError:
        return {}
    return found


def messages(mail: str) -> list[dict[str, Any]]:
    """All mail that was sent."""
    with urllib.request.urlopen(f"{mail}/messages.json", timeout=60) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def live(
    day: Day, people: list[dict[str, str]], chance: random.Random, wrecker: Wrecker, plan: list[tuple[float, str, str]]
) -> None:
    """The day itself."""
    staff: list[Staff] = [
        Officer(day, "officer", random.Random(chance.random())),
        Officer(day, "officer2", random.Random(chance.random())),
        Reviewer(day, "reviewer", random.Random(chance.random())),
        Director(day, "director", random.Random(chance.random())),
    ]
    applicants = [
        Applicant(
            day, row["email"], row["reference"], random.Random(chance.random()), judged=chance.random() < JUDGED_SHARE
        )
        for row in people
    ]
    if not any(one.judged for one in applicants):
        applicants[0].judged = True
    workers = [threading.Thread(target=one.live, daemon=True) for one in staff]
    workers += [
        threading.Thread(target=one.live, args=(chance.uniform(0, plan[-1][0] if plan else 1),), daemon=True)
        for one in applicants
    ]
    wrecking = threading.Thread(target=wrecker.wreck, args=(plan,), daemon=True)
    for thread in [*workers, wrecking]:
        thread.start()
    for thread in workers[len(staff) :]:
        thread.join()
    wrecking.join()
    for waiting in (day.to_judge, day.to_review, day.to_propose, day.to_approve):
        waiting.join()
    for one in staff:
        one.over.set()
    for thread in workers[: len(staff)]:
        thread.join()


def recover(stack: Stack, site: str) -> dict[str, Any]:
    """Wait until everything answers and nothing waits any more; what the database then holds."""
    end = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < end and ready(site).get("status") != "ok":
        time.sleep(1)
    facts: dict[str, Any] = {}
    while True:
        facts = json.loads(stack.manage("chaos.count").splitlines()[-1])
        if time.monotonic() > end or not any(row["status"] in {"pending", "sending"} for row in facts["outbox"]):
            facts["ready"] = ready(site)
            return facts
        time.sleep(2)


@dataclass(frozen=True)
class Size:
    """How much of it."""

    people: int
    seconds: float
    rounds: int


def run(size: Size, *, seed: int) -> int:
    """All of it; returns the exit code."""
    chance = random.Random(seed)
    say(f"Seed {seed}: {size.people} applications, {size.seconds:.0f} seconds, {size.rounds} rounds of faults.")
    with tempfile.TemporaryDirectory(prefix="mainstay chaos ") as name:
        var = Path(name).resolve()
        files = var / "files"
        no_disk = mount(files)
        library = faketime_library()
        clocks = {part: var / part for part in ("web", "worker")} if library else {}
        for path in clocks.values():
            path.write_text("+0\n")
        stack: Stack | None = None
        try:
            stack = Stack(
                var,
                MAINSTAY_DEMO_DATA="0",
                WEB_PROCESSES="2",
                TRUSTED_PROXY_COUNT="1",
                OUTBOX_LOST_AFTER=str(LOST_AFTER_SECONDS),
                LEAST_FREE_BYTES="1",
                MAINSTAY_CLOCKS=f"{library}:{var}" if library else "",
            )
            return day_of_trouble(stack, size, chance, clocks=clocks, no_disk=no_disk)
        finally:
            if stack is not None:
                stack.close()
            unmount(files)


def day_of_trouble(stack: Stack, size: Size, chance: random.Random, *, clocks: dict[str, Path], no_disk: str) -> int:
    """With the stack running."""
    site = stack.found["site"]
    prepared = json.loads(
        stack.manage("chaos.prepare", str(size.people), str(chance.randrange(10**6))).splitlines()[-1]
    )
    wrecker = Wrecker(
        pids=lambda: stack.running()["pids"],
        files=stack.var / "files",
        clocks=clocks,
        small_disk=not no_disk,
        chance=random.Random(chance.random()),
    )
    day = Day(site=site, ahead=lambda: wrecker.ahead.get("web", 0.0), reviewer=prepared["reviewer"])
    say("The day begins.")
    started = time.monotonic()
    live(day, prepared["people"], chance, wrecker, wrecker.plan(size.seconds, rounds=size.rounds))
    say(f"The day is over after {time.monotonic() - started:.0f} s. Waiting until everything has recovered.")
    facts = recover(stack, site)
    verdict = judge(day, facts, messages(stack.found["mail"]), workers_killed=wrecker.done["kill worker"])
    skipped = [f"disk full: {no_disk}"] if no_disk else []
    skipped += [] if clocks else ["clock an hour wrong: the library of faketime is not installed (Debian: faketime)"]
    report(day, wrecker, verdict, skipped)
    if not clocks and os.environ.get("CI") == "true":  # a disk of its own needs more than a package
        return 1
    return 1 if verdict.problems else 0


def report(day: Day, wrecker: Wrecker, verdict: Verdict, skipped: list[str]) -> None:
    """The table."""
    say("\nWhat was done to it")
    for what, times in sorted(wrecker.done.items()):
        say(f"  {what:<22}{times:>6}")
    say(f"  {'broken answers':<22}{sum(one.broken for one in day.browsers):>6}")
    for line in skipped:
        say(f"  NOT DONE ON THIS MACHINE: {line}")
    say(f"\n{'What clients did':<22}{'begun':>7}{'told':>7}{'there':>7}{'missing':>9}{'doubled':>9}")
    for row in verdict.rows:
        say(f"  {row.kind:<20}{row.begun:>7}{row.told:>7}{row.there:>7}{row.missing:>9}{row.doubled:>9}")
    for name, value in verdict.facts.items():
        say(f"  {name:<46} {value}")
    for line in sorted(set(day.complaints))[:20]:
        say(f"  noted: {line}")
    say("\n" + ("Nothing is missing, nothing is doubled." if not verdict.problems else "NOT AS IT SHOULD BE:"))
    for problem in verdict.problems:
        say(f"  {problem}")


def _stop(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None, help="the same seed makes the same plan")
    parser.add_argument("--seconds", type=float, default=240, help="how long the faults go on")
    parser.add_argument("--rounds", type=int, default=3, help="how many times each fault happens")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)  # also where a shell started it with the first ignored
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    return run(Size(options.people, options.seconds, options.rounds), seed=seed)


if __name__ == "__main__":
    sys.exit(main())
