"""The quick commands' own reading of their words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from devtime.cli import statusline_options, usage_options
from devtime.cli.quick import Given, read_words
from devtime.cli.usage_options import read_usage
from devtime.kernel.errors import Invalid


def read(*words: str) -> Given:
    return read_usage(list(words)).given


@pytest.mark.parametrize(
    ("words", "report", "focus"),
    [
        ([], "daily", None),
        (["weekly"], "weekly", None),
        (["codex"], "daily", "codex"),
        (["claude", "monthly"], "monthly", "claude"),
        (["--json", "sessions"], "session", None),
        (["branch", "--json"], "branches", None),
    ],
)
def test_an_agent_may_stand_before_the_report(words: list[str], report: str, focus: str | None) -> None:
    wanted = read_usage(words)
    assert (wanted.report, wanted.focus) == (report, focus)


def test_values_come_after_a_blank_or_a_sign_and_short_names_hold_them_too() -> None:
    for words in (["--since", "20261123"], ["--since=20261123"], ["-s", "20261123"], ["-s20261123"]):
        assert read(*words).text("since") == "20261123"
    assert read("--project=-home-ada-web", "-p", "x").texts("project") == ("-home-ada-web", "x")
    assert read("-p", "-home-ada-web").texts("project") == ("-home-ada-web",)


def test_the_last_of_several_counts() -> None:
    assert read("--color", "--no-color").chosen("color") is False
    assert read("--no-color", "--color").chosen("color") is True
    assert read().chosen("color") is None


def test_explain_may_stand_alone() -> None:
    assert read().maybe("explain") is None
    assert read("--explain").maybe("explain") == ""
    assert read("--explain", "--json").maybe("explain") == ""
    assert read("--explain", "last").maybe("explain") == "last"


def test_i_means_what_it_means_in_each_report() -> None:
    assert read("daily", "-i").flag("instances")
    assert read("session", "-i", "s1").text("id") == "s1"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--sinse", "x"], "Did you mean --since?"),
        (["--since"], "needs a value"),
        (["--since", "--json"], "needs a value"),
        (["--json=yes"], "is no option"),
        (["--last", "-1"], "not a whole number"),
        (["--last", "9" * 40], "not a whole number"),
        (["--last", "٣"], "not a whole number"),
        (["--session-length", "nan"], "not a number above 0"),
        (["--session-length", "1e999"], "not a number above 0"),
        (["--mode", "guess"], "none of auto, calculate, display"),
        (["dayly"], "Did you mean daily?"),
        (["daily", "codex"], "one word too many"),
        (["x" * 10_000], "neither a report"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(words: list[str], told: str) -> None:
    with pytest.raises(Invalid) as error:
        read_usage(words)
    assert told in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("command", [usage_options.COMMAND, statusline_options.COMMAND])
def test_help_tells_every_option_within_the_terminal(command, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as end:
        read_words(command, ["--help"])
    told = capsys.readouterr().out
    assert end.value.code == 0
    assert [option.name for option in command.options if not option.is_hidden and option.name not in told] == []
    assert max(map(len, told.splitlines())) <= 80


def test_no_two_options_share_a_name() -> None:
    for command in (usage_options.COMMAND, statusline_options.COMMAND):
        names = [name for option in command.options for name in (option.name, option.short, option.negative) if name]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("words", [["usage", "--json"], ["statusline"], ["--version"]])
def test_quick_commands_import_no_library_that_takes_time(words: list[str], tmp_path) -> None:
    """The second time, when no log changed: that is what a status line pays for every second."""
    code = f"""
import os, sys
sys.argv = ["devtime", *{words!r}]
os._exit = sys.exit
from devtime.cli.main import run
try:
    run()
finally:
    slow = {{"cyclopts", "rich", "msgspec", "httpx", "asyncio", "genai_prices", "tomlkit", "dataclasses", "inspect"}}
    print(sorted(slow & set(sys.modules)), file=sys.stderr)
"""
    environment = {"HOME": str(tmp_path), "DEVTIME_HOME": str(tmp_path / "devtime"), "PATH": "/usr/bin"}
    runs = [
        subprocess.run([sys.executable, "-c", code], env=environment, input=b"{}", capture_output=True, check=True)
        for _ in range(3)
    ]
    assert runs[-1].stderr.decode().splitlines()[-1] == "[]"
