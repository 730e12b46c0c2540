"""Child processes that never outlive their parent, and ports that are free."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def in_child(death_signal: int, *, own_user_namespace: bool = False) -> Callable[[], None]:
    """Return what runs between fork and exec: a session of its own, and a signal when the parent dies.

    A session of its own, because Ctrl-C in a terminal must reach the parent alone, which then stops its children in
    order. The library is loaded here, before the fork: nothing may be imported or allocated lazily in between.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def prepare() -> None:
        os.setsid()
        if own_user_namespace:
            os.unshare(os.CLONE_NEWUSER)
        if sys.platform == "linux":
            libc.prctl(PR_SET_PDEATHSIG, death_signal)  # after unshare, which clears it
            if os.getppid() != parent:  # killed between the fork and the line above
                os._exit(1)

    return prepare


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    death_signal: int = signal.SIGTERM,
    own_user_namespace: bool = False,
    user: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in the background, its output appended to `log`. Call it from the main thread only.

    The death signal is tied to the thread that forks, not to the process.
    """
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603  (commands are our own, never a shell)
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
            user=user,
            extra_groups=None if user is None else [],
            preexec_fn=in_child(death_signal, own_user_namespace=own_user_namespace),  # noqa: PLW1509  (one thread)
        )


def stop(process: subprocess.Popen[bytes], stop_signal: int = signal.SIGTERM, timeout: float = 15) -> None:
    """Ask a child to stop, and kill it when it has not done so within `timeout` seconds."""
    if process.poll() is not None:
        return
    process.send_signal(stop_signal)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], object], *, timeout: float, what: str) -> None:
    """Poll until the condition is true without an exception; raise TimeoutError naming `what` otherwise."""
    end = time.monotonic() + timeout
    while True:
        with contextlib.suppress(Exception):
            if condition():
                return
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)


def free_port(preferred: int, *, taken: frozenset[int] = frozenset()) -> int:
    """Return the preferred port of 127.0.0.1, or one that the system picks when it is in use or in `taken`."""
    for candidate in (preferred, *[0] * 20):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", candidate))
            port: int = probe.getsockname()[1]
            if port not in taken:
                return port
    raise OSError("no free port on 127.0.0.1")
