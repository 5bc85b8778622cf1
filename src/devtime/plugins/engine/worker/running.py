"""A run in the worker: passes what the guest asks to the pool and the answers back, and counts for itself."""

from __future__ import annotations

import resource
import sys
import time
from typing import Literal, cast

import msgspec

from devtime.plugins.engine.execution import Kind, Level
from devtime.plugins.engine.frames import Asked, Begin, Done, Logged, Order, Settle, Thrown
from devtime.plugins.engine.limits import Limits
from devtime.plugins.engine.worker.line import Line, TimeIsUp
from devtime.plugins.engine.worker.virtual_machine import Broken, Guests

_NAME_CHARS = 200
_NULL = msgspec.Raw(b"null")


class _Log(msgspec.Struct, frozen=True, array_like=True, tag="log"):
    level: Level
    text: str


class _Call(msgspec.Struct, frozen=True, array_like=True, tag="call"):
    id: int
    name: str
    args: msgspec.Raw


class _Sync(msgspec.Struct, frozen=True, array_like=True, tag="sync"):
    id: int
    name: str
    args: msgspec.Raw


class _Ending(msgspec.Struct, frozen=True):
    kind: Literal["ok", "thrown", "missing", "deadlock", "memory", "limit"]
    value: msgspec.Raw = _NULL
    error: Thrown | None = None
    told: str = ""


_MESSAGES: msgspec.json.Decoder[_Log | _Call | _Sync] = msgspec.json.Decoder(_Log | _Call | _Sync)
_ENDINGS: msgspec.json.Decoder[_Ending] = msgspec.json.Decoder(_Ending)
_ENCODER = msgspec.json.Encoder()


def resident_bytes() -> int:
    """The most memory this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1_024


def run(guests: Guests, line: Line, begin: Begin) -> Done:
    """From the order to the end, in a VM of its own."""
    return _Run(guests, line, begin).to_the_end()


def _is_full(ending: Done, memory_bytes: int, limits: Limits) -> bool:
    """Whether the engine threw null because not even an error fits into what memory is left."""
    thrown = ending.thrown
    return thrown is not None and (thrown.name, thrown.message) == ("", "null") and memory_bytes >= limits.memory_bytes


class _Run:
    def __init__(self, guests: Guests, line: Line, begin: Begin) -> None:
        self._guests = guests
        self._line = line
        self._order: Order = begin.order
        self._prelude = begin.prelude
        self._limits: Limits = begin.order.limits
        self._until = 0.0
        self._calls = 0
        self._logs = 0
        self._awaited: set[int] = set()
        self._early: list[Settle] = []

    def to_the_end(self) -> Done:
        start = time.monotonic()
        self._until = start + self._limits.time_ms / 1_000
        memory_bytes = 0
        try:
            machine = self._guests.boot(self._limits, self._prelude, self._until, self._answer)
            try:
                answer = machine.send(_ENCODER.encode(["begin", self._order]))
                while answer is None:
                    answer = machine.send(_ENCODER.encode(["settle", *self._settled()]))
            finally:
                memory_bytes = machine.memory_bytes
            ending = self._read_ending(answer)
        except Broken as broken:
            ending = Done(cast(Kind, broken.kind), _NULL, None, broken.told, 0, 0, 0)
        except TimeIsUp:
            ending = Done("timeout", _NULL, None, "the time is up", 0, 0, 0)
        except (msgspec.DecodeError, IndexError, UnicodeError) as error:
            ending = Done("crashed", _NULL, None, f"the VM said something strange: {error}"[:300], 0, 0, 0)
        finally:
            self._guests.end()
        if _is_full(ending, memory_bytes, self._limits):
            ending = Done("memory", _NULL, None, "the VM is out of memory", 0, 0, 0)
        return msgspec.structs.replace(
            ending,
            duration_ms=(time.monotonic() - start) * 1_000,
            memory_bytes=memory_bytes,
            resident_bytes=resident_bytes(),
        )

    def _read_ending(self, answer: bytes) -> Done:
        if len(answer) > self._limits.result_bytes + 200:
            return Done("limit", _NULL, None, f"the result is larger than {self._limits.result_bytes} bytes", 0, 0, 0)
        ending = _ENDINGS.decode(answer)
        return Done(ending.kind, ending.value, ending.error, ending.told, 0, 0, 0)

    def _answer(self, message: bytes) -> bytes | None:
        if len(message) > self._limits.message_bytes + _NAME_CHARS * 6 + 100:
            raise Broken("limit", f"a host call larger than {self._limits.message_bytes} bytes")
        asked = _MESSAGES.decode(message)
        if isinstance(asked, _Log):
            self._log(asked)
            return None
        self._calls += 1
        if self._calls > self._limits.host_calls or len(self._awaited) >= self._limits.in_flight:
            raise Broken("limit", "too many host calls")
        if len(asked.name) > _NAME_CHARS or asked.id in self._awaited:
            raise Broken("limit", "a host call that makes no sense")
        self._awaited.add(asked.id)
        self._line.send(Asked(asked.id, asked.name, asked.args))
        return self._reply(asked.id) if isinstance(asked, _Sync) else None

    def _log(self, log: _Log) -> None:
        self._logs += 1
        if self._logs <= self._limits.log_lines:
            self._line.send(Logged(log.level, log.text[: self._limits.log_chars]))

    def _reply(self, id: int) -> bytes:
        while True:
            settled = self._receive()
            if settled.id == id:
                return _ENCODER.encode([settled.is_good, settled.value])
            self._early.append(settled)

    def _settled(self) -> list[tuple[int, bool, msgspec.Raw]]:
        settled, self._early = self._early or [self._receive()], []
        return [(one.id, one.is_good, one.value) for one in settled]

    def _receive(self) -> Settle:
        while True:
            frame = self._line.receive(self._until)
            if not isinstance(frame, Settle):
                raise SystemExit("work while at work" if isinstance(frame, Begin) else "a frame out of place")
            if frame.id in self._awaited:
                self._awaited.remove(frame.id)
                return frame
