"""A zip unpacks whole on every system."""

import io
import zipfile

import pytest

from core.registry import Part
from core.zipping import safe_path, streamed_zip


def names_of(*paths: str) -> dict[str, str]:
    """Paths in the zip of parts with these paths, with what each holds: the number of its part."""

    def part(number: int, path: str) -> Part:
        return Part(path, lambda: iter([str(number).encode()]))

    parts = [part(number, path) for number, path in enumerate(paths)]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(streamed_zip(parts))))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def test_paths_that_occur_twice_get_numbers() -> None:
    assert names_of("a/note.txt", "a/note.txt", "a/note.txt", "b/note.txt") == {
        "a/note.txt": "0", "a/note (2).txt": "1", "a/note (3).txt": "2", "b/note.txt": "3",
    }  # fmt: skip


def test_names_that_differ_by_case_alone_do_not_overwrite_each_other() -> None:
    assert names_of("Note.txt", "note.TXT", "NOTE (2).txt", "note.txt") == {
        "Note.txt": "0", "note (2).TXT": "1", "NOTE (2) (2).txt": "2", "note (3).txt": "3",
    }  # fmt: skip


def test_letters_that_are_composed_and_separate_are_one_name() -> None:
    assert len({name.casefold() for name in names_of("caf\u00e9.txt", "cafe\u0301.txt")}) == 2
    assert names_of("caf\u00e9.txt", "cafe\u0301.txt") == {"caf\u00e9.txt": "0", "cafe\u0301 (2).txt": "1"}


def test_names_that_are_equal_once_they_are_cut_keep_their_ending_and_get_a_number() -> None:
    long = "x" * 130
    assert names_of(f"{long}1.docx", f"{long}2.DOCX") == {f"{'x' * 120}.docx": "0", f"{'x' * 120} (2).DOCX": "1"}


def test_what_a_cut_leaves_at_the_end_makes_no_other_name() -> None:
    """Windows takes spaces and dots off the end of a name."""
    assert names_of("y" * 119 + " zzz", "y" * 119 + "..z") == {"y" * 119: "0", "y" * 119 + ".z": "1"}


@pytest.mark.parametrize("letter", ["ت", "ת", "x", "🌳"])
def test_no_name_is_too_long_for_a_file_system(letter: str) -> None:
    found = list(names_of(*[f"a/{letter * 300}.docx"] * 12))
    assert len(found) == 12
    assert all(len(name.removeprefix("a/").encode()) <= 255 for name in found)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "_/_/etc/passwd"),
        ("a/CON.txt", "a/_CON.txt"),
        ("a/nul", "a/_nul"),
        ("a/console.txt", "a/console.txt"),
        ("a/.hidden", "a/hidden"),
        ("a/b\u202etxt.exe", "a/b_txt.exe"),
        ("a/ . ", "a/_"),
    ],
)
def test_each_step_is_harmless(given: str, kept: str) -> None:
    assert safe_path(given) == kept
