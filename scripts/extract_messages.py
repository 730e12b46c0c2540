"""Collect the texts to translate from code and templates into locale/{ar,he}. Needs gettext.

Without places and without wrapping, so that a change of code changes only the lines it means.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
LANGUAGES = ("ar", "he")
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Mainstay\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""
PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
    "he": "nplurals=2; plural=(n != 1);",
}


def catalogue(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(root: Path) -> None:
    """Bring the catalogues of a checkout up to date with its code and templates.

    Raises subprocess.CalledProcessError with what makemessages said.
    """
    for language in LANGUAGES:
        path = catalogue(root, language)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(HEADER.format(language=language, plural=PLURALS[language]))
    options = ["--no-location", "--no-wrap", "--no-obsolete", *[f"--locale={language}" for language in LANGUAGES]]
    ignored = [f"--ignore={pattern}" for pattern in ("tests/*", "bench/*", "scripts/*", "var/*", "static/*", ".*")]
    command = [sys.executable, "manage.py", "makemessages", *options, *ignored]
    subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)  # noqa: S603 - gettext's own, no shell
    for language in LANGUAGES:
        path = catalogue(root, language)
        text = path.read_text()
        header, blank, rest = text.partition("\n\n")
        header = header.replace("#, fuzzy\n", "")  # a fuzzy header loses its plural rule
        header = re.sub(r'"(?:POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To):[^\n]*\n', "", header)
        path.write_text(header + blank + rest)


def main() -> int:
    if shutil.which("xgettext") is None:
        print("gettext is missing (Debian: apt-get install gettext)", file=sys.stderr)
        return 1
    try:
        extract(CHECKOUT)
    except subprocess.CalledProcessError as error:
        print(error.stdout, error.stderr, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
