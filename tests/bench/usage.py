"""`python -m tests.bench usage`: our usage commands and ccusage on the same logs, in turn; medians and memory."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import psutil
from tests.bench.logs import LogWriter, write_logs
from tests.bench.machine import busy_percent, describe_machine
from tests.ccusage_program import VERSION, find_or_install

from devtime import __version__

_SETTLED_S = 0.2
_SAMPLE_S = 0.02


@dataclass
class Runs:
    """The rounds of one command."""

    label: str
    goal: str = ""
    wall_s: list[float] = field(default_factory=list[float])
    memory_mb: list[float] = field(default_factory=list[float])

    def row(self) -> str:
        """A row of the table."""
        spread = f"{min(self.wall_s) * 1_000:,.0f}–{max(self.wall_s) * 1_000:,.0f}"
        wall = f"{median(self.wall_s) * 1_000:,.0f}"
        memory = f"{median(self.memory_mb):,.0f}" if any(self.memory_mb) else ""
        return f"| {self.label} | {wall} | {spread} | {memory} | {self.goal} |"


def main(words: Sequence[str]) -> None:
    """Measure this machine."""
    arguments = _arguments(words)
    kept = Path(tempfile.gettempdir()) / f"devtime-bench-logs-{arguments.megabytes}"
    print(f"logs: {kept}", flush=True)
    books = write_logs(kept, arguments.megabytes)
    folder = Path(tempfile.mkdtemp(prefix="devtime-bench-usage-", dir=arguments.folder))
    busy = busy_percent()
    try:
        shutil.copytree(kept / "projects", folder / "claude/projects", copy_function=os.link)
        bench = Bench(folder, find_ccusage())
        for turn in range(arguments.rounds):
            print(f"round {turn + 1} of {arguments.rounds}", flush=True)
            bench.round(turn)
        bench.check({f"{day} {model}": cell for (day, model), cell in books.cells.items()})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(
        f"\nDevTime {__version__}, {date.today().isoformat()}: {describe_machine(Path(tempfile.gettempdir()))}.\n"
        f"{books.files:,} logs, {books.lines:,} lines, {books.size / 1e6:,.0f} MB, {books.usage_lines:,} of "
        f"usage, {sum(cell[0] for cell in books.cells.values()):,} responses; page cache warm; medians of "
        f"{arguments.rounds} interleaved rounds. Before it began, other programs kept the machine {busy:.0f} % busy. "
        f"Every sum of tokens by day and model is that of the books.\n\n"
        "| command | wall ms | rounds | memory MB (PSS of all processes) | goal |\n|---|---:|---:|---:|---:|"
    )
    for runs in bench.runs.values():
        if runs.wall_s:
            print(runs.row())


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench usage", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1_000, help="of logs")
    parser.add_argument("--rounds", type=int, default=5, help="of how many rounds to take the medians")
    parser.add_argument("--folder", type=Path, default=None, help="where to make the temporary home")
    return parser.parse_args(words)


class Bench:
    """A home with logs, and the commands that are asked about it."""

    def __init__(self, folder: Path, ccusage: Path | None) -> None:
        self._folder = folder
        self._ccusage = ccusage
        self._devtime = Path(sys.executable).with_name("devtime")
        self._answer: dict[str, object] = {}
        self.runs = {
            "ccusage": Runs(f"ccusage {VERSION} daily --json --offline"),
            "first": Runs("devtime usage --json, first time: ledger written", "≤ ½ of ccusage, memory ≤ ½"),
            "again": Runs("devtime usage --json, nothing changed", "< 85, ≤ 1/60"),
            "since": Runs("devtime usage --json --since a day", "< 85"),
            "append": Runs("devtime usage --json, one log grew", "< 150"),
            "statusline": Runs("devtime statusline", "< 70"),
        }

    def round(self, turn: int) -> None:
        """Each command once."""
        shutil.rmtree(self._folder / "home", ignore_errors=True)
        (self._folder / "home").mkdir()
        if self._ccusage is not None:
            self._run("ccusage", [str(self._ccusage), "daily", "--json", "--offline", "--timezone", "UTC"])
        usage = [str(self._devtime), "usage", "daily", "--json", "--offline", "--timezone", "UTC"]
        if turn == 0:
            self._run("again", usage, is_noted=False)  # byte code, and the prices' cache
            shutil.rmtree(self._folder / "home/.devtime/ledger.db", ignore_errors=True)
            for path in (self._folder / "home/.devtime").glob("ledger.db*"):
                path.unlink()
        self._answer = json.loads(self._run("first", usage))
        time.sleep(_SETTLED_S)
        self._run("again", usage, is_noted=False)
        for _ in range(5):
            self._run("again", usage)
        for _ in range(3):
            self._run("since", [*usage, "--since", "20261101"])
            asked = json.dumps({"session_id": "x", "model": {"display_name": "Opus"}, "cwd": "/"})
            self._run("statusline", [str(self._devtime), "statusline"], asked)
        log = sorted((self._folder / "claude/projects").rglob("*.jsonl"))[turn]
        whole = log.read_bytes()
        log.unlink()  # it is a link to the one that is kept
        log.write_bytes(whole)
        self._run("append", usage, is_noted=False)
        for number in range(3):
            with log.open("ab") as stream:
                stream.writelines(LogWriter.more_lines(turn * 10 + number))
            self._run("append", usage)
        log.write_bytes(whole)

    def _run(self, name: str, words: list[str], asked: str = "", *, is_noted: bool = True) -> bytes:
        environment = {
            "HOME": str(self._folder / "home"),
            "CLAUDE_CONFIG_DIR": str(self._folder / "claude"),
            "PATH": os.environ["PATH"],
        }
        out = self._folder / "out"
        begin = time.perf_counter()
        with out.open("wb") as stream:
            process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=stream, env=environment)
            peak = _watch(process, asked.encode()) if name in ("ccusage", "first") else _finish(process, asked.encode())
        wall_s = time.perf_counter() - begin
        if process.returncode:
            raise SystemExit(f"{' '.join(words)} failed with {process.returncode}")
        if is_noted:
            self.runs[name].wall_s.append(wall_s)
            self.runs[name].memory_mb.append(peak or 0.0)
        return out.read_bytes()

    def check(self, cells: dict[str, list[int]]) -> None:
        """Stop unless the answer says what the books say."""
        told: dict[str, list[int]] = {}
        days = self._answer["daily"]
        assert isinstance(days, list)
        for day in days:
            for row in day["modelBreakdowns"]:
                counts = [row["inputTokens"], row["outputTokens"], row["cacheReadTokens"], row["cacheCreationTokens"]]
                told[f"{day['period']} {row['modelName']}"] = counts
        expected = {name: [given, answered, read, w + w1] for name, (_, given, answered, read, w, w1) in cells.items()}
        if told != expected:
            wrong = [name for name in expected.keys() | told.keys() if told.get(name) != expected.get(name)]
            raise SystemExit(f"{len(wrong)} of {len(expected)} sums are wrong, one of them {sorted(wrong)[0]}")


def _finish(process: subprocess.Popen[bytes], asked: bytes) -> float:
    process.communicate(asked)
    return 0.0


def _watch(process: subprocess.Popen[bytes], asked: bytes) -> float:
    """Wait for the process; the most memory that it and its children had, pages they share counted once."""
    assert process.stdin is not None
    process.stdin.write(asked)
    process.stdin.close()
    peak = 0.0
    top = psutil.Process(process.pid)
    while process.poll() is None:
        total = 0.0
        with suppress(psutil.Error):
            for one in [top, *top.children(recursive=True)]:
                with suppress(psutil.Error):
                    total += one.memory_full_info().pss / 1e6
        peak = max(peak, total)
        time.sleep(_SAMPLE_S)
    return peak


def find_ccusage() -> Path | None:
    """The native program; None, and a word why, where it cannot be had."""
    found = find_or_install()
    if isinstance(found, Path):
        return found
    print(f"ccusage is not compared with: {found}", flush=True)
    return None
