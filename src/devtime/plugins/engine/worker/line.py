"""The worker's end of the socket. Waiting has a deadline; a pool that is gone ends the process.

The socket never blocks and is waited for by poll, because a hardened process may not change it any more.
"""

from __future__ import annotations

import select
import socket
import time

from devtime.plugins.engine.frames import LARGEST_FRAME_BYTES, LENGTH_BYTES, FromWorker, ToWorker, pack, read_order


class TimeIsUp(Exception):
    """The deadline passed while waiting for the pool."""


class Line:
    """Frames over a socket."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self._socket = connection
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(connection, select.POLLIN)
        self._writable.register(connection, select.POLLOUT)

    def send(self, frame: FromWorker) -> None:
        """Hand a frame to the pool, however long it takes to read it."""
        view = memoryview(pack(frame))
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                self._writable.poll()
            except (BrokenPipeError, ConnectionResetError):
                raise SystemExit(0) from None

    def receive(self, until: float | None = None) -> ToWorker:
        """The next frame; TimeIsUp at that instant, SystemExit when the pool is gone."""
        length = int.from_bytes(self._read(LENGTH_BYTES, until), "big")
        if length > LARGEST_FRAME_BYTES:
            raise SystemExit("a frame is too long")
        return read_order(bytes(self._read(length, None)))

    def _read(self, length: int, until: float | None) -> bytearray:
        buffer = bytearray(length)
        view, done = memoryview(buffer), 0
        while done < length:
            try:
                got = self._socket.recv_into(view[done:])
            except BlockingIOError:
                self._wait(None if done else until)
                continue
            except ConnectionResetError:
                got = 0
            if not got:
                raise SystemExit(0)
            done += got
        return buffer

    def _wait(self, until: float | None) -> None:
        left_ms = None if until is None else (until - time.monotonic()) * 1_000
        if left_ms is not None and left_ms <= 0:
            raise TimeIsUp
        self._readable.poll(left_ms)
