"""One WebAssembly VM a run: made fresh, bounded in memory, stack and time, thrown away."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

import wasmtime

from devtime.plugins.engine.artifacts import GUEST
from devtime.plugins.engine.limits import SLACK_BYTES, Limits
from devtime.plugins.engine.worker.alarm import Alarm
from devtime.plugins.engine.worker.wasi import define_wasi

Ask = Callable[[bytes], bytes | None]
Exports = Mapping[str, object]

_PENDING, _FAILED = -1, -2
_MOST_SCRIPTS = 32


class Broken(Exception):
    """The VM cannot go on; `kind` is the outcome's."""

    def __init__(self, kind: str, told: str) -> None:
        super().__init__(told)
        self.kind = kind
        self.told = told


class Memory:
    """The memory of the VM that runs, whichever that is."""

    def __init__(self) -> None:
        self._memory: wasmtime.Memory | None = None

    def become(self, memory: wasmtime.Memory | None) -> None:
        """From now on this one."""
        self._memory = memory

    def write(self, store: wasmtime.Store | wasmtime.Caller, content: bytes, start: int) -> None:
        """Write; IndexError when that is outside."""
        if self._memory is None:
            raise IndexError("no memory yet")
        self._memory.write(store, bytearray(content), start)

    def read(self, store: wasmtime.Store | wasmtime.Caller, start: int, length: int) -> bytes:
        """Read; IndexError when that is outside."""
        if self._memory is None or start + length > self._memory.data_len(store):
            raise IndexError("read outside the memory")
        return bytes(self._memory.read(store, start, start + length))

    def size(self, store: wasmtime.Store) -> int:
        """How large it is by now, in bytes."""
        return self._memory.data_len(store) if self._memory else 0


class Program:
    """A compiled program with its imports, ready to become VMs."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module) -> None:
        self.engine = engine
        self.module = module
        self.memory = Memory()
        self.linker = wasmtime.Linker(engine)
        define_wasi(self.linker, module, self.memory)

    def start(self, memory_bytes: int) -> tuple[wasmtime.Store, Exports]:
        """A new VM of so much memory, whose time has begun: the alarm's next ring stops it."""
        store = wasmtime.Store(self.engine)
        store.set_limits(memory_size=memory_bytes, instances=1, memories=1, tables=2)
        store.set_epoch_deadline(1)
        exports = self.linker.instantiate(store, self.module).exports(store)
        memory = exports["memory"]
        self.memory.become(memory if isinstance(memory, wasmtime.Memory) else None)
        return store, exports


