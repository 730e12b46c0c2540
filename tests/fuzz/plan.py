"""Where hostile requests go: every address of the resolver, by every method, as who may and as others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, get_resolver, reverse

from tests.access_table import PAGES, Answer, Page, Who, is_by_rule
from tests.access_world import World, parameters_by_name
from tests.fuzz import payloads
from tests.fuzz.forms import Form, sent, shape

# Whoever of them may open a page tries it first.
_FIRST = (Who.OFFICER, Who.DIRECTOR, Who.FINANCE, Who.ASSIGNED, Who.OWNER, Who.AUDITOR, Who.ADMIN, Who.OFFICER2)
_OTHERS = (Who.NOBODY, Who.STRANGER, Who.VIEWER, Who.REVIEWER, Who.RECUSED, Who.AUDITOR)
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Shot:
    """One request. `at` is the name of its address, `label` what is hostile about it."""

    at: str
    who: Who
    label: str
    path: str
    method: str = "GET"
    body: bytes = b""
    content_type: str = _FORM
    headers: dict[str, str] = field(default_factory=dict)
    # Sent by a browser that must hold the form's token, and does not.
    unproven: bool = False

    def __str__(self) -> str:
        return f"{self.method[:10]} {self.at} as {self.who} ({self.label}) {self.path[:120]}"


@dataclass(frozen=True)
class Place:
    """One address with who may go there."""

    name: str
    path: str
    may_get: tuple[Who, ...]
    may_post: tuple[Who, ...]

    def who(self, method: str, rng: Random) -> Who:
        """Somebody who may, by that method or else by another."""
        may = self.may_post if method == "POST" and self.may_post else (self.may_get or self.may_post)
        first = [who for who in _FIRST if who in may]
        return rng.choice(first or may or (Who.OFFICER,))


def _who_may(page: Page, method: str) -> tuple[Who, ...]:
    line = page.expected(method, restricted=False) or {}
    return tuple(who for who, answer in line.items() if answer == Answer.OPENS)


def places(world: World) -> list[Place]:
    """Every address of the project: those of the table, of allauth, and of the admin with a row of each model."""
    found = [Place(p.name, world.address(p), _who_may(p, "GET"), _who_may(p, "POST")) for p in PAGES]
    everybody = (Who.NOBODY, Who.OWNER, Who.OFFICER)
    for name, parameters in parameters_by_name().items():
        if not is_by_rule(name):
            continue
        admin = name.startswith("admin:")
        try:
            path = reverse(name, args=[_standing_for(name, parameter) for parameter in parameters])
        except NoReverseMatch:
            try:  # by a pattern whose groups have no names
                path = reverse(name, args=["1-a-key"])
            except NoReverseMatch:
                continue
        may = (Who.ADMIN,) if admin else everybody
        found.append(Place(name, path, may, may))
    return found


def _standing_for(name: str, parameter: str) -> Any:
    from django.apps import apps

    if parameter != "object_id":
        return {"content_type_id": 1, "app_label": "grants", "url": "x", "pk": 1}.get(parameter, "1-a-key")
    label = name.removeprefix("admin:").rsplit("_", 1)[0]
    for model in apps.get_models():
        if f"{model._meta.app_label}_{model._meta.model_name}" == label:
            row = model._default_manager.order_by("pk").first()
            return row.pk if row is not None else 1
    return 1


def _converters() -> dict[str, list[tuple[str, str]]]:
    """By name of an address: what each of its parts is called, and its kind."""
    found: dict[str, list[tuple[str, str]]] = {}

    def walk(resolver: Any, spaces: tuple[str, ...]) -> None:
        for item in resolver.url_patterns:
            if hasattr(item, "url_patterns"):
                walk(item, (*spaces, item.namespace) if item.namespace else spaces)
            else:
                name = ":".join((*spaces, item.name or str(item.pattern)))
                kinds = [(part, type(kind).__name__) for part, kind in item.pattern.converters.items()]
                if len(kinds) >= len(found.get(name, [])):
                    found[name] = kinds

    walk(get_resolver(), ())
    return found


def _paths(place: Place, kinds: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The address with one of its parts replaced. Parts are found by their looks: ids, references, words of its end."""
    pieces = place.path.strip("/").split("/")
    kind_of_piece = {
        number: "UUIDConverter" if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", piece) else "StringConverter"
        for number, piece in enumerate(pieces)
        if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}|\d+|.*(?:key|secret).*", piece)
    }
    if not kind_of_piece and any(kind == "SlugConverter" for _name, kind in kinds):
        kind_of_piece = {len(pieces) - 2 if len(pieces) > 2 else len(pieces) - 1: "SlugConverter"}
    for number, kind in kind_of_piece.items():
        for value in (*payloads.PARTS[kind], *payloads.PARTS[""]):
            yield (
                f"path {kind[:4]} {value[:20]}",
                "/" + "/".join([*pieces[:number], value, *pieces[number + 1 :]]) + "/",
            )


