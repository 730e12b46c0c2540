"""Rules of how the code is built that no other tool checks (docs/style-guide.md has those of pages)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model

from config.celery import app as celery
from config.local.place import CHECKOUT

APPS = ("accounts", "core", "diligence", "grants", "insights", "organizations", "reviews")
# The only place that moves an application from one state to another.
MOVES = CHECKOUT / "grants" / "services" / "moves.py"
TEMPLATES = CHECKOUT / "templates"


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(CHECKOUT)}:{getattr(node, 'lineno', 0)}"


def test_services_know_nothing_of_the_web() -> None:
    found = []
    for path, tree in sources(*(f"{app}/services" for app in APPS)):
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.arg) and "HttpRequest" in ast.unparse(node.annotation or ast.Name("HttpRequest")):
                names = [node.arg]
            if any(name == "request" or name.startswith(("django.http", "django.shortcuts")) for name in names):
                found.append(place(path, node))
    assert found == []


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return [part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.expr)]
    return [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else []


def _is_application(name: str) -> bool:
    return name in {"application", "row", "locked", "fresh", "target", "draft"}


def test_only_the_table_of_moves_sets_the_state_of_an_application() -> None:
    """Other rows have a status too: of those the variable is named after what they are."""
    found = [
        place(path, node)
        for path, tree in sources(*APPS)
        if path != MOVES
        for node in ast.walk(tree)
        if any(_is_status_of_application(target) for target in _targets(node)) or _updates_application_status(node)
    ]
    assert found == []


def _is_status_of_application(target: ast.expr) -> bool:
    return (
        isinstance(target, ast.Attribute)
        and target.attr == "status"
        and isinstance(target.value, ast.Name)
        and _is_application(target.value.id)
    )


def _updates_application_status(node: ast.AST) -> bool:
    """True for Application.objects.….update(status=…)."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"):
        return False
    named = any(keyword.arg == "status" for keyword in node.keywords)
    return named and any(isinstance(part, ast.Name) and part.id == "Application" for part in ast.walk(node.func))


def test_every_task_has_a_name_of_its_own_choice() -> None:
    found = []
    for path, tree in sources(*APPS):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    call = decorator if isinstance(decorator, ast.Call) else None
                    function = call.func if call else decorator
                    if isinstance(function, ast.Name) and function.id == "shared_task":
                        names = [keyword for keyword in call.keywords if keyword.arg == "name"] if call else []
                        if not names:
                            found.append(place(path, node))
    assert found == []


def test_every_task_of_the_timetable_exists() -> None:
    celery.loader.import_default_modules()
    wanted = {entry["task"] for entry in celery.conf.beat_schedule.values()}
    assert wanted - set(celery.tasks) == set()


def models() -> list[type[Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_model_has_a_name_for_people(model: type[Model]) -> None:
    source = Path(str(__import__(model.__module__, fromlist=["_"]).__file__)).read_text(encoding="utf-8")
    of_class = next(
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef) and node.name == model.__name__
    )
    set_names = {
        target.id
        for inner in of_class.body
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta"
        for node in inner.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert {"verbose_name", "verbose_name_plural"} <= set_names


def test_every_model_is_in_the_admin() -> None:
    inlines = {inline.model for site in admin.site._registry.values() for inline in site.inlines}
    found = {model._meta.label for model in models() if model not in admin.site._registry and model not in inlines}
    assert found == set()


def test_every_app_has_its_place_in_the_order_of_imports() -> None:
    told = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = told["contracts"][0]["layers"]
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == CHECKOUT}
    assert ours - set(layers) == set()
    assert ours - set(told["root_packages"]) == set()


# ---- templates ------------------------------------------------------------------------------------------------------
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts)


def _name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


def _without_tags(text: str) -> str:
    """HTML alone. What was said by a template's tag in its place is a word."""
    return re.sub(r"{%.*?%}|{{.*?}}", "x", text, flags=re.DOTALL)


def test_no_template_has_styles_or_handlers_inline() -> None:
    """The content policy forbids them; a script or a style needs the page's nonce."""
    inline = re.compile(r"<[a-z][^>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
    bare = re.compile(r"<(?:script|style)(?![^>]*(?:\ssrc=|nonce|application/json))[^>]*>", re.IGNORECASE)
    found = [
        f"{_name(path)}: {match.group()[:60]}"
        for path in PAGES
        for pattern in (inline, bare)
        for match in pattern.finditer(_without_tags(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_every_template_is_a_page_on_a_base_or_a_part_of_one() -> None:
    """`left.html` stands alone: it is what remains when somebody left quickly. `exports/page.html` is never served: it
    lies in the zip that an organisation takes away.
    """
    whole = [path for path in PAGES if "<html" in path.read_text(encoding="utf-8")]
    assert [_name(path) for path in whole] == ["base.html", "exports/page.html", "left.html"]


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.*") if path.is_file()]
    texts += [path.read_text(encoding="utf-8") for path, _tree in sources(*APPS, "config")]
    everything = "\n".join(texts)
    # Those that Django and allauth name themselves; and the components, which are a vocabulary.
    by_packages = ("account/", "admin/", "components/", "django/", "mfa/", "40", "50")

    unused = [
        _name(path)
        for path in PAGES
        if not _name(path).startswith(by_packages)
        and _name(path) not in everything
        and not _named_by_parts(path, everything)
    ]
    assert unused == []


def _named_by_parts(path: Path, everything: str) -> bool:
    """True where the code puts the name together: a folder, and the name without its end."""
    return f"{path.parent.relative_to(TEMPLATES)}/" in everything and path.stem in everything


def test_directions_are_logical_in_the_style_sheet() -> None:
    sheet = (CHECKOUT / "static" / "css" / "mainstay.css").read_text(encoding="utf-8")
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right)\s*:|text-align:\s*(?:left|right)"
    )
    assert physical.findall(plain) == []
