"""What the ledger remembers of each log, and reading on where it stopped. Turns files into readings; stores nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from devtime.kernel.digests import blake2b
from devtime.ledger.glance import Stamp
from devtime.readers.reader import LogFile, Piece, Reading, Skipped, Sorted

BLOCK_BYTES = 4 << 20
MOST_LINE_BYTES = 32 << 20
"""A longer line is skipped: no response takes as much."""

MOST_DOCUMENT_BYTES = 512 << 20

MOST_SKIPPED = 100
"""Of each log so many skipped places are remembered; all are counted."""

_HEAD_BYTES = 1_024
_EDGE_BYTES = 256


Ask = Callable[[Piece], Reading | Sorted]
"""One of the two ways of a reader."""

FILE_MARKS = ", ".join("?" * 17)
"""A mark for each column of `files`."""


class Log:
    """One log: where it lies, how it was when it was read, and how far."""

    __slots__ = (
        "agent",
        "edge",
        "head",
        "id",
        "inode",
        "is_gone",
        "is_in_long_line",
        "is_trouble",
        "memory",
        "mtime_ns",
        "path",
        "position",
        "relative",
        "shape",
        "size",
        "skipped",
        "tail",
    )

    def __init__(self, id: int, agent: str, shape: str, path: bytes, relative: bytes) -> None:
        self.id = id
        self.agent = agent
        self.shape = shape
        self.path = path
        self.relative = relative
        self.size = -1
        self.mtime_ns = 0
        self.inode = 0
        self.is_gone = False
        self.is_trouble = False
        self.skipped = 0
        self.rewind()

    def rewind(self) -> None:
        """Forget how far it was read."""
        self.position = 0
        self.head = b""
        self.edge = b""
        self.tail = b""
        self.memory = b""
        self.is_in_long_line = False

    @property
    def order(self) -> tuple[bytes, bytes]:
        """Of two logs that tell the same event in the same way, the one that sorts first counts."""
        return self.relative, self.path

    def row(self) -> tuple[object, ...]:
        """As it is stored in `files`."""
        return (
            self.id,
            self.agent,
            self.shape,
            self.path,
            self.relative,
            self.size,
            self.mtime_ns,
            self.inode,
            self.position,
            self.head,
            self.edge,
            self.tail,
            self.memory,
            self.is_in_long_line,
            self.is_gone,
            self.is_trouble,
            self.skipped,
        )

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> Log:
        """From a row of `files`."""
        log = cls.__new__(cls)
        (
            log.id,
            log.agent,
            log.shape,
            log.path,
            log.relative,
            log.size,
            log.mtime_ns,
            log.inode,
            log.position,
            log.head,
            log.edge,
            log.tail,
            log.memory,
            log.is_in_long_line,
            log.is_gone,
            log.is_trouble,
            log.skipped,
        ) = row
        return log


def is_anew(log: Log, stamp: Stamp, descriptor: int) -> bool:
    """Whether the file is another one than was read before, or was changed where it was read."""
    if log.size < 0 or not stamp.size:
        return False
    if stamp.inode != log.inode or stamp.size < log.position:
        return True
    if stamp.size == log.size and stamp.mtime_ns != log.mtime_ns:
        return True
    return (
        bool(log.head and log.head != _mark(descriptor, 0, log.head[0] * 8))
        or bool(log.edge and log.edge != _edge(descriptor, log.position))
        or bool(log.tail and log.tail != _tail(descriptor, log.position, log.tail))
    )


def _mark(descriptor: int, begin: int, length: int) -> bytes:
    """A stretch of the file as a length (in eights) and a digest."""
    return bytes((length // 8 & 0xFF,)) + blake2b(os.pread(descriptor, length, begin), digest_size=8).digest()


def _edge(descriptor: int, position: int) -> bytes:
    begin = max(0, position - _EDGE_BYTES)
    return blake2b(os.pread(descriptor, position - begin, begin), digest_size=8).digest()


def _tail(descriptor: int, position: int, stored: bytes) -> bytes:
    """The stretch that was counted although its line was not whole, and that its line ends there by now, or still."""
    length = int.from_bytes(stored[:4], "little")
    data = os.pread(descriptor, length + 1, position)
    is_end = len(data) == length or data[length:].isspace()
    return _tail_mark(data[:length]) if is_end else b"-"


def _tail_mark(data: bytes) -> bytes:
    return len(data).to_bytes(4, "little") + blake2b(data, digest_size=8).digest()


def read_log(ask: Ask, log: Log, descriptor: int, stamp: Stamp) -> Iterator[Reading | Sorted]:
    """Read on from where the log stopped, and let the log remember how far it was read when the iterator ends."""
    file = LogFile(
        path=Path(os.fsdecode(log.path)),
        relative=os.fsdecode(log.relative),
        modified_ms=stamp.mtime_ns // 1_000_000,
    )
    if log.shape == "lines":
        yield from _read_lines(ask, log, file, descriptor, stamp.size)
    elif log.shape == "database":
        yield _read(ask, Piece(file=file))
    elif stamp.size > MOST_DOCUMENT_BYTES:
        yield Reading(skipped=[Skipped(0, "the file is too large to be a log")])
    else:
        yield _read(ask, Piece(file=file, data=_read_all(descriptor, stamp.size)))
    log.size, log.mtime_ns, log.inode = stamp.size, stamp.mtime_ns, stamp.inode


def _read(ask: Ask, piece: Piece) -> Reading | Sorted:
    """What a reader makes of a piece. None ought to raise; one that does costs its own log only."""
    try:
        return ask(piece)
    except Exception as error:
        return Reading(skipped=[Skipped(piece.offset, f"the reader failed with {type(error).__name__}")])


def open_log(log: Log) -> int:
    """A descriptor of the log; it never waits, whatever the file is."""
    return os.open(log.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))


def _read_all(descriptor: int, size: int) -> bytes:
    blocks: list[bytes] = []
    position = 0
    while position < size and (block := os.pread(descriptor, min(BLOCK_BYTES, size - position), position)):
        blocks.append(block)
        position += len(block)
    return b"".join(blocks)


def _read_lines(ask: Ask, log: Log, file: LogFile, descriptor: int, size: int) -> Iterator[Reading | Sorted]:
    """Whole lines, block by block. What follows the last line feed is read too but stays to be read again."""
    position = log.position
    rest = b""
    while position + len(rest) < size:
        begin = position + len(rest)
        block = os.pread(descriptor, min(BLOCK_BYTES, size - begin), begin)
        if not block:
            break
        if log.is_in_long_line:
            line_feed = block.find(b"\n")
            position += len(block) if line_feed < 0 else line_feed + 1
            log.is_in_long_line = line_feed < 0
            continue
        cut = block.rfind(b"\n") + 1
        if cut:
            data = rest + block[:cut] if rest or cut < len(block) else block
            reading = _read(ask, Piece(file=file, data=data, offset=position, memory=log.memory))
            log.memory = reading.memory
            yield reading
            position += len(data)
            rest = block[cut:]
        elif len(rest) + len(block) > MOST_LINE_BYTES:
            yield Reading(skipped=[Skipped(position, "the line is longer than any log's")])
            position += len(rest) + len(block)
            rest = b""
            log.is_in_long_line = True
        else:
            rest += block
    log.position = position
    log.tail = b""
    if rest:
        tail = _read(ask, Piece(file=file, data=rest, offset=position, memory=log.memory))
        if tail.events if isinstance(tail, Reading) else tail.kinds:
            log.tail = _tail_mark(rest)
            tail.skipped = []
            yield tail
    if position and not log.head:
        log.head = _mark(descriptor, 0, min(_HEAD_BYTES, position) // 8 * 8)
    log.edge = _edge(descriptor, position)
