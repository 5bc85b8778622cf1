"""The little of WASI the programs import: the clock is real, chance is drawn by us, every file is closed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Protocol

import wasmtime

_MODULE = "wasi_snapshot_preview1"
_OK, _BAD_FILE, _FAULT = 0, 8, 21
_LARGEST_DRAW = 4_096


class Writes(Protocol):
    """Whatever puts bytes into the memory of the VM that runs."""

    def write(self, store: wasmtime.Caller, content: bytes, start: int) -> None:
        """Write; wasmtime.WasmtimeError or IndexError when that is outside."""
        ...


Answers = Callable[..., int | None]


def define_wasi(linker: wasmtime.Linker, module: wasmtime.Module, memory: Writes) -> None:
    """Give the module every import it has of WASI."""

    def clock_time_get(caller: wasmtime.Caller, clock: int, precision: int, start: int) -> int:
        now_ns = time.time_ns() if clock == 0 else time.monotonic_ns()
        return _put(caller, now_ns.to_bytes(8, "little"), start)

    def random_get(caller: wasmtime.Caller, start: int, length: int) -> int:
        return _put(caller, os.urandom(length), start) if 0 <= length <= _LARGEST_DRAW else _FAULT

    def environ_sizes_get(caller: wasmtime.Caller, count: int, size: int) -> int:
        return _put(caller, bytes(4), count) or _put(caller, bytes(4), size)

    def environ_get(caller: wasmtime.Caller, entries: int, texts: int) -> int:
        return _OK

    def proc_exit(caller: wasmtime.Caller, code: int) -> None:
        raise wasmtime.Trap("the program ended itself")

    def closed(caller: wasmtime.Caller, *arguments: int) -> int:
        return _BAD_FILE

    def _put(caller: wasmtime.Caller, content: bytes, start: int) -> int:
        try:
            memory.write(caller, content, start & 0xFFFFFFFF)
        except (IndexError, ValueError, wasmtime.WasmtimeError):
            return _FAULT
        return _OK

    known: dict[str, Answers] = {
        "clock_time_get": clock_time_get,
        "random_get": random_get,
        "environ_sizes_get": environ_sizes_get,
        "environ_get": environ_get,
        "proc_exit": proc_exit,
    }
    for wanted in module.imports:
        name, kind = wanted.name, wanted.type
        if wanted.module == _MODULE and name is not None and isinstance(kind, wasmtime.FuncType):
            linker.define_func(_MODULE, name, kind, known.get(name, closed), access_caller=True)
