"""TypeScript into JavaScript, in a VM of its own, by the program that strips types."""

from __future__ import annotations

import time
from typing import cast

import msgspec
import wasmtime

from devtime.plugins.engine.execution import Kind
from devtime.plugins.engine.frames import Done, Thrown, Transform
from devtime.plugins.engine.worker.alarm import Alarm
from devtime.plugins.engine.worker.locating import locate
from devtime.plugins.engine.worker.running import resident_bytes
from devtime.plugins.engine.worker.virtual_machine import Broken, Program, VirtualMachine

_MEMORY_BYTES = 96 << 20
_STRIP_TYPES, _TS, _TSX = 1 << 8, 1 << 0, 1 << 1
_MADE, _UNCHANGED, _UNREADABLE = 0, 1, 3
_NULL = msgspec.Raw(b"null")


class Transformer:
    """Makes a VM for every file."""

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
        status, told, memory_bytes = self._attempt(order.file, order.source, until)
        if status in (_MADE, _UNCHANGED):
            made = told if status == _MADE else order.source
            return Done("ok", msgspec.Raw(msgspec.json.encode(made)), None, "", 0, memory_bytes, 0)
        name, message = "TransformError", told
        place = ""
        if status == _UNREADABLE:
            name, message = "SyntaxError", _complaint(told)
            line, column = locate(order.source, lambda text: self._complain(order.file, text, until))
            place = f"    at {order.file}:{line}:{column}" if line else ""
        return Done("thrown", _NULL, Thrown(name, message[:2_000], place), "", 0, memory_bytes, 0)

    def _complain(self, file: str, source: str, until: float) -> str:
        status, told, _ = self._attempt(file, source, until)
        return "" if status in (_MADE, _UNCHANGED) else _complaint(told)

    def _attempt(self, file: str, text: str, until: float) -> tuple[int, str, int]:
        """The program's answer, in a VM of its own: a number, JavaScript or complaint, the memory used."""
        store, exports = self._program.start(_MEMORY_BYTES)
        machine = VirtualMachine(store, exports, self._program.memory, until)
        name, source = file.encode(), text.encode("utf-8", "replace")
        flags = _STRIP_TYPES | (_TSX if file.endswith(("x", "X")) else _TS)
        places = [_place(self._program, machine, store, content) for content in (name, source)]
        status = machine.call("qjst_transform", places[0], len(name), places[1], len(source), flags)
        told = b""
        if status != _UNCHANGED:
            told = _read(self._program, machine, store, "result" if status == _MADE else "error")
        return status, told.decode("utf-8", "replace"), machine.memory_bytes


def _complaint(told: str) -> str:
    """Without the words around it, which name the file."""
    return told.partition(": ")[2] or told


def _place(program: Program, machine: VirtualMachine, store: wasmtime.Store, content: bytes) -> int:
    start = machine.call("qjst_alloc", len(content)) & 0xFFFFFFFF
    if content and not start:
        raise Broken("memory", "the source is too large")
    if content:
        program.memory.write(store, content, start)
    return start


def _read(program: Program, machine: VirtualMachine, store: wasmtime.Store, what: str) -> bytes:
    length = machine.call(f"qjst_{what}_len") & 0xFFFFFFFF
    return program.memory.read(store, machine.call(f"qjst_{what}_ptr") & 0xFFFFFFFF, length) if length else b""
