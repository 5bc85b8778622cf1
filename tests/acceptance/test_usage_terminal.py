"""`devtime usage` on real terminals of several widths, and its live view from beginning to end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generated_logs import OPUS, Logs, claude_line

_PATIENCE_S = 30.0
_USAGE = {"input_tokens": 1_000_000, "cache_read_input_tokens": 0, "output_tokens": 0}


class Terminal:
    """A terminal of tmux with a shell in it."""

    def __init__(self, socket: Path, width: int, home: Path) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
        folders = {"HOME": str(home), "DEVTIME_HOME": str(home / ".devtime"), "LC_ALL": "C.UTF-8"}
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", **folders}
        told = [part for pair in environment.items() for part in ("-e", "=".join(pair))]
        command = [*self._tmux, "new-session", "-d", "-x", str(width), "-y", "60", *told, "sh"]
        subprocess.run(command, check=True, env=environment)
        self.wait(lambda shown: bool(shown.strip()))
        # A shell of root sets a prompt of its own at its start.
        self.keys("PS1='ready''$ '; clear", "Enter")
        self.wait(lambda shown: shown.strip() == "ready$")

    def keys(self, *names: str) -> None:
        """Press keys; `Enter` and the like by name."""
        subprocess.run([*self._tmux, "send-keys", *names], check=True)

    def run(self, words: str) -> str:
        """Everything on the screen once the command is over."""
        self.keys("clear", "Enter")
        self.wait(lambda shown: shown.strip() == "ready$")
        program = f"{sys.executable} -c 'from devtime.cli.main import run; run()'"
        self.keys(f"clear; {program} {words}; echo over", "Enter")
        return self.wait(lambda shown: "\nover\n" in shown)

    def wait(self, is_there: Callable[[str], bool]) -> str:
        """The screen as soon as it shows what is waited for."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            shown = subprocess.run([*self._tmux, "capture-pane", "-p"], check=True, capture_output=True).stdout.decode()
            if is_there(shown):
                return shown
            assert time.monotonic() < deadline, shown
            time.sleep(0.05)

    def close(self) -> None:
        """End it and everything in it."""
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of two agents, and a block that is active now."""
    folder = tmp_path_factory.mktemp("home")
    logs = Logs(folder, 5)
    logs.claude(6)
    logs.codex(3)
    now = datetime.now(UTC)
    lines = [claude_line("s1", now - timedelta(minutes=ago), OPUS, f"m{ago}", f"r{ago}", _USAGE) for ago in (9, 1)]
    log = folder / ".claude/projects/web/now.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    return folder


@pytest.fixture
def open_terminal(home: Path, tmp_path: Path) -> Generator[Callable[[int], Terminal]]:
    """Opens terminals; all are closed at the end."""
    if not shutil.which("tmux"):
        pytest.skip("there is no tmux")
    opened: list[Terminal] = []

    def open_one(width: int) -> Terminal:
        opened.append(Terminal(tmp_path / f"tmux{len(opened)}", width, home))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_tables_fit_the_terminal(open_terminal: Callable[[int], Terminal], width: int) -> None:
    terminal = open_terminal(width)
    for words in (
        "usage --last 40",
        "usage session --last 5",
        "usage models",
        "usage blocks --last 4",
        "usage projects",
    ):
        shown = terminal.run(f"{words} --timezone UTC")
        rules = [line for line in shown.splitlines() if line.startswith("──")]
        assert len(rules) in (1, 2), shown
        assert len({len(line) for line in rules}) == 1, shown
        assert len(rules[0]) <= width
        body = shown[shown.index("──") : shown.index("over")].splitlines()
        assert all(len(line) <= len(rules[0]) for line in body), shown
        assert "Cost" in shown


def test_the_live_view_shows_what_is_new_and_leaves_the_terminal_as_it_was(
    open_terminal: Callable[[int], Terminal], home: Path
) -> None:
    terminal = open_terminal(80)
    program = f"{sys.executable} -c 'from devtime.cli.main import run; run()'"
    terminal.keys("clear; echo before", "Enter")
    terminal.wait(lambda shown: "before\nready$" in shown)
    terminal.keys(f"{program} usage --live", "Enter")
    shown = terminal.wait(lambda shown: "q ends this" in shown)
    assert "$10.00" in shown
    assert "Today" in shown
    assert "before" not in shown
    line = claude_line("s1", datetime.now(UTC), OPUS, "m0", "r0", _USAGE)
    with (home / ".claude/projects/web/now.jsonl").open("a") as log:
        log.write(json.dumps(line, separators=(",", ":")) + "\n")
    terminal.wait(lambda shown: "$15.00" in shown)
    terminal.keys("q")
    shown = terminal.wait(lambda shown: shown.rstrip().endswith("ready$"))
    assert "before" in shown
    assert "q ends this" not in shown
    terminal.keys("echo typed", "Enter")
    terminal.wait(lambda shown: "\ntyped\n" in shown)


def test_the_live_view_needs_a_terminal(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from devtime.cli.main import run; run()", "usage", "--live"],
        env={"HOME": str(home), "DEVTIME_HOME": str(home / ".devtime"), "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs a terminal" in done.stderr
