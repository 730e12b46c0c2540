"""Where one checkout keeps its data and reaches its engines: folders, sockets, addresses, the names of the roles."""

import functools
import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SUPERUSER = "mainstay_engine"
OWNER = "mainstay_owner"
APP = "mainstay_app"
DATABASE = "mainstay"


class EnginesError(RuntimeError):
    """The engines cannot run here; the message says why in words for the person at the terminal."""


@dataclass(frozen=True)
class Place:
    """Where one pair of engines keeps its data and can be reached; the same for every process of a checkout."""

    var: Path

    @functools.cached_property
    def sockets(self) -> Path:
        """A short path: a socket's address holds 107 bytes, and a checkout may lie deeper than that."""
        tag = hashlib.sha256(str(self.var).encode()).hexdigest()[:10]
        return Path("/tmp") / f"mainstay-{os.getuid()}-{tag}"  # noqa: S108  (made 0700 and checked by `_private`)

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def database_url(self, role: str) -> str:
        """The form that django-environ reads as user, folder of the socket, database; it does not decode `%2F`."""
        return f"postgres://{role}@/{self.sockets}/{DATABASE}"

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url(APP),
            "DATABASE_OWNER_URL": self.database_url(OWNER),
            "REDIS_URL": f"redis+socket://{self.valkey_socket}?virtual_host=0",
            "CACHE_URL": f"unix://{self.valkey_socket}?db=1",
        }


def default_place() -> Place:
    return Place(Path(os.environ.get("MAINSTAY_VAR") or CHECKOUT / "var").resolve())


def ensure_environment() -> None:
    """Point the settings at the embedded engines where nobody has named others. Starts nothing."""
    for name, value in default_place().environment().items():
        if name == "DATABASE_OWNER_URL" and os.environ.get("DATABASE_URL", value) not in _own_urls():
            continue  # somebody's own database has somebody's own owner
        os.environ.setdefault(name, value)


def _own_urls() -> set[str]:
    place = default_place()
    return {place.database_url(OWNER), place.database_url(APP)}


def make_private(folder: Path, user: int) -> None:
    """Make a folder that only `user` can enter, or refuse one that somebody else has put in its place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (os.geteuid() != 0 and found.st_uid != user):
        raise EnginesError(f"{folder} belongs to somebody else; remove it or set MAINSTAY_VAR to another folder.")
    if found.st_uid != user:
        _give(folder, user)
    folder.chmod(0o700)


def _give(folder: Path, user: int) -> None:
    group = pwd.getpwuid(user).pw_gid
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, group, follow_symlinks=False)
