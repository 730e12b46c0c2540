"""The whole of Mainstay as one group of processes: engines, mail sink, worker, beat, web.

    python -m config.local.supervisor demo    with demo data, on a database of its own
    python -m config.local.supervisor run     for development: error pages, reloading, no demo data

It prints one block when everything answers. A part that dies is started again; Ctrl-C stops all in order; when this
process itself is killed, the kernel takes its children down. PORT, MAIL_PORT and SMTP_PORT say which ports to prefer,
MAINSTAY_VAR where the data lies, WEB_PROCESSES how many web processes serve.
"""

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from config.local.engines import Engines
from config.local.parts import Addresses, Part, clock_of, say
from config.local.place import CHECKOUT, EnginesError, Place, default_place
from config.local.processes import spawn, stop

PREPARE_TIMEOUT = 600
READY_TIMEOUT = 120
# What is asked before beat runs: it seals the audit, of which a folder that stood still for a while has old entries.
STARTED = "/readyz?only=database,migrations,broker,worker"


class Interrupted(Exception):
    """Somebody asked us to stop."""


@dataclass
class Supervisor:
    """The group itself."""

    place: Place
    demo: bool
    parts: list[Part] = field(default_factory=list)
    engines: Engines | None = None

    def __post_init__(self) -> None:
        self.logs = self.place.var / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.state = self.place.var / "running.json"

    def run(self) -> int:
        with self._only_one() as ours:
            if not ours:
                return 1
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _interrupt)
            try:
                return self._run()
            except Interrupted:
                say("\nStopping…")
                return 0
            except (EnginesError, TimeoutError, RuntimeError, OSError) as error:
                print(f"\n{error}", file=sys.stderr, flush=True)
                return 1
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                self._stop()

    def _run(self) -> int:
        environment = self._environment()
        if environment["DATABASE_URL"] == self.place.environment()["DATABASE_URL"]:
            self.engines = Engines(self.place)
            self.engines.start()
        self._prepare(environment)
        addresses = Addresses.choose()
        environment |= {
            "SITE_URL": addresses.site,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(addresses.smtp),
            "MAIL_PAGE_URL": addresses.mail,
            "MAINSTAY_BIND": "127.0.0.1",
        }
        self.parts = self._make_parts(addresses, environment)
        # Nothing waits for beat: a worker gives its first sign of life by itself, and two cores start three at best.
        *first, beat = self.parts
        for part in first:
            part.start()
        self._record(addresses, ready=False)
        self._wait_until_ready(addresses)
        beat.start()
        self._record(addresses, ready=True)
        self._announce(addresses)
        while True:
            time.sleep(0.25)
            if self._mend():
                self._record(addresses, ready=True)

    def _environment(self) -> dict[str, str]:
        """What the parts see. The demo keeps to its own engines, so that it never fills somebody's database."""
        environment = dict(os.environ)
        own = self.place.environment()
        if self.demo:
            named = [name for name in own if environment.get(name, own[name]) != own[name]]
            if named:
                say(f"The demo uses its own database and broker; not used: {', '.join(named)}.")
            environment |= own
        else:
            environment.setdefault("DATABASE_OWNER_URL", environment.get("DATABASE_URL", own["DATABASE_OWNER_URL"]))
            for name, value in own.items():
                environment.setdefault(name, value)
        environment |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "MAINSTAY_DEMO": "1" if self.demo else "0",
            "MAINSTAY_VAR": str(self.place.var),
            "PYTHONUNBUFFERED": "1",
        }
        environment.setdefault("PRIVATE_FILES", str(self.place.var / "files"))
        environment.setdefault("DEBUG", "0" if self.demo else "1")
        return environment

    def _make_parts(self, addresses: Addresses, environment: dict[str, str]) -> list[Part]:
        celery = ["-m", "celery", "-A", "config.celery"]
        (self.place.var / "beat").mkdir(exist_ok=True)
        web = ["-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{addresses.web}"]
        web += ["--worker-class", "gthread", "--workers", os.environ.get("WEB_PROCESSES", "2"), "--threads", "4"]
        web += ["--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]
        web += ["--preload"] if environment["DEBUG"] == "0" else ["--reload"]
        sink = ["-m", "config.local.mailsink", "--folder", str(self.place.var / "mail")]
        sink += ["--smtp-port", str(addresses.smtp), "--page-port", str(addresses.mail_page)]
        worker = [*celery, "worker", "-P", "threads", "-c", "4", "--without-gossip", "--without-mingle", "-l", "INFO"]
        beat = [*celery, "beat", "-s", str(self.place.var / "beat" / "schedule"), "-l", "WARNING"]
        commands = {"mail": sink, "worker": worker, "web": web, "beat": beat}
        return [
            Part(
                name=name,
                command=[sys.executable, *command],
                environment=environment | clock_of(name),
                log=self.logs / f"{name}.log",
                # A job is taken up again when its worker dies, so Celery need not outlive us to finish one.
                death_signal=signal.SIGKILL if name in {"worker", "beat"} else signal.SIGTERM,
            )
            for name, command in commands.items()
        ]

    def _prepare(self, environment: dict[str, str]) -> None:
        """Migrate as the owner and make the demo data, unless neither has changed since the last time."""
        stamp = self.place.var / ("prepared-demo" if self.demo else "prepared")
        now = self._fingerprint(environment)
        if stamp.exists() and stamp.read_text() == now:
            return
        stamp.unlink(missing_ok=True)
        say("Preparing the database…")
        owner = environment | {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
        self._manage("migrate", "--no-input", environment=owner)
        if self.demo and environment.get("MAINSTAY_DEMO_DATA") != "0":  # somebody makes other data
            if not any(CHECKOUT.glob("*/management/commands/demo_data.py")):
                say("There is no demo data in this version.")
            else:
                say("Making the demo data…")
                self._manage("demo_data", environment=environment)
        stamp.write_text(now)

    def _manage(self, *arguments: str, environment: dict[str, str]) -> None:
        log = self.logs / "prepare.log"
        begin = log.stat().st_size if log.exists() else 0
        command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
        child = spawn(command, log=log, environment=environment, folder=CHECKOUT)
        try:
            result = child.wait(PREPARE_TIMEOUT)
        finally:
            stop(child)
        if result:
            with log.open("rb") as text:
                text.seek(begin)
                end = text.read().decode(errors="replace")[-4000:]
            raise RuntimeError(f"`manage.py {' '.join(arguments)}` failed:\n{end}")

    def _fingerprint(self, environment: dict[str, str]) -> str:
        """Of what migrations and demo data are made of, and of the database they went into."""
        digest = hashlib.sha256()
        for pattern in ("*/migrations/*.py", "*/demo/**/*", "*/management/commands/demo*.py", "requirements/*.txt"):
            for path in sorted(CHECKOUT.glob(pattern)):
                if path.is_file() and path.suffix != ".pyc":
                    digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
        digest.update(environment["DATABASE_URL"].encode())
        if self.engines is not None:
            digest.update(self.engines.database_identity().encode())
        return digest.hexdigest()

    def _wait_until_ready(self, addresses: Addresses) -> None:
        say("Starting web, worker, beat and mail…")
        end = time.monotonic() + READY_TIMEOUT
        while True:
            status, answer = _get(addresses.web, STARTED)
            if status == http.client.OK and _get(addresses.mail_page, "/messages.json?to=-")[0] == http.client.OK:
                return
            if time.monotonic() > end:
                ends = "".join(f"\n{part.name}: {part.last_words()}" for part in self.parts if part.restarts)
                raise TimeoutError(
                    f"Not ready after {READY_TIMEOUT} s: {answer or 'no answer'}{ends}\nSee {self.logs}."
                )
            self._mend()
            time.sleep(0.25)

    def _mend(self) -> bool:
        mended = dict.fromkeys(self.engines.mend() if self.engines else [], "log")
        mended |= {part.name: f"log/{part.log.name}" for part in self.parts if part.mend()}
        for name, log in mended.items():
            say(f"{name} had stopped and runs again (see {self._short(self.place.var / log)}).")
        return bool(mended)

    def _announce(self, addresses: Addresses) -> None:
        lines = [f"Mainstay is ready: {addresses.site}/", ""]
        pages = {
            "Public pages": f"{addresses.site}/",
            "Sign in": f"{addresses.site}/accounts/login/",
            "Staff portal": f"{addresses.site}/staff/",
            "Django admin": f"{addresses.site}/admin/",
            "All mail": f"{addresses.mail}/  (none of it leaves this machine)",
            "Logs": f"{self._short(self.logs)}/",
        }
        lines += [f"  {name:<14}{address}" for name, address in pages.items()]
        if self.demo:
            lines += ["", *_sign_ins()]
        lines += ["", "Ctrl-C stops everything; the data stays."]
        rule = "─" * 78
        say("\n".join(["", rule, *lines, rule]))

    def _stop(self) -> None:
        """First those who make work, together; then those who carry it; the data last."""
        self.state.unlink(missing_ok=True)
        first = [part for part in self.parts if part.name != "mail"]
        for part in first:
            part.ask_to_stop()
        for part in [*first, *(part for part in self.parts if part.name == "mail")]:
            part.stop()
        if self.engines is not None:
            self.engines.stop()

    def _record(self, addresses: Addresses, *, ready: bool) -> None:
        """For a second start that asks, and for the tests."""
        found = {
            "site": addresses.site,
            "mail": addresses.mail,
            "demo": self.demo,
            "smtp_port": addresses.smtp,
            "ready": ready,
            "pids": (self.engines.pids() if self.engines else {})
            | {part.name: part.process.pid for part in self.parts if part.process},
        }
        fresh = self.state.with_suffix(".new")
        fresh.write_text(json.dumps(found))
        fresh.replace(self.state)

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[bool]:
        """Hold the place for as long as we run; False, after saying who does, when somebody else holds it."""
        lock: IO[str]
        with (self.place.var / "supervisor.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                where = "starting"
                with contextlib.suppress(OSError, ValueError):
                    where = "at " + json.loads(self.state.read_text())["site"]
                say(f"Mainstay is running already from this folder, {where}. Stop it with Ctrl-C in its terminal.")
                yield False
                return
            self.state.unlink(missing_ok=True)
            yield True

    def _short(self, path: Path) -> str:
        return str(path.relative_to(CHECKOUT) if path.is_relative_to(CHECKOUT) else path)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted


def _get(port: int, path: str) -> tuple[int, str]:
    """Ask 127.0.0.1 itself, whatever proxy the environment names; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _sign_ins() -> list[str]:
    from config.local.demo_accounts import ACCOUNTS, PASSWORD  # noqa: PLC0415

    lines = [f"  Sign in with the password {PASSWORD} as"]
    lines += [f"    {address:<28}{who}" for address, who in ACCOUNTS.items()]
    return [*lines, "  Whoever works here also gives a code:  make demo-code EMAIL=officer@demo.example"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.local.supervisor", description=__doc__)
    parser.add_argument("what", choices=["demo", "run"])
    chosen = parser.parse_args()
    return Supervisor(default_place(), demo=chosen.what == "demo").run()


if __name__ == "__main__":
    sys.exit(main())
