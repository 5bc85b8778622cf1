"""Running a file of tests, and what its tests may ask for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.engine import Execution, Failure, HostCalls, HostError, Limits, LogLine, Outcome
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.lifecycle.host import CAPABILITIES
from devtime.plugins.kinds.lifecycle.running import describe_end

_LIMITS = Limits(time_ms=120_000, host_calls=20_000, log_lines=1_000)
_CAPABILITIES = CAPABILITIES | {"test.begin", "test.end", "test.record", "test.call"}
_TESTS = "tests"
"""Whose turn in the pool it is: a run of tests waits while the plugin it calls takes a turn of its own."""


class Told(msgspec.Struct, frozen=True):
    """What a call of the plugin came to, as `t.tick()` and its like answer it."""

    value: msgspec.Raw
    logs: tuple[LogLine, ...]
    duration_ms: float
    memory_bytes: int


class Stage(Protocol):
    """Where tests play: a throw-away database with the plugin in it."""

    async def begin(self) -> str:
        """Make a fresh user, whom everything is about from now on: the id."""
        ...

    async def record(self, beats: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Record heartbeats; answers them as `on_heartbeat` gets them. Invalid for what is none."""
        ...

    async def call(self, trigger: str, heartbeat_json: bytes, body_json: bytes) -> Told:
        """Call the plugin; HostError when it has no such hook or endpoint, or failed."""
        ...

    def host(self) -> HostCalls:
        """The plugin's own rows and keys."""
        ...


class TestResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One test: passed when there is no `error`. The place is where the test stood."""

    __test__ = False

    file: str
    name: str
    duration_ms: float
    error: str = ""
    line: int = 0
    logs: tuple[LogLine, ...] = ()
    """What the plugin logged meanwhile."""


class _Failure(msgspec.Struct, frozen=True):
    message: str
    stack: str = ""


class _Tests:
    """The host calls of one file of tests."""

    def __init__(self, file: str, stage: Stage) -> None:
        self.results: list[TestResult] = []
        self.running = ""
        self._file = file
        self._stage = stage
        self._began_s = 0.0
        self._logs: list[LogLine] = []

    async def call(self, name: str, args_json: str) -> str:
        """The answer as JSON."""
        try:
            match name:
                case "test.begin":
                    (self.running,) = _read(args_json, tuple[str])
                    self._began_s, self._logs = time.monotonic(), []
                    return _json(await self._stage.begin())
                case "test.end":
                    _, failure = _read(args_json, tuple[str, _Failure | None])
                    self.end(failure)
                    return "null"
                case "test.record":
                    (beats,) = _read(args_json, tuple[list[dict[str, Any]]])
                    return _json(await self._stage.record(beats))
                case "test.call":
                    return await self._call_plugin(args_json)
                case _:
                    return await self._stage.host().call(name, args_json)
        except Invalid as error:
            raise HostError("invalid", f"{error.field}: {error.reason}" if error.field else error.reason) from None
        except msgspec.DecodeError:
            raise HostError("invalid", f"{name} was not called with what it takes") from None

    def end(self, failure: _Failure | None) -> None:
        """Note how the running test ended."""
        self.results.append(
            TestResult(
                file=self._file,
                name=self.running,
                duration_ms=(time.monotonic() - self._began_s) * 1_000,
                error=failure.message[:2_000] or "it failed" if failure else "",
                line=_line_in(self._file, failure.stack) if failure else 0,
                logs=tuple(self._logs),
            )
        )
        self.running = ""

    async def _call_plugin(self, args_json: str) -> str:
        trigger, heartbeat, body = _read(args_json, tuple[str, msgspec.Raw, msgspec.Raw])
        told = await self._stage.call(trigger, bytes(heartbeat), bytes(body))
        self._logs.extend(told.logs)
        return _json(told)


async def run_tests(pool: Pool, file: str, source: str, stage: Stage) -> list[TestResult]:
    """Run every test of a file, one after the other; what keeps the file from running at all is a failed test too."""
    tests = _Tests(file, stage)
    execution = Execution(
        _TESTS, script=source, file=file, prelude=_prelude(), capabilities=_CAPABILITIES, limits=_LIMITS
    )
    outcome = await pool.run(execution, tests, key=_TESTS)
    if outcome.kind != "ok":
        tests.results.append(_broken(file, tests.running, outcome))
    elif not tests.results:
        tests.results.append(TestResult(file, "(none)", 0, "the file declares no test"))
    return tests.results


def _broken(file: str, running: str, outcome: Outcome) -> TestResult:
    line = outcome.failure.line if outcome.failure is not None else 0
    return TestResult(file, running or "(the file)", outcome.duration_ms, describe_end(outcome), line)


def _line_in(file: str, stack: str) -> int:
    """The line of the test a failure came from: the prelude's own frames come first."""
    for frame in stack.splitlines():
        if f"{file}:" in frame:
            placed = Failure("", "", frame).placed()
            return placed.line if placed.file == file else 0
    return 0


def _read(args_json: str, kind: type[Any]) -> Any:
    return msgspec.json.decode(args_json.encode(), type=kind)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


@cache
def _prelude() -> str:
    return files("devtime.plugins.kit.trial").joinpath("prelude.js").read_text("utf-8")
