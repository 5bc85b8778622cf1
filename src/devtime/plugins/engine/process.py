"""One worker process, seen from the server: started, given one run at a time, watched, killed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import msgspec

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine.answering import Answering, TooMuch
from devtime.plugins.engine.execution import Execution, Failure, HostCalls, LogLine, NoHost, Outcome
from devtime.plugins.engine.frames import (
    LARGEST_FRAME_BYTES,
    LENGTH_BYTES,
    Asked,
    Begin,
    Done,
    FromWorker,
    Logged,
    Order,
    Ready,
    Settle,
    Step,
    ToWorker,
    Transform,
    Unready,
    pack,
    read_report,
)
from devtime.plugins.engine.limits import GRACE_S, Limits

_LOG = logging.getLogger(__name__)
_START_S = 30.0
_DYING_S = 0.5
_BUFFER_BYTES = 1 << 18


class NotPrepared(Exception):
    """The worker found no sound compiled program."""


class WorkerProcess:
    """A worker that is ready. Not usable any more once a run was cut short."""

    def __init__(self, process: Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._is_sound = True
        self.steps: tuple[Step, ...] = ()
        self.runs = 0
        self.resident_bytes = 0
        self.has_answered = False

    @classmethod
    async def start(cls, folder: Path, without: frozenset[str] = frozenset(), niceness: int = 0) -> WorkerProcess:
        """A hardened worker; NotPrepared or Unavailable when there can be none."""
        ours, theirs = socket.socketpair()
        try:
            module = "devtime.plugins.engine.worker"
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", module, str(theirs.fileno()), str(folder), *sorted(without)),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=PIPE,
                env={},
                cwd="/",
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise Unavailable(f"A plugin worker cannot be started: {error}") from error
        finally:
            theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours, limit=_BUFFER_BYTES)
        worker = cls(process, reader, writer)
        try:
            worker.steps = await worker._greet()
            if niceness:
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, worker.pid, niceness)
        except BaseException:
            await worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is there, as far as is known."""
        return self._process.returncode is None

    @property
    def is_usable(self) -> bool:
        """Whether it waits for work, as far as is known."""
        return self._is_sound and self._process.returncode is None and not self._reader.at_eof()

    async def run(self, execution: Execution, host: HostCalls) -> Outcome:
        """Run it to its end, whatever that is; the worker may be dead afterwards."""
        order = Order(
            execution.file,
            execution.entry,
            msgspec.Raw(execution.args_json.encode()),
            execution.script,
            execution.modules,
            execution.foreign,
            execution.limits,
            execution.is_check,
        )
        answering = Answering(host, execution.capabilities, execution.limits, self._send)
        return await self._work(Begin(order, execution.prelude), execution.limits, answering)

    async def transform(self, file: str, source: str, limits: Limits) -> Outcome:
        """TypeScript into JavaScript."""
        answering = Answering(NoHost(), frozenset(), limits, self._send)
        return await self._work(Transform(file, source, limits), limits, answering)

    async def kill(self) -> None:
        """End it now, and wait until the system has taken it away."""
        self._is_sound = False
        self._writer.close()
        self._send_kill()
        await asyncio.shield(self._process.wait())

    def _send_kill(self) -> None:
        # Not Process.kill: that may take a dead process from whoever waits for it, and its end would be lost.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def _work(self, frame: ToWorker, limits: Limits, answering: Answering) -> Outcome:
        self.runs += 1
        self.has_answered = False
        was_sound, self._is_sound = self._is_sound, False
        logs: list[LogLine] = []
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(limits.time_ms / 1_000 + GRACE_S):
                self._send(frame)
                done = await self._listen(limits, answering, logs)
            self._is_sound = was_sound
            outcome = _outcome(done)
        except TimeoutError:
            outcome = Outcome("timeout", told="the time is up; the worker did not answer and was killed")
        except (EOFError, ConnectionError):
            outcome = Outcome("crashed", told=await self._tell_end())
        except (TooMuch, msgspec.DecodeError, UnicodeError) as error:
            _LOG.warning("Plugin worker %d broke the rules and was killed: %s", self.pid, error)
            outcome = Outcome("crashed", told="the worker broke the rules and was killed")
        finally:
            await asyncio.shield(answering.stop())
            if not self._is_sound:
                await self.kill()
        took_ms = outcome.duration_ms or (asyncio.get_running_loop().time() - started) * 1_000
        return msgspec.structs.replace(outcome, logs=tuple(logs), host_calls=answering.calls, duration_ms=took_ms)

    async def _listen(self, limits: Limits, answering: Answering, logs: list[LogLine]) -> Done:
        while True:
            frame = await self._receive()
            self.has_answered = True
            if isinstance(frame, Done):
                if len(bytes(frame.value)) > limits.result_bytes:
                    raise TooMuch("a result larger than a worker lets through")
                self.resident_bytes = _resident_bytes(self.pid) or frame.resident_bytes
                return frame
            if isinstance(frame, Asked):
                answering.take(frame)
            elif isinstance(frame, Logged):
                if len(logs) >= limits.log_lines:
                    raise TooMuch("more log lines than a worker lets through")
                logs.append(LogLine(frame.level, frame.text[: limits.log_chars]))
            else:
                raise TooMuch("a frame out of place")

    async def _greet(self) -> tuple[Step, ...]:
        try:
            async with asyncio.timeout(_START_S):
                frame = await self._receive()
        except TimeoutError:
            raise Unavailable(f"A plugin worker did not start within {_START_S:.0f} s.") from None
        except (EOFError, ConnectionError, msgspec.DecodeError):
            raise Unavailable(f"A plugin worker did not start: {await self._tell_end()}") from None
        if isinstance(frame, Unready):
            raise NotPrepared(frame.told)
        if not isinstance(frame, Ready):
            raise Unavailable("A plugin worker did not start: it speaks another language.")
        return frame.steps

    async def _receive(self) -> FromWorker:
        length = int.from_bytes(await self._reader.readexactly(LENGTH_BYTES), "big")
        if length > LARGEST_FRAME_BYTES:
            raise TooMuch("a frame longer than any may be")
        return read_report(await self._reader.readexactly(length))

    def _send(self, frame: ToWorker | Settle) -> None:
        if not self._writer.is_closing():
            self._writer.write(pack(frame))

    async def _tell_end(self) -> str:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DYING_S):
                await self._process.wait()
        self._send_kill()
        code = await self._process.wait()
        said = await self._process.stderr.read(1 << 16) if self._process.stderr else b""
        told = _END_BY_SIGNAL.get(-code, f"it ended with {code}")
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        _LOG.warning("Plugin worker %d: %s %s", self.pid, told, "".join(last)[:500])
        return f"the worker was lost: {told}"


_END_BY_SIGNAL = {
    int(signal.SIGSYS): "hardening stopped it at a system call it may not make",
    int(signal.SIGKILL): "it was killed",
    int(signal.SIGSEGV): "a fault in the engine",
    int(signal.SIGABRT): "a fault in the engine",
}


def _outcome(done: Done) -> Outcome:
    failure = None
    if done.thrown is not None:
        failure = Failure(done.thrown.name, done.thrown.message, done.thrown.stack).cut().placed()
    return Outcome(
        kind=done.kind,
        value_json=bytes(done.value).decode() if done.kind == "ok" else "",
        failure=failure,
        told=done.told[:500],
        duration_ms=done.duration_ms,
        memory_bytes=done.memory_bytes,
    )


def _resident_bytes(pid: int) -> int:
    """The memory a process has now; 0 where the system does not tell.

    What a worker says of itself is the most it ever had, and on Linux that begins with what its parent had.
    """
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
