"""The local API: what probes last said, for other programs of this machine, as OpenUsage tells it on the same paths.

Loopback only, and only for whoever calls it so: a page of the web can neither ask it by another name nor read it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Literal

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import DevTimeError
from devtime.plugins.kinds.probe.lines import Count, Dollars, Line, Progress
from devtime.plugins.kinds.probe.pace import Pace, pace_of, resets_at_ms
from devtime.plugins.kinds.probe.snapshot import Snapshot, to_iso
from devtime.probes.prober import COOL_DOWN_MS, State

_MOST_CONNECTIONS = 16
_MOST_BYTES = 4_096
_PATIENCE_S = 5.0
_FAREWELL_S = 1.0
"""For so long what a client still sends is thrown away, so that it reads the answer before it is hung up on."""
_REASONS = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    503: "Service Unavailable",
}
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9.-]+))(?::[0-9]{1,5})?", re.ASCII)
_WORDS = re.compile(r"[^A-Za-z0-9]+")

Route = Literal["usage", "limits"]


class Usage(msgspec.Struct, frozen=True, rename="camel"):
    """A snapshot in `/v1/usage`."""

    provider_id: str
    display_name: str
    plan: str | None
    lines: tuple[Line, ...]
    fetched_at: str


class Resource(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A limit in `/v1/limits`: plain numbers with their unit."""

    kind: str
    label: str
    unit: str
    used: float
    limit: float
    remaining: float
    utilization: float
    resets_at: str | None = None
    window_seconds: int | None = None
    pace: str | None = None
    projected: float | None = None
    runs_out_at: str | None = None


class Limits(msgspec.Struct, frozen=True, rename="camel"):
    """A provider in `/v1/limits`."""

    display_name: str
    plan: str | None
    fetched_at: str
    expires_at: str
    stale: bool
    resources: dict[str, Resource]


class Answer(msgspec.Struct, frozen=True):
    """Status and body."""

    status: int
    body: bytes = b""


States = Callable[[], Iterable[tuple[State, bool]]]
"""Every instance in order, and whether it is enabled; asked anew for each request."""


def answer_request(method: str, target: str, host: str, states: States) -> Answer:
    """The answer to a request. `host` is its Host header."""
    if not is_loopback(host):
        return _error(403, "forbidden_host")
    path = target.partition("?")[0].rstrip("/") or "/"
    steps = path.split("/")
    if len(steps) not in (3, 4) or steps[:2] != ["", "v1"] or steps[2] not in ("usage", "limits"):
        return _error(404, "not_found")
    if method == "OPTIONS":
        return Answer(204)
    if method != "GET":
        return _error(405, "method_not_allowed")
    there = list(states())
    if len(steps) == 3:
        chosen = [state for state, is_enabled in there if is_enabled]
        return Answer(200, _usage_list(chosen) if steps[2] == "usage" else _limits(chosen))
    chosen = [state for state, _ in there if state.instance.id == steps[3]]
    if not chosen:
        return _error(404, "provider_not_found")
    if steps[2] == "limits":
        return Answer(200, _limits(chosen))
    good = _good(chosen[0])
    return Answer(200, msgspec.json.encode(usage_of(good))) if good else Answer(204)


def _error(status: int, code: str) -> Answer:
    return Answer(status, msgspec.json.encode({"error": code}))


def _good(state: State) -> Snapshot | None:
    return state.snapshot if state.snapshot is not None and not state.snapshot.has_errors else None


def usage_of(snapshot: Snapshot) -> Usage:
    """A snapshot as `/v1/usage` has it."""
    fetched = to_iso(snapshot.fetched_at_ms)
    return Usage(snapshot.instance, snapshot.name, snapshot.plan, snapshot.lines, fetched)


def _usage_list(states: Iterable[State]) -> bytes:
    return msgspec.json.encode([usage_of(good) for state in states if (good := _good(state))])


def _limits(states: Iterable[State]) -> bytes:
    now = now_ms()
    providers: dict[str, Limits] = {}
    errors: list[dict[str, str]] = []
    for state in states:
        good = _good(state)
        bad = state.failure or (state.snapshot if good is None else None)
        if good is not None:
            providers[state.instance.id] = limits_of(good, now)
        if bad is not None:
            errors.append({"providerId": state.instance.id, "message": bad.trouble})
    whole = {"schema": "openusage.limits.v1", "generatedAt": to_iso(now), "providers": providers, "errors": errors}
    return msgspec.json.encode(whole)


def limits_of(snapshot: Snapshot, now: int) -> Limits:
    """A snapshot's limits, by a key made of their labels."""
    expires = snapshot.fetched_at_ms + COOL_DOWN_MS
    resources = {key_of(line.label): resource_of(line, now) for line in snapshot.progress}
    fetched = to_iso(snapshot.fetched_at_ms)
    return Limits(snapshot.name, snapshot.plan, fetched, to_iso(expires), now > expires, resources)


def resource_of(line: Progress, now: int) -> Resource:
    """One limit, with its pace."""
    pace: Pace | None = pace_of(line, now)
    reset = resets_at_ms(line)
    runs_out = pace.runs_out_in_ms if pace else None
    return Resource(
        kind="consumption",
        label=line.label,
        unit=_unit(line),
        used=line.used,
        limit=line.limit,
        remaining=max(0.0, line.limit - line.used),
        utilization=line.share,
        resets_at=to_iso(reset) if reset is not None else None,
        window_seconds=line.period_duration_ms // 1_000 if line.period_duration_ms else None,
        pace=pace.status if pace else None,
        projected=pace.projected if pace else None,
        runs_out_at=to_iso(now + runs_out) if runs_out is not None else None,
    )


def _unit(line: Progress) -> str:
    match line.format:
        case Count(suffix):
            return suffix or "count"
        case Dollars():
            return "usd"
        case _:
            return "percent"


def key_of(label: str) -> str:
    """`Weekly (Opus)` → `weeklyOpus`."""
    words = [word for word in _WORDS.split(label) if word] or ["limit"]
    return words[0].lower() + "".join(word[:1].upper() + word[1:].lower() for word in words[1:])


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine itself."""
    found = _HOST.fullmatch(host.strip().lower())
    if found is None:
        return False
    name = found["six"] or found["name"]
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class LocalApi:
    """The server. `port` 0 picks one."""

    def __init__(self, states: States, port: int) -> None:
        self._states = states
        self.port = port
        self._connections = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; OSError when the port is taken."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=_MOST_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        try:
            async with asyncio.timeout(_PATIENCE_S):
                if self._connections > _MOST_CONNECTIONS:
                    answer = _error(503, "server_busy")
                else:
                    answer = await self._answer(reader)
                writer.write(_written(answer))
                await writer.drain()
                writer.write_eof()
            async with asyncio.timeout(_FAREWELL_S):
                while await reader.read(_MOST_BYTES):
                    pass
        except (TimeoutError, OSError):
            pass
        finally:
            self._connections -= 1
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return _error(400, "bad_request")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return _error(400, "bad_request")
        hosts = [line[5:].strip() for line in lines[1:] if line.lower().startswith("host:")]
        if len(hosts) != 1:
            return _error(400, "bad_request")
        try:
            return await asyncio.to_thread(answer_request, words[0], words[1], hosts[0], self._states)
        except DevTimeError:
            return _error(503, "unavailable")


def _written(answer: Answer) -> bytes:
    head = [
        f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}",
        "Connection: close",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
    ]
    if answer.status != 204:
        head += ["Content-Type: application/json", f"Content-Length: {len(answer.body)}"]
    return "\r\n".join([*head, "", ""]).encode() + answer.body
