"""The workers: started when they are needed, handed out in turns, replaced when they are worn or dead."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from devtime.kernel.errors import Invalid, Unavailable
from devtime.plugins.engine.execution import Execution, HostCalls, NoHost, Outcome
from devtime.plugins.engine.frames import Step
from devtime.plugins.engine.limits import SOURCE_BYTES, Limits
from devtime.plugins.engine.preparing import prepare
from devtime.plugins.engine.process import NotPrepared, WorkerProcess
from devtime.plugins.engine.turns import Turns

_RUNS = 1_000
_RESIDENT_BYTES = 150 << 20
_TRANSFORM_LIMITS = Limits(time_ms=5_000)

Work = Callable[[WorkerProcess], Awaitable[Outcome]]


class _Place:
    """Room for one worker, which may be empty."""

    def __init__(self) -> None:
        self.worker: WorkerProcess | None = None


class Pool:
    """Runs plugins for one server process or command, in its event loop.

    `folder` is where compiled programs are kept, ours alone. Callers of one key have at most `share` runs at once and
    take turns with the others; whoever waits longer than `queue_s` gets Unavailable, as does whoever comes when
    `queue_length` wait. `niceness` above 0 lets other processes of the machine go first.
    """

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 0,
        share: int = 0,
        queue_s: float = 10.0,
        queue_length: int = 1_000,
        niceness: int = 0,
        without: frozenset[str] = frozenset(),
    ) -> None:
        count = workers or max(2, os.cpu_count() or 2)
        self._folder = folder
        self._without = without
        self._niceness = niceness
        self._queue_s = queue_s
        self._queue_length = queue_length
        self._places = [_Place() for _ in range(count)]
        self._free = list(self._places)
        self._turns: Turns[asyncio.Future[_Place]] = Turns(share or max(1, count // 2))
        self._preparation = asyncio.Lock()
        self._is_prepared = False
        self._is_closed = False

    async def run(self, execution: Execution, host: HostCalls | None = None, *, key: str = "") -> Outcome:
        """Run it to its end. Invalid for what cannot be run, Unavailable when there is no worker in time."""
        execution.validate()
        return await self._work(key, lambda worker: worker.run(execution, host or NoHost()))

    async def transform(self, file: str, source: str, *, key: str = "") -> Outcome:
        """TypeScript into JavaScript: the text as `value_json`, or a failure with line and column."""
        if len(source.encode("utf-8", "replace")) > SOURCE_BYTES:
            raise Invalid("source", f"is longer than {SOURCE_BYTES:,} bytes")
        source = source.encode("utf-8", "replace").decode()
        return await self._work(key, lambda worker: worker.transform(file, source, _TRANSFORM_LIMITS))

    async def warm(self) -> None:
        """Start every worker now."""
        for place in self._places:
            if place.worker is None and place in self._free:
                self._free.remove(place)
                try:
                    await self._ready(place)
                finally:
                    self._put_back(place)

    async def close(self) -> None:
        """Refuse new runs, cut those under way short, and leave no process."""
        self._is_closed = True
        for ticket in self._turns.drain():
            if not ticket.done():
                ticket.set_exception(Unavailable("DevTime is shutting down."))
        workers = [place.worker for place in self._places if place.worker is not None]
        await asyncio.gather(*(worker.kill() for worker in workers))

    @property
    def is_closed(self) -> bool:
        """Whether it was closed: runs that were under way have crashed."""
        return self._is_closed

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Those of the workers there are."""
        workers = [place.worker for place in self._places if place.worker is not None]
        return tuple(worker.pid for worker in workers if worker.is_alive)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the hardening of a worker went; empty before the first was started."""
        return next((place.worker.steps for place in self._places if place.worker is not None), ())

    async def _work(self, key: str, work: Work) -> Outcome:
        place = await self._wait(key)
        try:
            worker = await self._ready(place)
            outcome = await work(worker)
            if outcome.kind == "crashed" and not worker.has_answered and not self._is_closed:
                # It was dead before it did anything that anyone could have seen, so it is no repetition.
                outcome = await work(await self._ready(place))
            return outcome
        finally:
            self._turns.finish(key)
            self._put_back(place)

    async def _wait(self, key: str) -> _Place:
        if self._is_closed:
            raise Unavailable("DevTime is shutting down.")
        if len(self._turns) >= self._queue_length:
            raise Unavailable("Too many plugins wait to run. Try again in a moment.")
        ticket: asyncio.Future[_Place] = asyncio.get_running_loop().create_future()
        self._turns.add(key, ticket)
        self._hand_out()
        try:
            async with asyncio.timeout(self._queue_s):
                return await asyncio.shield(ticket)
        except TimeoutError:
            self._give_up(key, ticket)
            raise Unavailable(f"No plugin worker was free within {self._queue_s:.0f} s. Try again later.") from None
        except asyncio.CancelledError:
            self._give_up(key, ticket)
            raise

    def _give_up(self, key: str, ticket: asyncio.Future[_Place]) -> None:
        if self._turns.leave(key, ticket):
            ticket.cancel()
        elif ticket.done() and not ticket.cancelled() and ticket.exception() is None:
            self._turns.finish(key)
            self._put_back(ticket.result())

    def _hand_out(self) -> None:
        while self._free and (taken := self._turns.take()):
            _, ticket = taken
            ticket.set_result(self._free.pop())

    def _put_back(self, place: _Place) -> None:
        self._free.append(place)
        if not self._is_closed:
            self._hand_out()

    async def _ready(self, place: _Place) -> WorkerProcess:
        worker = place.worker
        if worker is not None:
            await asyncio.sleep(0)  # lets the loop notice one that died while it was idle
            if worker.is_usable and worker.runs < _RUNS and worker.resident_bytes < _RESIDENT_BYTES:
                return worker
            place.worker = None
            await worker.kill()
        if self._is_closed:
            raise Unavailable("DevTime is shutting down.")
        place.worker = worker = await self._start()
        if self._is_closed:
            await worker.kill()
            raise Unavailable("DevTime is shutting down.")
        return worker

    async def _start(self) -> WorkerProcess:
        await self._prepare(again=False)
        with contextlib.suppress(NotPrepared):
            return await WorkerProcess.start(self._folder, self._without, self._niceness)
        await self._prepare(again=True)
        try:
            return await WorkerProcess.start(self._folder, self._without, self._niceness)
        except NotPrepared as error:
            raise Unavailable(f"The plugin engine cannot be loaded: {error}") from error

    async def _prepare(self, *, again: bool) -> None:
        async with self._preparation:
            if again or not self._is_prepared:
                await prepare(self._folder)
                self._is_prepared = True
