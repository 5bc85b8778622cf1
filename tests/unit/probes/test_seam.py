"""Another home and other origins are for tests of plugins: no command takes them without the flag."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtime.cli.main import run
from devtime.cli.probe_options import prober_of
from devtime.kernel.errors import Forbidden, Invalid

ORIGIN = "https://api.trial.example=http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is set."""
    for name in ("DEVTIME_PROBE_TEST", "DEVTIME_PROBE_HOME", "DEVTIME_PROBE_ORIGINS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("flag", [None, "", "0", "true", "yes", "1 ", "01"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [("DEVTIME_PROBE_HOME", "/tmp/x"), ("DEVTIME_PROBE_ORIGINS", ORIGIN)],
)
def test_variables_alone_do_nothing_but_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str | None, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    if flag is not None:
        monkeypatch.setenv("DEVTIME_PROBE_TEST", flag)
    with pytest.raises(Forbidden, match="DEVTIME_PROBE_TEST=1"):
        prober_of(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        ["probe", "--test-home", "/nowhere"],
        ["probe", "--test-origin", ORIGIN],
        ["probe", "--watch", "--test-origin", ORIGIN],
        ["probe", "serve", "--port", "0", "--test-home", "/nowhere"],
        ["probe", "serve", "--port", "0", "--test-origin", ORIGIN],
        ["probe", "trust", "claude", "--test-home", "/nowhere"],
    ],
)
def test_no_command_takes_them_without_the_flag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["devtime", *words, "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 1
    assert "tests of plugins only" in capsys.readouterr().err


def test_with_the_flag_they_hold_and_the_flag_alone_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVTIME_PROBE_TEST", "1")
    plain = prober_of(tmp_path).surroundings
    assert (plain.home, plain.rewrites) == (Path.home(), {})
    tested = prober_of(tmp_path, tmp_path / "user", [ORIGIN.upper().replace("HTTP://", "http://")]).surroundings
    assert tested.home == tmp_path / "user"
    assert tested.rewrites == {"https://api.trial.example": "http://127.0.0.1:1"}


@pytest.mark.parametrize("origin", ["", "https://a.example", "a=b", "https://a.example=b", "=http://b"])
def test_origins_that_say_nothing_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("DEVTIME_PROBE_TEST", "1")
    with pytest.raises(Invalid, match=r"https://api\.example\.com="):
        prober_of(tmp_path, None, [origin])