class Guests:
    """Makes VMs with QuickJS in them, one after the other."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module) -> None:
        self._program = Program(engine, module)
        self._boot = (GUEST / "boot.js").read_bytes()
        self._alarm = Alarm(engine.increment_epoch)
        self._ask: Ask = lambda message: None
        self._reply = b""
        self._code: dict[bytes, bytes] = {}
        self._define_imports()
        self._compiled(self._boot)

    def _define_imports(self) -> None:
        memory = self._program.memory

        def ask(caller: wasmtime.Caller, start: int, length: int) -> int:
            reply = self._ask(memory.read(caller, start & 0xFFFFFFFF, length & 0xFFFFFFFF))
            if reply is None:
                return -1
            self._reply = reply
            return len(reply)

        def take(caller: wasmtime.Caller, start: int) -> None:
            reply, self._reply = self._reply, b""
            memory.write(caller, reply, start & 0xFFFFFFFF)

        def seed() -> int:
            return int.from_bytes(os.urandom(8), "big", signed=True)

        i32, i64, linker = wasmtime.ValType.i32(), wasmtime.ValType.i64(), self._program.linker
        linker.define_func("devtime", "ask", wasmtime.FuncType([i32, i32], [i32]), ask, access_caller=True)
        linker.define_func("devtime", "take", wasmtime.FuncType([i32], []), take, access_caller=True)
        linker.define_func("devtime", "seed", wasmtime.FuncType([], [i64]), seed)

    def boot(self, limits: Limits, prelude: str, until: float, ask: Ask) -> VirtualMachine:
        """A new VM with the boot script run; it stops at that instant of the monotonic clock."""
        scripts = [("boot", self._compiled(self._boot)), ("furnish", self._compiled(prelude.encode()))]
        self._ask = ask
        machine = self._start(limits, until)
        for name, code in scripts:
            if code and machine.call(name, machine.put(code), len(code)) != 0:
                raise Broken("memory", "the VM did not start")
        return machine

    def _compiled(self, script: bytes) -> bytes:
        """One of our own scripts as QuickJS's code, made in a VM that never meets a plugin."""
        if script and script not in self._code:
            limits = Limits()
            machine = self._start(limits, time.monotonic() + limits.time_ms / 1_000)
            length = machine.call("compile", machine.put(script), len(script))
            if length < 0:
                raise Broken("crashed", "a prelude is no JavaScript")
            if len(self._code) >= _MOST_SCRIPTS:
                self._code.pop(next(reversed(self._code)))
            self._code[script] = machine.result(length)
        return self._code[script] if script else b""

    def _start(self, limits: Limits, until: float) -> VirtualMachine:
        self._alarm.arm(until)
        try:
            store, exports = self._program.start(limits.memory_bytes + SLACK_BYTES)
        except wasmtime.WasmtimeError as error:
            raise Broken("memory", f"the VM cannot be made: {error}") from error
        machine = VirtualMachine(store, exports, self._program.memory, until)
        machine.call("_initialize")
        if machine.call("start", limits.memory_bytes, limits.stack_bytes) != 0:
            raise Broken("memory", "the VM did not start")
        return machine

    def end(self) -> None:
        """No machine runs any more."""
        self._alarm.disarm()
        self._program.memory.become(None)
        self._ask = lambda message: None


class VirtualMachine:
    """A machine that runs. After Broken it is dead."""

    def __init__(self, store: wasmtime.Store, exports: Exports, memory: Memory, until: float) -> None:
        self._store = store
        self._exports = exports
        self._memory = memory
        self._until = until

    def send(self, message: bytes) -> bytes | None:
        """Hand it a message and let it work: what it answers, None while it waits for the host."""
        length = self.call("send", self.put(message), len(message))
        if length == _PENDING:
            return None
        if length <= _FAILED:
            raise Broken("memory", "the VM ran out of memory or stack")
        return self.result(length)

    def result(self, length: int) -> bytes:
        """What it keeps for us."""
        return self._memory.read(self._store, self.call("result") & 0xFFFFFFFF, length)

    @property
    def memory_bytes(self) -> int:
        """How much memory it took."""
        return self._memory.size(self._store)

    def put(self, content: bytes) -> int:
        """Where in its memory the content now is, for the guest to free."""
        start = self.call("room", len(content)) & 0xFFFFFFFF
        if not start:
            raise Broken("memory", "the VM is out of memory")
        self._memory.write(self._store, content, start)
        return start

    def call(self, name: str, *arguments: int) -> int:
        """Call an export; Broken when it stops for good."""
        function = self._exports[name]
        if not isinstance(function, wasmtime.Func):
            raise Broken("crashed", f"the program has no {name}")
        try:
            return int(function(self._store, *arguments) or 0)
        except wasmtime.Trap as trap:
            raise self._broken(trap) from trap

    def _broken(self, trap: wasmtime.Trap) -> Broken:
        if trap.trap_code == wasmtime.TrapCode.INTERRUPT or time.monotonic() >= self._until:
            return Broken("timeout", "the time is up")
        if trap.trap_code == wasmtime.TrapCode.STACK_OVERFLOW:
            return Broken("stack", "the stack is full")
        return Broken("memory", "the VM stopped: out of memory, or a fault in the engine")
