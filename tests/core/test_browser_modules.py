"""The parts of the browser's scripts that compute something, run by node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.loud_skips import skip_loudly

SCRIPTS = Path(__file__).parent.parent.parent / "static" / "js"


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A copy of static/js that node reads as ES modules."""
    if shutil.which("node") is None:
        skip_loudly("node, so the browser's scripts were not run")
    shutil.copytree(SCRIPTS, tmp_path / "js")
    (tmp_path / "js" / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return tmp_path / "js"


def run(modules: Path, module: str, expression: str) -> Any:
    """What `expression` gives, where `m` is the module; BigInts come back as text."""
    script = (
        f'const m = await import("{(modules / module).as_uri()}");'
        f"console.log(JSON.stringify({expression}, (key, value) => typeof value === 'bigint' ? `${{value}}` : value));"
    )
    node = shutil.which("node") or "node"
    answer = subprocess.run(  # noqa: S603 - our own script, no shell, no input of a person
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(answer.stdout)


def test_every_script_is_valid_and_short(modules: Path) -> None:
    node = shutil.which("node") or "node"
    for script in sorted(modules.glob("*.js")):
        subprocess.run([node, "--check", str(script)], check=True, capture_output=True, timeout=60)  # noqa: S603 - our own
        assert len(script.read_text(encoding="utf-8").splitlines()) < 300


def test_typed_numbers_are_read_exactly_in_both_kinds_of_digits(modules: Path) -> None:
    typed = ["18,400.50", "١٨٬٤٠٠٫٥", "0.1", ".5", "-3", "", "1e400", "12.345", "twelve", "9" * 30]
    assert run(modules, "rows.js", f"{json.dumps(typed)}.map(m.hundredths)") == [
        "1840050",
        "1840050",
        "10",
        "50",
        "-300",
        None,
        None,
        None,
        None,
        None,
    ]


def test_sums_are_written_as_the_server_writes_them(modules: Path) -> None:
    values = "[0n, 5n, 1840000n, 1840050n, -123456789n].map(m.written)"
    assert run(modules, "rows.js", values) == ["0", "0.05", "18,400", "18,400.50", "-1,234,567.89"]


def test_a_product_is_rounded_half_up_to_hundredths(modules: Path) -> None:
    assert run(modules, "rows.js", "[m.product(300n, 120050n), m.product(150n, 33n), m.product(33n, 50n)]") == [
        "360150",
        "50",
        "17",
    ]


def test_the_grace_of_a_word_limit_is_one_in_ten(modules: Path) -> None:
    standings = "[300, 301, 330, 331].map((count) => m.standing(count, 300))"
    assert run(modules, "wordcount.js", standings) == ["ok", "grace", "grace", "over"]


def test_conditions_compare_as_the_builder_says(modules: Path) -> None:
    cases = """[
        m.fulfils(["yes"], "is", "yes"), m.fulfils(["no"], "is", "yes"), m.fulfils([], "is", "yes"),
        m.fulfils(["no"], "is_not", "yes"), m.fulfils(["a", "b"], "contains", "b"),
        m.fulfils(["Jaffa"], "contains", "JA"),
    ]"""
    assert run(modules, "conditions.js", cases) == [True, False, False, True, True, True]


def test_conditions_compare_with_lists_and_combine(modules: Path) -> None:
    cases = """[
        m.fulfils(["b"], "is", ["a", "b"]), m.fulfils(["c"], "is", ["a", "b"]), m.fulfils(["b"], "is_not", ["a", "b"]),
        m.fulfils(["c"], "is_not", ["a", "b"]), m.fulfils(["x", "b"], "contains", ["a", "b"]),
        m.combined({ match: "all", rules: [1, 0] }, Boolean), m.combined({ match: "all", rules: [1, 1] }, Boolean),
        m.combined({ match: "any", rules: [1, 0] }, Boolean), m.combined({ match: "any", rules: [0, 0] }, Boolean),
    ]"""
    assert run(modules, "conditions.js", cases) == [True, False, False, True, True, False, True, True, False]
