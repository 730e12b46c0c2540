"""What the audit watches, and who is told to have acted (docs/decisions/0005-audit.md).

Every app declares its tables in a module `audited`, one line a model. `watch` says which columns hold what people wrote
or are called (`personal`: the audit tells that they changed; of those that are `kept` it holds what they said, sealed
under the key of the object in `about`), which columns of text are plain (`plain`: names of things, codes), and which
are machinery (`unwatched`: a change of these alone is no change).
`exempt` says why a table is not watched. A test fails for a model, or a column of text, of which nothing is said.
"""

import re
import secrets
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

EVENTS = "INSERT OR UPDATE OR DELETE"
# The label of an entry that keeps, sealed, what the personal columns of another one said.
WORDS = "core.AuditWords"


@dataclass(frozen=True, slots=True)
class Watched:
    """How one model is watched. `about` and `also` are paths of foreign keys, "id" for the row itself."""

    label: str
    about: str = ""
    also: str = ""
    personal: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    unwatched: frozenset[str] = frozenset()
    events: str = EVENTS
    for_auditors: bool = False

    @property
    def model(self) -> type[Model]:
        """The model of the label."""
        return apps.get_model(self.label)


_watched: dict[str, Watched] = {}
_exempt: dict[str, str] = {}


def watch(
    label: str,
    *,
    about: str = "",
    also: str = "",
    personal: Iterable[str] = (),
    kept: Iterable[str] = (),
    plain: Iterable[str] = (),
    unwatched: Iterable[str] = (),
    events: str = EVENTS,
    for_auditors: bool = False,
) -> None:
    """Declare a model, by its label, to be watched; fields by their names. What is `kept` is personal. What is
    `for_auditors` stands in no history of an object: it says what judges think before others may know.
    """
    if label in _watched or label in _exempt:
        raise ValueError(f"{label} is declared already")
    _watched[label] = Watched(
        label,
        about,
        also,
        frozenset(personal) | frozenset(kept),
        frozenset(kept),
        frozenset(plain),
        frozenset(unwatched),
        events,
        for_auditors,
    )


def exempt(label: str, reason: str) -> None:
    """Declare that a model is not watched, and why."""
    if label in _watched or label in _exempt or not reason:
        raise ValueError(f"{label} is declared already, or without a reason")
    _exempt[label] = reason


def watched() -> list[Watched]:
    """Those of installed models; what is declared of an app that is not installed waits."""
    return [row for row in _watched.values() if _is_installed(row.label)]


def watched_as(label: str) -> Watched | None:
    """How the model of that label is watched; None when it is not."""
    return _watched.get(label)


def exemptions() -> dict[str, str]:
    """Reasons by label."""
    return dict(_exempt)


def _is_installed(label: str) -> bool:
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


def column(model: type[Model], name: str) -> str:
    """The column of a field, by the field's name."""
    return str(getattr(model._meta.get_field(name), "column"))  # noqa: B009 - a relation from afar has none


def labels_about(target: str, *, path: str = "about") -> list[str]:
    """Labels of the models whose `about` (or `also`) is an object of the model `target` ("grants.Application")."""
    found = []
    for row in watched():
        names = getattr(row, path)
        if names and _end_of(row.model, names) is apps.get_model(target):
            found.append(row.label)
    return found


def labels_for_auditors() -> list[str]:
    """Labels of what stands in no history of an object."""
    return [row.label for row in watched() if row.for_auditors]


def _end_of(model: type[Model], path: str) -> type[Model]:
    if path == "id":
        return model
    for name in path.split("__"):
        try:
            other = model._meta.get_field(name).related_model
        except FieldDoesNotExist as error:
            raise ValueError(f"{model._meta.label} has no {name}") from error
        if not isinstance(other, type):
            raise ValueError(f"{model._meta.label}.{name} leads nowhere")
        model = other
    return model


# ---- who acts -------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Origin:
    """Where changes come from: a page (by the name of its address), a task or a command; `actor` is asked when the
    first change is made, because a request learns only on its way who sent it.
    """

    actor: Callable[[], Any]
    page: Callable[[], str]
    request: str


_origin: ContextVar[Origin | None] = ContextVar("origin of changes", default=None)
_UNSAFE = re.compile(r"[^A-Za-z0-9_:.\-]")
_WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE ", "WITH ")


@contextmanager
def origin(*, page: str | Callable[[], str], actor: Any = None, request: str = "") -> Generator[None]:
    """Changes made inside come from here. `actor` is a user's id, None, or a function that finds it."""
    token = _origin.set(
        Origin(
            actor if callable(actor) else lambda: actor,
            page if callable(page) else lambda: page,
            request or secrets.token_hex(8),
        )
    )
    try:
        yield
    finally:
        _origin.reset(token)


def current_page() -> str:
    """The name of the page, task or command that runs."""
    found = _origin.get()
    return found.page() if found else _command()


def _command() -> str:
    """The management command of this process, if it is one."""
    return f"command:{sys.argv[1]}" if len(sys.argv) > 1 and sys.argv[0].endswith("manage.py") else ""


def _word(value: object) -> str:
    return _UNSAFE.sub("_", str(value))[:100] if value else "-"


def tell_origin(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Put who, page and request in a comment before a statement that writes, where the triggers read them.

    This costs no statement, leaves nothing on a pooled connection, and people's words cannot come to stand there.
    """
    if isinstance(sql, str) and sql.lstrip()[:7].upper().startswith(_WRITES):
        found = _origin.get()
        told = (found.actor(), found.page(), found.request) if found else (None, _command(), None)
        sql = f"/*mainstay {' '.join(map(_word, told))}*/{sql}"
    return execute(sql, params, many, context)


def attach(sender: Any, connection: Any, **_kwargs: Any) -> None:
    """Have every connection tell. First in the list, because those who measure leave by taking off the last."""
    if connection.vendor == "postgresql" and tell_origin not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, tell_origin)
