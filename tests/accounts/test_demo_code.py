"""The code that the demo prints: for people of a running demo who work there, and for nobody else."""

import json
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from config.local import demo_code
from config.local.demo_accounts import code_of, secret_of


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAINSTAY_VAR", str(tmp_path))
    return tmp_path


def running(var: Path, *, demo: bool) -> None:
    (var / "running.json").write_text(json.dumps({"site": "http://127.0.0.1:1", "demo": demo}))


def test_it_is_the_code_that_an_app_would_show() -> None:
    secret = secret_of("officer@demo.example")
    assert secret != secret_of("director@demo.example")
    for moment in (0, 1_700_000_000, 1_900_000_015):
        assert code_of("officer@demo.example", moment) == format_hotp_value(hotp_value(secret, moment // 30))


def test_it_is_printed_while_a_demo_runs(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running(var, demo=True)
    assert demo_code.main(["Officer@demo.example"]) == 0
    assert capsys.readouterr().out.strip().isdigit()


@pytest.mark.parametrize(
    ("demo", "address", "why"),
    [
        (None, "officer@demo.example", "No demo runs from this folder."),
        (False, "officer@demo.example", "is no demo"),
        (True, "", "Say whose"),
        (True, "applicant@demo.example", "signs in with the password alone"),
        (True, "officer@office.example", "is nobody of the demo"),
    ],
)
def test_it_is_refused_clearly_otherwise(
    var: Path, capsys: pytest.CaptureFixture[str], demo: bool | None, address: str, why: str
) -> None:
    if demo is not None:
        running(var, demo=demo)
    assert demo_code.main([address]) == 1
    printed = capsys.readouterr()
    assert (printed.out, why in printed.err) == ("", True)
