"""Developers' machines for tests of the collector: a home folder with logs, and the real collector as a process."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devtime.home.config import write_api

_BEGINNING = datetime(2026, 11, 2, 8, tzinfo=UTC)


@dataclass
class Truth:
    """What the logs say, each response once."""

    events: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def as_row(self) -> tuple[int, int, int]:
        """For comparing."""
        return (self.events, self.input_tokens, self.output_tokens)


@dataclass
class Scribe:
    """Writes Claude Code's log lines, and knows what they add up to."""

    seed: int
    truth: Truth = field(default_factory=Truth)
    _made: int = 0

    def lines(self, count: int) -> str:
        """So many responses, one line each; some are told twice, as agents do while they stream."""
        chance = random.Random(self.seed * 1_000_003 + self._made)
        told: list[str] = []
        for _ in range(count):
            self._made += 1
            given, answered = chance.randrange(1, 900), chance.randrange(1, 700)
            if chance.random() < 0.3:
                told.append(self._line(given, 1))
            told.append(self._line(given, answered))
            self.truth.events += 1
            self.truth.input_tokens += given
            self.truth.output_tokens += answered
        return "".join(told)

    def _line(self, given: int, answered: int) -> str:
        moment = _BEGINNING + timedelta(seconds=17 * self._made)
        usage = {"input_tokens": given, "output_tokens": answered}
        message = {"id": f"msg_{self.seed}_{self._made}", "model": "claude-sonnet-4-5-20250929", "usage": usage}
        line = {
            "cwd": "/work/harbor",
            "sessionId": f"s{self.seed}",
            "version": "2.1.7",
            "message": message,
            "requestId": f"req_{self.seed}_{self._made}",
            "type": "assistant",
            "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        return json.dumps(line, separators=(",", ":")) + "\n"


class Desk:
    """A machine of someone's: its name, its home, its logs."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.user_home = folder / name
        self.home = self.user_home / ".devtime"
        self.projects = self.user_home / ".claude" / "projects" / "-work-harbor"
        self.projects.mkdir(parents=True)
        self._process: subprocess.Popen[bytes] | None = None

    def connect(self, endpoint: str, key: str) -> None:
        """Name the server in `config.toml`."""
        write_api(self.home, endpoint, key)

    def append(self, log: str, text: str) -> None:
        """Let a log grow."""
        with (self.projects / f"{log}.jsonl").open("a", encoding="utf-8") as file:
            file.write(text)

    def collect_once(self) -> str:
        """`devtime collect --once`; what it printed."""
        done = subprocess.run(
            [Path(sys.executable).with_name("devtime"), "collect", "--once"],
            env=self._environment(), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def start(self) -> None:
        """A collector that stays."""
        self._process = subprocess.Popen(
            [Path(sys.executable).with_name("devtime"), "collect"],
            env=self._environment(), stdout=subprocess.DEVNULL, stderr=(self.user_home / "log").open("ab"),
        )  # fmt: skip

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        """No collector outlives its test."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(30)

    def kill(self, number: int = signal.SIGKILL) -> int:
        """End it; the exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(30)

    def wait(self) -> int:
        """The exit code, once it ended by itself."""
        assert self._process is not None
        return self._process.wait(30)

    def another(self) -> Desk:
        """The same machine, for a second collector on it."""
        twin = Desk.__new__(Desk)
        twin.__dict__.update(self.__dict__)
        return twin

    def said(self) -> str:
        """What the collector logged."""
        return (self.user_home / "log").read_text("utf-8")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEVTIME_", "CLAUDE"))}
        return {**kept, "HOME": str(self.user_home), "DEVTIME_HOME": str(self.home), "DEVTIME_MACHINE": self.name,
                "NO_COLOR": "1", "COLUMNS": "200"}  # fmt: skip


def wait_until(is_so: object, patience_s: float = 60.0) -> None:
    """Ask again and again; AssertionError when it never is so."""
    assert callable(is_so)
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.1)
