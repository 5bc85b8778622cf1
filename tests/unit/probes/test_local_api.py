"""The local API under requests that mean it no good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from devtime.kernel.errors import Unavailable
from devtime.probes import local_api
from devtime.probes.local_api import LocalApi, is_loopback
from devtime.probes.prober import State

GOOD = b"GET /v1/usage HTTP/1.1\r\nHost: localhost\r\n\r\n"


@asynccontextmanager
async def serving(states: local_api.States = tuple) -> AsyncIterator[LocalApi]:
    """A server that has nothing to tell."""
    api = LocalApi(states, 0)
    await api.start()
    try:
        yield api
    finally:
        await api.close()


async def send(api: LocalApi, request: bytes) -> tuple[int, bytes, bytes]:
    """Status, head and body of the answer; 0 for none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    try:
        writer.write(request)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]) if head else 0, head, body
    finally:
        writer.close()


async def settle(api: LocalApi, connections: int) -> None:
    """Until the server holds so many."""
    for _ in range(3_000):
        if api._connections == connections:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{api._connections} connections are held")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example:127.0.0.1",
        "[::1]evil.example",
        "[::1",
        "[]",
        "localhost:80:evil",
        "localhost:",
        "127.0.0.1:x",
        "127.0.0.1, evil.example",
        "127.0.0.1.",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "[::]",
        "192.168.0.1",
        "localhost\tevil",
        "lo\u0441alhost",
        "1" * 4_000,
    ],
)
def test_only_this_machine_by_its_own_names_is_meant(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:6736", "127.0.0.1:1", "127.9.9.9", "[::1]", "[::1]:6736"])
def test_this_machine_has_several_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /v1/usage HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
        (b"OPTIONS /v1/usage HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n", 403),
        (b"GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET /v1/limits HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
        (b"GET /v1/limits HTTP/1.1\r\nX-Forwarded-Host: localhost\r\n\r\n", 400),
        (b"GET http://localhost/v1/usage HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET //v1/usage HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /v1/../v1/usage HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /v1/usage/%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /v1/usage/\xff\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /v1/usage/" + b"a" * 3_900 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /v1/usage/" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /v1/usage/" + b"a" * 3_000_000, 400),
        (b"GET /v1/usage HTTP/2\r\nHost: localhost\r\n\r\n", 400),
        (b"get /v1/usage HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"POST /v1/usage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000, 405),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (GOOD, 200),
    ],
    ids=range(18),
)
async def test_hostile_requests_are_answered_and_no_page_may_read_it(request_: bytes, status: int) -> None:
    async with serving() as api:
        answered, head, body = await send(api, request_)
        assert (answered, b"access-control" in head.lower()) == (status, False)
        assert status == 200 or set(json.loads(body)) == {"error"}
        assert (await send(api, GOOD))[0] == 200


async def test_many_at_once_are_answered_or_told_that_there_are_too_many() -> None:
    async with serving() as api:
        idle = [await asyncio.open_connection("127.0.0.1", api.port) for _ in range(16)]
        await settle(api, 16)
        answers = await asyncio.gather(*(send(api, GOOD) for _ in range(60)))
        assert {(status, body) for status, _, body in answers} == {(503, b'{"error":"server_busy"}')}
        for reader, writer in idle:
            writer.write(GOOD)
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()
        await settle(api, 0)
        assert (await send(api, GOOD))[0] == 200


async def test_who_is_slow_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_api, "_PATIENCE_S", 0.2)
    monkeypatch.setattr(local_api, "_FAREWELL_S", 0.2)
    async with serving() as api:
        reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
        writer.write(GOOD[:20])
        assert await reader.read() == b""
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
        writer.write(GOOD)
        await reader.read()
        await settle(api, 0)  # who reads the answer and stays is no burden either
        writer.close()


async def test_a_book_that_cannot_be_read_is_told() -> None:
    def broken() -> Iterable[tuple[State, bool]]:
        raise Unavailable("no")

    async with serving(broken) as api:
        assert (await send(api, GOOD))[::2] == (503, b'{"error":"unavailable"}')
