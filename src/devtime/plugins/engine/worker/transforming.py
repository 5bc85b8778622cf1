"""TypeScript into JavaScript, in a machine of its own, by the program that strips types."""

from __future__ import annotations

import time
from typing import cast

import msgspec
import wasmtime

from devtime.plugins.engine.execution import Kind
from devtime.plugins.engine.frames import Done, Thrown, Transform
from devtime.plugins.engine.worker.alarm import Alarm
from devtime.plugins.engine.worker.machine import Broken, Machine, Program
from devtime.plugins.engine.worker.running import resident_bytes

_MEMORY_BYTES = 96 << 20
_STRIP_TYPES, _TS, _TSX = 1 << 8, 1 << 0, 1 << 1
_MADE, _UNCHANGED, _UNREADABLE = 0, 1, 3
_NULL = msgspec.Raw(b"null")


class Transformer:
    """Makes a machine for every file."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module) -> None:
        self._program = Program(engine, module)
        self._alarm = Alarm(engine.increment_epoch)

    def transform(self, order: Transform) -> Done:
        """The JavaScript as a JSON string, or the syntax error as if it were thrown."""
        start = time.monotonic()
        until = start + order.limits.time_ms / 1_000
        self._alarm.arm(until)
        try:
            done = self._transform(order, until)
        except Broken as broken:
            done = Done(cast(Kind, broken.kind), _NULL, None, broken.told, 0, 0, 0)
        except (wasmtime.WasmtimeError, IndexError, UnicodeError) as error:
            done = Done("crashed", _NULL, None, f"the transform failed: {error}"[:300], 0, 0, 0)
        finally:
            self._alarm.disarm()
            self._program.memory.become(None)
        took_ms = (time.monotonic() - start) * 1_000
        return msgspec.structs.replace(done, duration_ms=took_ms, resident_bytes=resident_bytes())

    def _transform(self, order: Transform, until: float) -> Done:
        store, exports = self._program.start(_MEMORY_BYTES)
        machine = Machine(store, exports, self._program.memory, until)
        name, source = order.file.encode(), order.source.encode("utf-8", "replace")
        flags = _STRIP_TYPES | (_TSX if order.file.endswith(("x", "X")) else _TS)
        places = [_place(self._program, machine, store, text) for text in (name, source)]
        status = machine.call("qjst_transform", places[0], len(name), places[1], len(source), flags)
        memory_bytes = machine.memory_bytes
        if status == _MADE:
            made = _read(self._program, machine, store, "result").decode()
            return Done("ok", _text(made), None, "", 0, memory_bytes, 0)
        if status == _UNCHANGED:
            return Done("ok", _text(order.source), None, "", 0, memory_bytes, 0)
        told = _read(self._program, machine, store, "error").decode("utf-8", "replace")[:4_000]
        if status == _UNREADABLE:
            return Done("thrown", _NULL, Thrown("SyntaxError", told), "", 0, memory_bytes, 0)
        return Done("thrown", _NULL, Thrown("TransformError", told), "", 0, memory_bytes, 0)


def _text(text: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(text))


def _place(program: Program, machine: Machine, store: wasmtime.Store, content: bytes) -> int:
    start = machine.call("qjst_alloc", len(content)) & 0xFFFFFFFF
    if content and not start:
        raise Broken("memory", "the source is too large")
    if content:
        program.memory.write(store, content, start)
    return start


def _read(program: Program, machine: Machine, store: wasmtime.Store, what: str) -> bytes:
    length = machine.call(f"qjst_{what}_len") & 0xFFFFFFFF
    return program.memory.read(store, machine.call(f"qjst_{what}_ptr") & 0xFFFFFFFF, length) if length else b""
