"""The load: a process of its own that sends prebuilt requests over kept-alive connections and notes how long each took.

Reads an order from standard input and writes an outcome to standard output, both JSON.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import cast

import msgspec
import uvloop


class Order(msgspec.Struct):
    """Where to send, and for each connection its requests, in order."""

    port: int
    connections: list[list[bytes]]


class Outcome(msgspec.Struct):
    """How long all took, and each request; how many were not answered with success, and what one of them said."""

    seconds: float
    latencies_ms: list[float]
    failures: int
    example: str

    def percentile_ms(self, percent: float) -> float:
        """The latency that so many per cent of the requests did not exceed."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def send(port: int, connections: Sequence[Sequence[bytes]]) -> Outcome:
    """Send all requests, each connection waiting for an answer before its next one, from a process of its own."""
    order = msgspec.msgpack.encode(Order(port, [list(requests) for requests in connections]))
    run = subprocess.run([sys.executable, "-m", "tests.bench.sending"], input=order, stdout=subprocess.PIPE, check=True)
    return msgspec.msgpack.decode(run.stdout, type=Outcome)


class _Connection(asyncio.Protocol):
    """One connection, one request in flight."""

    def __init__(self, requests: list[bytes], done: asyncio.Future[None]) -> None:
        self.latencies_ms: list[float] = []
        self.failures = 0
        self.example = ""
        self._requests = iter(requests)
        self._done = done
        self._received = bytearray()
        self._expected = 0
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = cast("asyncio.Transport", transport)

    def go(self) -> None:
        """Send the next request, or end."""
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            self._done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Wait for the answer to be whole."""
        self._received += data
        if not self._expected:
            head, end, _ = self._received.partition(b"\r\n\r\n")
            if not end:
                return
            lower = bytes(head).lower()
            length = lower.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
            self._expected = len(head) + 4 + int(length)
        if len(self._received) >= self._expected:
            self._note()
            self.go()

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection that closes before its time is a failure."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _note(self) -> None:
        self.latencies_ms.append((time.perf_counter() - self._sent_at) * 1_000)
        if not self._received.startswith(b"HTTP/1.1 20"):
            self.failures += 1
            self.example = bytes(self._received[:400]).decode(errors="replace")
        self._received.clear()
        self._expected = 0


async def _send_all(order: Order) -> Outcome:
    loop = asyncio.get_running_loop()
    opened: list[_Connection] = []
    futures: list[asyncio.Future[None]] = []
    for requests in order.connections:
        done: asyncio.Future[None] = loop.create_future()
        _, connection = await loop.create_connection(
            lambda r=requests, d=done: _Connection(r, d), "127.0.0.1", order.port
        )
        opened.append(connection)
        futures.append(done)
    start = time.perf_counter()
    for connection in opened:
        connection.go()
    await asyncio.gather(*futures)
    return Outcome(
        time.perf_counter() - start,
        [latency for connection in opened for latency in connection.latencies_ms],
        sum(connection.failures for connection in opened),
        next((connection.example for connection in opened if connection.example), ""),
    )


if __name__ == "__main__":
    wanted = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(_send_all(wanted))))
