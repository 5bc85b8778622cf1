"""Requests as clients send them, built before the clock starts. Every heartbeat is another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_STEP_MS = 17_000
_FILES = 40
_WRITES_EACH = 4
_AGENT = "wakatime/v1.115.2 (linux-6.8.0-x86_64) go1.24.2 vscode/1.104.1 vscode-wakatime/25.3.2"


@dataclass(frozen=True)
class Dialect:
    """A way of sending heartbeats: where one goes, where several go, and how one looks."""

    name: str
    one: str
    many: str
    item: Callable[[int, int], str]


def _wakatime(number: int, at_ms: int) -> str:
    file = number % _FILES
    return (
        f'{{"entity":"/home/dev/harbor-api/src/harbor/part_{file}.py","type":"file","category":"coding",'
        f'"time":{at_ms / 1_000:.3f},"project":"harbor-api","project_root_count":4,"branch":"feature/tide-tables",'
        f'"language":"Python","dependencies":["asyncio","msgspec","collections"],"lines":{200 + file},'
        f'"lineno":{number % 190 + 1},"cursorpos":{number % 80},"line_additions":2,"line_deletions":1,'
        f'"is_write":{"true" if number % _WRITES_EACH == 0 else "false"},"user_agent":"{_AGENT}"}}'
    )


def _native(number: int, at_ms: int) -> str:
    file = number % _FILES
    return (
        f'{{"tool":"vscode","timestamp":{at_ms},"activity_type":"coding","project":"harbor-api",'
        f'"file":"/home/dev/harbor-api/src/harbor/part_{file}.py","language":"Python","branch":"feature/tide-tables",'
        f'"machine_id":"workbench","is_write":{"true" if number % _WRITES_EACH == 0 else "false"},'
        f'"lines":{200 + file},"cursor_line":{number % 190 + 1}}}'
    )


DIALECTS = (
    Dialect("WakaTime", "/api/v1/users/current/heartbeats", "/api/v1/users/current/heartbeats.bulk", _wakatime),
    Dialect("DevTime", "/api/heartbeat", "/api/heartbeat/batch", _native),
)


def build_posts(dialect: Dialect, key: str, first_ms: int, first_number: int, posts: int, each: int) -> list[bytes]:
    """As many requests of so many heartbeats each, in the order of time."""
    built: list[bytes] = []
    for post in range(posts):
        numbers = range(first_number + post * each, first_number + (post + 1) * each)
        items = [dialect.item(number, first_ms + number * _STEP_MS) for number in numbers]
        body = (items[0] if each == 1 else f"[{','.join(items)}]").encode()
        path = dialect.one if each == 1 else dialect.many
        built.append(_request("POST", path, (f"X-API-Key: {key}", f"User-Agent: {_AGENT}"), body))
    return built


def build_get(path: str, headers: Sequence[str]) -> bytes:
    """One request for an answer."""
    return _request("GET", path, headers, b"")


def _request(method: str, path: str, headers: Sequence[str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
