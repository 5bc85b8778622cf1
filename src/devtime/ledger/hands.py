"""Other processes that help to build a ledger: started, given logs, waited for. They die with the one they help."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from array import array
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devtime.kernel.errors import Unavailable
from devtime.ledger.logs import Log

_NUMBER_BYTES = 4
_PIPE_BYTES = 65_536
"""What a pipe holds at least on the systems we know; so many numbers can lie in it unread."""

_START = "from devtime.ledger.worker import run; run()"


class Tasks:
    """Numbers that several processes take from one pipe, each number once: who is fast gets more."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._rest = list(numbers)
        self.descriptor, self._filling = os.pipe()
        os.set_blocking(self._filling, False)

    def __enter__(self) -> Tasks:
        self.fill()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)
        if self._filling >= 0:
            os.close(self._filling)

    def fill(self) -> None:
        """Put in as many as there is room for; close the pipe behind the last."""
        while self._rest and self._filling >= 0:
            some = self._rest[: _PIPE_BYTES // _NUMBER_BYTES // 16]
            try:
                written = os.write(self._filling, b"".join(n.to_bytes(_NUMBER_BYTES, "little") for n in some))
            except BlockingIOError:
                return
            self._rest = self._rest[written // _NUMBER_BYTES :]
        if self._filling >= 0:
            os.close(self._filling)
            self._filling = -1

    def __iter__(self) -> Iterator[int]:
        while True:
            self.fill()
            number = os.read(self.descriptor, _NUMBER_BYTES)
            if not number:
                return
            yield int.from_bytes(number, "little")


def take_tasks(descriptor: int) -> Iterator[int]:
    """The numbers a helping process gets."""
    while number := os.read(descriptor, _NUMBER_BYTES):
        yield int.from_bytes(number, "little")


class Share:
    """What a helping process did: how much it read, and the ids of the events it stored, by key."""

    def __init__(self, read: int, read_bytes: int, skipped: int, keys: bytes, ids: bytes) -> None:
        self.read = read
        self.read_bytes = read_bytes
        self.skipped = skipped
        self.ids: dict[int, int] = dict(zip(array("q", keys), array("q", ids), strict=True))


class Hand:
    """A helping process and the database it fills."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path) -> None:
        self._process = process
        self.path = path

    def wait(self) -> Share:
        """What it did, once it is done. Unavailable if it came to nothing."""
        answer, _ = self._process.communicate()
        if self._process.returncode or not answer:
            raise Unavailable("A process that helped to read the logs ended before it was done.")
        return Share(*marshal.loads(answer))  # noqa: S302 - from our own process

    def stop(self) -> None:
        """End it if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


@contextmanager
def start_hands(tasks: Tasks, logs: Sequence[Log], path: Path, count: int) -> Generator[list[Hand]]:
    """So many helping processes, each with a share number and a database beside the ledger."""
    hands: list[Hand] = []
    described = [(log.id, log.agent, log.shape, log.path, log.relative) for log in logs]
    try:
        for share in range(1, count + 1):
            draft = path.with_name(f"{path.name}.new-{os.getpid()}-{share}")
            hands.append(_start(tasks, draft, {"share": share, "draft": str(draft), "logs": described}))
        yield hands
    finally:
        for hand in hands:
            hand.stop()


def _start(tasks: Tasks, draft: Path, order: dict[str, Any]) -> Hand:
    process = subprocess.Popen(
        [sys.executable, "-c", _START, str(tasks.descriptor)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(tasks.descriptor,),
    )
    assert process.stdin is not None  # noqa: S101 - asked for
    process.stdin.write(marshal.dumps(order))
    process.stdin.flush()
    process.stdin.close()
    process.stdin = None
    return Hand(process, draft)
