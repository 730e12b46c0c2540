"""The server's and the browser's word counters against one list of cases."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.words import count_words
from tests.plugins.loud_skips import skip_loudly

HERE = Path(__file__).parent
WORDS_JS = HERE.parent.parent / "static" / "js" / "words.js"
CASES: list[dict[str, Any]] = json.loads((HERE / "word_counts.json").read_text(encoding="utf-8"))
COUNT_IN_NODE = """
import { readFileSync } from "node:fs";
const { countWords } = await import(process.argv[1]);
const cases = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(cases.map((each) => countWords(each.text))));
"""


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_server_counts_as_the_list_says(case: dict[str, Any]) -> None:
    assert count_words(case["text"]) == case["words"]


def test_the_browser_counts_as_the_server_does(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        skip_loudly("node, so the browser's counter was not compared")
    # A copy that ends in .mjs: without a package.json beside it, an older node would take .js for CommonJS.
    module = tmp_path / "words.mjs"
    module.write_text(WORDS_JS.read_text(encoding="utf-8"), encoding="utf-8")
    answer = subprocess.run(  # noqa: S603 - our own script, no shell, no input of a person
        [node, "--input-type=module", "-e", COUNT_IN_NODE, module.as_uri()],
        input=json.dumps(CASES),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(answer.stdout) == [case["words"] for case in CASES]


def test_a_long_text_is_counted_whole() -> None:
    assert count_words("كلمةٌ " * 5000) == 5000
