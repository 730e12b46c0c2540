"""The texts under content/, read once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from core.translated import Translated

CONTENT = Path(__file__).parent / "content"


@cache
def content(name: str) -> dict[str, Any]:
    """The file content/<name>.toml."""
    with (CONTENT / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def text(table: dict[str, str]) -> Translated:
    """A text in three languages, without the blank lines that the file begins and ends it with."""
    return Translated({code: words.strip() for code, words in table.items()})


def words(language: str) -> dict[str, Any]:
    """What applicants say in a language whatever they apply for; "staff" gives what staff write."""
    found: dict[str, Any] = content("words")[language]
    return found


def theme(name: str, language: str) -> dict[str, str]:
    """Title, situation, plan, goal and what happens without help; in English where the language has none."""
    languages: dict[str, dict[str, str]] = content("themes")[name]
    return languages.get(language) or languages["en"]