def _with(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


def _at_place(place: Place, kinds: list[tuple[str, str]], rng: Random) -> Iterator[Shot]:
    def shot(label: str, method: str, path: str = place.path, **more: Any) -> Shot:
        return Shot(place.name, place.who(method, rng), label, path, method, **more)

    for method in payloads.METHODS:
        yield shot(f"method {method[:10]}", method)
    for query in payloads.QUERIES:
        yield shot(f"query {query[:24]}", "GET", _with(place.path, query))
    for label, path in _paths(place, kinds):
        yield shot(label, rng.choice(("GET", "POST")), path)
    for label, headers in payloads.HEADERS:
        yield shot(f"header {label}", "GET" if place.may_get else "POST", headers=headers)
    for label, kind, body in payloads.BODIES:
        script = {"X-Autosave": "1"} if rng.random() < 0.4 else {}
        yield shot(f"body {label}", "POST", body=body, content_type=kind, headers=script)
    for name in rng.sample(payloads.FILE_NAMES, 4):
        body = payloads.file_body(rng.choice(("file", "files", "document", "upload")), name)
        yield shot("file name", "POST", body=body, content_type="multipart/form-data; boundary=x")
    for label, token in (
        ("no token", ""),
        ("foreign token", "csrfmiddlewaretoken=" + "a" * 64),
        ("odd", "csrfmiddlewaretoken=%00"),
    ):
        yield shot(label, "POST", body=token.encode(), unproven=True, headers={"Origin": "https://evil.example"})
    for next_page in (
        "//evil.example/",
        "https://evil.example",
        "/\\evil.example",
        "\t//evil.example",
        "javascript:mk()",
    ):
        yield shot("next", "POST", body=urlencode({"next": next_page, "language": "ar"}).encode())


def _as_others(place: Place, rng: Random) -> Iterator[Shot]:
    """Less of it, as those who may not."""
    may = set(place.may_get) | set(place.may_post)
    others = [who for who in _OTHERS if who not in may] or [Who.NOBODY]
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        yield Shot(place.name, rng.choice(others), f"method {method}", place.path, method)
    for query in rng.sample(payloads.QUERIES, 5):
        yield Shot(place.name, rng.choice(others), f"query {query[:24]}", _with(place.path, query))
    for label, headers in rng.sample(payloads.HEADERS, 5):
        yield Shot(place.name, rng.choice(others), f"header {label}", place.path, headers=headers)
    for label, kind, body in rng.sample(payloads.BODIES, 6):
        yield Shot(place.name, rng.choice(others), f"body {label}", place.path, "POST", body, kind)


def at_places(world: World, rng: Random) -> list[Shot]:
    """All of it at all addresses."""
    kinds = _converters()
    return [
        shot
        for place in places(world)
        for shot in (*_at_place(place, kinds.get(place.name, []), rng), *_as_others(place, rng))
    ]


def at_forms(shown: dict[Who, list[Form]], rng: Random) -> list[Shot]:
    """What no form asks for, at each form that somebody is shown; and now and then as somebody who is not."""
    known: set[tuple[str, ...]] = set()
    found: list[Shot] = []
    for who, forms in shown.items():
        for form in forms:
            if shape(form) in known:
                continue
            known.add(shape(form))
            for label, fields in sent(form):
                body = urlencode(fields, errors="surrogatepass").encode()
                sender = rng.choice(_OTHERS) if rng.random() < 0.1 else who
                found.append(Shot(f"form {shape(form)[0]}", sender, label, form.action, "POST", body))
            for field_name in form.files:
                for name in payloads.FILE_NAMES:
                    sent_file = payloads.file_body(field_name, name)
                    found.append(
                        Shot(
                            f"form {shape(form)[0]}",
                            who,
                            "file name",
                            form.action,
                            "POST",
                            sent_file,
                            "multipart/form-data; boundary=x",
                        )
                    )
    return found
