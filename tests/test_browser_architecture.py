"""Rules of the code by which nothing that people wrote runs, and nothing in an address can be guessed or counted."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import UUIDField
from django.urls import get_resolver

from config.local.place import CHECKOUT
from tests.test_architecture import APPS, TEMPLATES, place, sources

# Where markup is put together in Python, with what is escaped there.
MADE_IN_PYTHON = {"accounts/forms.py"}
# Readers and writers of markup. None is used: no text of a person is rendered as anything but text. The first to need
# one uses nh3 with a list of tags that are kept, in one module of core, and names it here.
MARKUP = {"nh3", "markdown", "mistune", "markdown_it", "bleach", "commonmark", "docutils"}
# Objects of these are addressed by words that everybody is shown: calls, sections of a form, checks, criteria.
PUBLIC_WORDS = {"slug", "code", "criterion", "language", "kind"}
SECRETS = {"token", "key", "uidb36", "uidb64"}


def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.*")):
        if path.is_file():
            yield str(path.relative_to(TEMPLATES)), path.read_text(encoding="utf-8")


def test_no_template_lets_anything_through_unescaped() -> None:
    loose = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off")
    assert [name for name, text in _templates() if loose.search(text)] == []


def test_python_calls_nothing_safe_and_renders_no_markup() -> None:
    found = []
    for path, tree in sources(*APPS, "config", "names"):
        where = str(path.relative_to(CHECKOUT))
        for node in ast.walk(tree):
            name = node.func if isinstance(node, ast.Call) else None
            called = getattr(name, "id", "") or getattr(name, "attr", "")
            if called in {"mark_safe", "SafeString", "SafeText"} and where not in MADE_IN_PYTHON:
                found.append(place(path, node))
            if isinstance(node, ast.Import) and MARKUP & {alias.name.split(".")[0] for alias in node.names}:
                found.append(place(path, node))
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MARKUP:
                found.append(place(path, node))
    assert found == []


def test_tables_for_spreadsheets_are_written_in_one_place() -> None:
    """There, cells that a spreadsheet program would run are made text."""
    writers = {"csv", "openpyxl", "xlsxwriter", "xlwt", "pandas", "odf", "ezodf", "pyexcel"}
    found = []
    for path, tree in sources(*APPS, "config", "names"):
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if writers & {name.split(".")[0] for name in names}:
                found.append(str(path.relative_to(CHECKOUT)))
    assert found == ["core/spreadsheets.py"]
    types = re.compile(r"text/csv|spreadsheetml|application/vnd\.ms-excel")
    sends = [
        str(path.relative_to(CHECKOUT))
        for path, tree in sources(*APPS)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "content_type" and types.search(ast.unparse(node.value))
    ]
    assert set(sends) == {"core/spreadsheets.py"}


# ---- addresses ------------------------------------------------------------------------------------------------------
def _patterns() -> Iterator[tuple[str, Any]]:
    def walk(resolver: Any, route: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for item in resolver.url_patterns:
            if hasattr(item, "url_patterns"):
                inner = (*spaces, item.namespace) if item.namespace else spaces
                yield from walk(item, route + str(item.pattern), inner)
            else:
                yield ":".join((*spaces, item.name or str(item.pattern))), item.pattern

    yield from walk(get_resolver(), "", ())


def test_no_address_holds_a_number_that_can_be_counted() -> None:
    """The admin aside, an address names an object by a random id, a random reference, a secret, or a public word."""
    wrong, kinds = [], set[str]()
    for name, pattern in _patterns():
        if name.startswith("admin:"):
            continue
        for parameter, converter in pattern.converters.items():
            kind = type(converter).__name__
            kinds.add(kind)
            by_words = kind in {"SlugConverter", "StringConverter"} and parameter in PUBLIC_WORDS | SECRETS
            is_open = kind == "UUIDConverter" or parameter == "reference" or by_words
            # allauth's own: one's own passkeys, which nobody else's number opens.
            if not is_open and not name.startswith("mfa_"):
                wrong.append(f"{name}: {kind} {parameter}")
    assert wrong == []
    assert "UUIDConverter" in kinds


def test_ids_are_random_and_not_made_of_the_time_or_of_a_count() -> None:
    wrong = []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            field = model._meta.pk
            if isinstance(field, UUIDField) and field.default.__name__ != "uuid4":
                wrong.append(f"{model._meta.label}: {field.default}")
            elif not isinstance(field, UUIDField) and not model._meta.label.startswith("core.Audit"):
                wrong.append(f"{model._meta.label}: {type(field).__name__}")
    assert wrong == []
