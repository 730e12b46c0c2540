"""What an app to the left needs from apps to the right: they register providers here, at start-up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise


class Registry[T]:
    """Named providers in a stable order."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._providers: dict[str, tuple[int, T]] = {}

    def register(self, name: str, provider: T, *, order: int = 100) -> None:
        """Add a provider under a name of its own; a second of the same name is an error."""
        if name in self._providers:
            raise ValueError(f"{self.purpose}: {name} is registered already")
        self._providers[name] = (order, provider)

    def __iter__(self) -> Iterator[T]:
        return (provider for _, provider in sorted(self._providers.values(), key=lambda pair: pair[0]))

    def get(self, name: str) -> T:
        """The provider of that name; KeyError when there is none."""
        return self._providers[name][1]

    def names(self) -> list[str]:
        """The names, sorted."""
        return sorted(self._providers)

    def __contains__(self, name: str) -> bool:
        return name in self._providers


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the workbench: a page of its own app, known to the frame by the name of its address."""

    label: "str | Promise"
    url_name: str
    permission: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the staff navigation. `count` takes the user and returns a number or None (no badge)."""

    label: "str | Promise"
    url_name: str
    group: "str | Promise" = ""
    allowed: Callable[[Any], bool] = lambda user: True
    count: Callable[[Any], int | None] | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What an automatic eligibility check found: pass, look, fail or open, and the code of its sentence of evidence."""

    outcome: str
    evidence: str
    # What the sentence names: texts that read the same in every language; keys that end in `_on` are ISO dates.
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AutomaticCheck:
    """An eligibility check: code, label, a pure function of the application, and its sentences by code of evidence."""

    code: str
    label: "str | Promise"
    run: Callable[[Any], CheckResult]
    sentences: "Mapping[str, str | Promise]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Panel:
    """A box on the staff page of an organisation: its template gets `panel` and reads `panel.values`."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an organisation's own export: its path in the zip and its bytes, made when they are written."""

    path: str
    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays after an erasure, why, and until when (an ISO date; empty: for good). Words are made when shown."""

    code: str
    words: "str | Promise"
    count: int
    until: str = ""

    @property
    def until_day(self) -> date | None:
        """The last day on which it is kept."""
        return date.fromisoformat(self.until) if self.until else None


@dataclass(frozen=True, slots=True)
class Erasing:
    """What an app does when a partner is erased; `order` of the registry is the order of the steps.

    `refuses` says in a sentence why it cannot be now, or nothing. `counts` are lines of the preview. `prepare` ends
    what is open, in the name of whoever asked; `erase` destroys. Both run inside the transaction.
    """

    erase: Callable[[Any], None]
    prepare: Callable[[Any, Any], None] = lambda organization, asked_by: None
    refuses: Callable[[Any], str] = lambda organization: ""
    counts: Callable[[Any], "list[tuple[str | Promise, int]]"] = lambda organization: []
    keeps: Callable[[Any], list[Kept]] = lambda organization: []


workbench_tabs: Registry[Tab] = Registry("workbench tabs")
# Tabs of the staff pages of one call; addresses take the call's slug, permissions are asked of the call.
call_tabs: Registry[Tab] = Registry("tabs of a call")
# Panels of the workbench's right rail: function(user, application) -> {"title", "rows": [(label, value)]} or None.
workbench_rail: Registry[Callable[[Any, Any], dict[str, Any] | None]] = Registry("workbench rail")
# Buttons at the top of the workbench: function(user, application) -> list of {"label", "url", "primary"}.
workbench_actions: Registry[Callable[[Any, Any], list[dict[str, Any]]]] = Registry("workbench actions")
staff_navigation: Registry[NavItem] = Registry("staff navigation")
automatic_checks: Registry[AutomaticCheck] = Registry("automatic eligibility checks")
# Letters an applicant may read: function(application, language) -> {"title", "paragraphs", "amount", "conditions"} or
# None when there is none yet.
applicant_letters: Registry[Callable[[Any, str], dict[str, Any] | None]] = Registry("letters to applicants")
# What moves when two records of one partner are merged: function(kept, gone) -> how many rows were moved. Called inside
# the transaction of the merge, with both locked; a DomainError refuses the merge.
partner_references: Registry[Callable[[Any, Any], int]] = Registry("references to a partner")


# What an organisation gave, for its own export: function(organization) -> parts. Never what staff wrote for themselves.
partner_exports: Registry[Callable[[Any], Iterator[Part]]] = Registry("exports of a partner")
partner_erasures: Registry[Erasing] = Registry("erasing a partner")
# What somebody wants to know of an applicant, to begin the officer's question with: function(application, key) -> text,
# empty when the key means nothing here. The page has checked who asks.
applicant_questions: Registry[Callable[[Any, str], str]] = Registry("questions for applicants")
# Boxes on the staff page of an organisation: function(user, organization) -> Panel or None (nothing to show).
organization_panels: Registry[Callable[[Any, Any], Panel | None]] = Registry("panels of an organisation")
# Boxes on the page where an applicant sees how an application stands: function(user, application) -> Panel or None.
applicant_panels: Registry[Callable[[Any, Any], Panel | None]] = Registry("panels of an applicant's application")
# Keys besides its own under which something about an organisation lies; they go when it is erased: function(its id) ->
# ids whose keys those are.
keys_of_partner: Registry[Callable[[UUID], Iterable[UUID]]] = Registry("keys of a partner")
# Which changes of the audit a person may read: function(user) -> Q of AuditEntry. All of them must hold.
audit_visibility: Registry[Callable[[Any], Q]] = Registry("who may read which changes")
