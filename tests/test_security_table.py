"""The table of OWASP ASVS in docs/security.md: what it cites is there, and no requirement is left out."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client

from config.local.place import CHECKOUT

DOCUMENT = (CHECKOUT / "docs" / "security.md").read_text()
# Numbers of levels 1 and 2 in ASVS 5.0.0, by section. Of chapters that do not apply as a whole none is named.
LEVEL_2 = {
    "1.1": "1 2", "1.2": "1 2 3 4 5 6 7 8 9", "1.3": "1 2 3 4 5 6 7 8 9 10 11", "1.4": "1 2 3", "1.5": "1 2",
    "2.1": "1 2 3", "2.2": "1 2 3", "2.3": "1 2 3 4", "2.4": "1",
    "3.2": "1 2", "3.3": "1 2 3 4", "3.4": "1 2 3 4 5 6", "3.5": "1 2 3 4 5", "3.7": "1 2",
    "4.1": "1 2 3", "4.2": "1", "4.3": "1 2", "4.4": "1 2 3 4",
    "5.1": "1", "5.2": "1 2 3", "5.3": "1 2", "5.4": "1 2 3",
    "6.1": "1 2 3", "6.2": "1 2 3 4 5 6 7 8 9 10 11 12", "6.3": "1 2 3 4", "6.4": "1 2 3 4", "6.5": "1 2 3 4 5",
    "6.6": "1 2 3", "6.8": "1 2 3 4",
    "7.1": "1 2 3", "7.2": "1 2 3 4", "7.3": "1 2", "7.4": "1 2 3 4 5", "7.5": "1 2", "7.6": "1 2",
    "8.1": "1 2", "8.2": "1 2 3", "8.3": "1", "8.4": "1",
    "11.1": "1 2", "11.2": "1 2 3", "11.3": "1 2 3", "11.4": "1 2 3 4", "11.5": "1", "11.6": "1",
    "12.1": "1 2 3", "12.2": "1 2", "12.3": "1 2 3 4",
    "13.1": "1", "13.2": "1 2 3 4 5", "13.3": "1 2", "13.4": "1 2 3 4 5",
    "14.1": "1 2", "14.2": "1 2 3 4", "14.3": "1 2 3",
    "15.1": "1 2 3", "15.2": "1 2 3", "15.3": "1 2 3 4 5 6 7",
    "16.1": "1", "16.2": "1 2 3 4 5", "16.3": "1 2 3 4", "16.4": "1 2 3", "16.5": "1 2 3",
}  # fmt: skip
WHOLE_CHAPTERS = ("9", "10", "17")
_ROW = re.compile(r"^\| (\d+(?:\.\d+\.\d+)?(?:, \d+\.\d+\.\d+)*) \| (.+) \|$", re.MULTILINE)
_CITED = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[list[str], list[str]]]:
    """Numbers and further cells of every line of the three lists."""
    asvs = DOCUMENT.partition("## OWASP ASVS")[2]
    return [(numbers.split(", "), cells.split(" | ")) for numbers, cells in _ROW.findall(asvs)]


def met() -> list[tuple[str, str, str]]:
    """Number, code and tests of what is met."""
    return [(numbers[0], cells[1], cells[2]) for numbers, cells in rows() if len(cells) == 3]


def test_every_requirement_stands_in_one_of_the_three_lists_and_in_no_other() -> None:
    said = Counter(number for numbers, _cells in rows() for number in numbers)
    wanted = {f"{section}.{number}" for section, numbers in LEVEL_2.items() for number in numbers.split()}
    assert (wanted | set(WHOLE_CHAPTERS)) ^ set(said) == set()
    assert [number for number, times in said.items() if times > 1] == []


def _missing(cited: str) -> str:
    """What of `path`, `path:name` or `path::test` is not there; empty when all is."""
    path, colons, name = cited.partition("::")
    if not colons:
        path, colons, name = cited.partition(":")
    found = CHECKOUT / path
    if not found.exists():
        return path
    if not name or found.is_dir():
        return ""
    text = found.read_text()
    pattern = (
        rf"^ *(?:async )?def {re.escape(name)}\("
        if cited.startswith("tests/") and "::" in cited
        else (rf"(?<!\w){re.escape(name)}(?!\w)")
    )
    return "" if re.search(pattern, text, re.MULTILINE) else cited


@pytest.mark.parametrize(("number", "code", "tests"), met(), ids=[number for number, _code, _tests in met()])
def test_what_the_table_cites_is_there(number: str, code: str, tests: str) -> None:
    cited, shown = _CITED.findall(code), _CITED.findall(tests)
    assert cited
    assert shown
    assert all("::" in name for name in shown)
    assert [gone for name in (*cited, *shown) if (gone := _missing(name))] == []


def test_a_name_that_is_gone_is_noticed() -> None:
    assert _missing("core/crypto.py:no_such_name")
    assert _missing("core/no_such_file.py")
    assert _missing(f"tests/{Path(__file__).name}::test_that_nobody_wrote")
    assert not _missing("core/crypto.py:AESGCM")


_MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage")


# It copies a row of the page itself, which the server escaped, and numbers its fields.
_COPIES = {"rows.js"}


def test_scripts_write_text_and_never_markup() -> None:
    scripts = sorted((CHECKOUT / "static" / "js").glob("*.js"))
    assert len(scripts) > 10
    assert [path.name for path in scripts if _MARKUP.search(path.read_text()) and path.name not in _COPIES] == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/static/", "/static/js/", "/.git/config", "/.env", "/media/", "/manage.py"])
def test_nothing_of_the_checkout_is_served(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
