"""Claude Code's session logs: `projects/<folder>/**/*.jsonl`, one line a part of a response, many lines repeated.

A response is streamed into several lines of one message id whose output grows, resumed sessions copy old lines, and
side conversations replay their parent: the key is the message id, and the rank says which line counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import msgspec

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    cost_of,
    count_of,
    fields_of,
    instant_of,
    parse_json,
    text_of,
)
from devtime.readers.places import config_home, existing, is_folder, listed
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import MOST_TOKENS, UsageEvent

_AGENT = "claude"
_MARK = b'"usage"'
_HIDDEN_MODEL = "<synthetic>"
"""What Claude Code itself says when a request failed."""

_TIERS = {"batch", "flex", "priority"}
_NO_REGIONS = {"", "global", "not_available", "default"}
_VERSION = re.compile(r"\d+\.\d+\.\d", re.ASCII)

_MAIN_RANK = 1 << 61
"""What a line of the main conversation has over any line of a sidechain; below it tokens, then cost, then speed."""


class _Split(msgspec.Struct, gc=False):
    ephemeral_5m_input_tokens: int = 0
    ephemeral_1h_input_tokens: int = 0


class _ServerTools(msgspec.Struct, gc=False):
    web_search_requests: int = 0


class _Usage(msgspec.Struct, gc=False):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int | None = 0
    cache_read_input_tokens: int | None = 0
    cache_creation: _Split | None = None
    server_tool_use: _ServerTools | None = None
    service_tier: str | None = None
    inference_geo: str | None = None
    speed: str | None = None


class _Message(msgspec.Struct, gc=False):
    usage: _Usage | None = None
    id: str | None = None
    model: str | None = None


class _Line(msgspec.Struct, gc=False):
    timestamp: str | int | float
    message: _Message
    isSidechain: bool | None = False
    cwd: str | None = None
    gitBranch: str | None = None
    version: str | None = None
    costUSD: float | None = None


_decode = msgspec.json.Decoder(_Line).decode


class _Place:
    """What a log's path says: its folder below `projects` and the session."""

    __slots__ = ("folder", "relative", "session")

    def __init__(self, relative: str) -> None:
        parts = relative.split("/")
        self.relative = relative
        self.folder = parts[0] if len(parts) > 1 else ""
        if len(parts) >= 4 and parts[-2] == "subagents":
            self.session = parts[-3]
        elif len(parts) <= 2:
            self.session = parts[-1].removesuffix(".jsonl")
        else:
            self.session = parts[-2]


class _Best:
    """The line of largest rank of one response."""

    __slots__ = ("line", "offset", "rank")

    def __init__(self, rank: int, line: _Line, offset: int) -> None:
        self.rank = rank
        self.line = line
        self.offset = offset


def _find_roots(surroundings: Surroundings) -> list[Path]:
    chosen = listed(surroundings, "CLAUDE_CONFIG_DIR")
    folders = chosen or [config_home(surroundings) / "claude", surroundings.home / ".claude"]
    if chosen:
        roots = [
            folder if folder.name == "projects" and not is_folder(folder / "projects") else folder / "projects"
            for folder in folders
        ]
    else:
        roots = [folder / "projects" for folder in folders]
    return existing(roots)


def _is_log(relative: str) -> bool:
    return relative.endswith(".jsonl")


def _read(piece: Piece) -> Reading:
    data = piece.data
    find, rfind = data.find, data.rfind
    best: dict[str, _Best] = {}
    nameless: list[_Best] = []
    skipped: list[Skipped] = []
    if data and not data.lstrip().startswith(b"{"):
        skipped.append(Skipped(piece.offset, "does not look like lines of JSON"))
    end = 0
    at = find(_MARK)
    while at >= 0:
        begin = rfind(b"\n", end, at) + 1 or end
        end = find(b"\n", at)
        if end < 0:
            end = len(data)
        try:
            line = _read_line(data[begin:end])
            if line is not None:
                _weigh(line, piece.offset + begin, best, nameless)
        except Unreadable as reason:
            skipped.append(Skipped(piece.offset + begin, str(reason)))
        at = find(_MARK, end)
    place = _Place(piece.file.relative)
    events = [_event(found, place) for found in [*best.values(), *nameless]]
    return Reading(events=[event for event in events if event is not None], skipped=skipped)


def _read_line(data: bytes) -> _Line | None:
    try:
        line = _decode(data)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return _read_leniently(data)
    return line if line.message.usage is not None else None


def _weigh(line: _Line, offset: int, best: dict[str, _Best], nameless: list[_Best]) -> None:
    """Keep the line if it is the best of its response so far."""
    message = line.message
    usage = message.usage
    assert usage is not None  # noqa: S101 - those without were left out
    if message.model == _HIDDEN_MODEL:
        return
    write = usage.cache_creation_input_tokens or 0
    split = usage.cache_creation
    if split is not None:
        write = split.ephemeral_5m_input_tokens + split.ephemeral_1h_input_tokens or write
    total = usage.input_tokens + usage.output_tokens + (usage.cache_read_input_tokens or 0) + write
    rank = total << 2
    if not line.isSidechain:
        rank += _MAIN_RANK
    if line.costUSD:
        rank += 2
    if usage.speed:
        rank += 1
    name = message.id
    if name is None:
        _check(line)
        nameless.append(_Best(rank, line, offset))
        return
    known = best.get(name)
    if known is None:
        _check(line)
        best[name] = _Best(rank, line, offset)
    elif rank > known.rank:
        _check(line)
        known.rank, known.line, known.offset = rank, line, offset


def _check(line: _Line) -> None:
    """Raise Unreadable for a line that cannot be true."""
    message = line.message
    usage = message.usage
    assert usage is not None  # noqa: S101 - those without were left out
    split = usage.cache_creation
    counts = (
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens or 0,
        usage.cache_creation_input_tokens or 0,
        split.ephemeral_5m_input_tokens if split else 0,
        split.ephemeral_1h_input_tokens if split else 0,
        usage.server_tool_use.web_search_requests if usage.server_tool_use else 0,
    )
    if min(counts) < 0:
        raise Unreadable("a token count is negative")
    if max(counts) > MOST_TOKENS:
        raise Unreadable("a token count is too large to be true")
    if not message.model:
        raise Unreadable("names no model")
    if message.id == "":
        raise Unreadable("its message id is empty")
    if line.version is not None and not _VERSION.match(line.version):
        raise Unreadable("its version is none of Claude Code's")
    if _instant(line.timestamp) is None:
        raise Unreadable("its time is missing or cannot be true")


def _event(found: _Best, place: _Place) -> UsageEvent | None:
    line = found.line
    message = line.message
    usage = message.usage
    time_ms = _instant(line.timestamp)
    if usage is None or time_ms is None:
        return None
    write, write_1h = usage.cache_creation_input_tokens or 0, 0
    split = usage.cache_creation
    if split is not None and split.ephemeral_5m_input_tokens + split.ephemeral_1h_input_tokens:
        write, write_1h = split.ephemeral_5m_input_tokens, split.ephemeral_1h_input_tokens
    tier = usage.service_tier or ""
    region = (usage.inference_geo or "").lower()
    return UsageEvent(
        key=_key(message.id, place, found.offset),
        rank=found.rank,
        agent=_AGENT,
        time_ms=time_ms,
        session=place.session,
        model=message.model or "",
        folder=place.folder,
        cwd=line.cwd or "",
        branch=line.gitBranch or "",
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=write,
        cache_write_1h_tokens=write_1h,
        web_searches=usage.server_tool_use.web_search_requests if usage.server_tool_use else 0,
        cost_nusd=None if line.costUSD is None else cost_of(line.costUSD),
        speed="fast" if usage.speed == "fast" else "",
        tier=tier if tier in _TIERS else "",
        region="" if region in _NO_REGIONS else region,
        is_sidechain=bool(line.isSidechain),
    )


_KEY_KIND = b"event"
_key_state = blake2b(len(_AGENT).to_bytes(4, "little") + _AGENT.encode(), digest_size=8, person=_KEY_KIND)


def _key(message_id: str | None, place: _Place, offset: int) -> int:
    """`digest64(b"event", ["claude", id])`, spelled out because it is asked for hundreds of thousands of times."""
    if message_id is None:
        return digest64(_KEY_KIND, [_AGENT, place.relative, str(offset)])
    encoded = message_id.encode("utf-8", "surrogatepass")
    state = _key_state.copy()
    state.update(len(encoded).to_bytes(4, "little") + encoded)
    return int.from_bytes(state.digest(), "little", signed=True)


_hours: dict[str, int] = {}
"""`2026-11-19T10` → its epoch milliseconds: nearly every time in a log begins with one of a few."""


def _instant(value: str | int | float) -> int | None:
    """Epoch milliseconds; the form that Claude Code writes is read without the detours of the others."""
    if type(value) is not str or len(value) != 24 or value[-1] != "Z" or value[16] != ":" or value[19] != ".":
        return instant_of(value)
    hour = _hours.get(value[:13])
    minute, second, thousandth = value[14:16], value[17:19], value[20:23]
    if (
        hour is None
        or value[13] != ":"
        or not (minute + second + thousandth).isdecimal()
        or minute > "59"
        or second > "59"
    ):
        time_ms = instant_of(value)
        if time_ms is not None and value[13] == ":" and len(_hours) < 100_000:
            start = instant_of(f"{value[:13]}:00:00.000Z")
            if start is not None:
                _hours[value[:13]] = start
        return time_ms
    return hour + int(minute) * 60_000 + int(second) * 1_000 + int(thousandth)


def _read_leniently(data: bytes) -> _Line | None:
    """A line of an unusual form: None when it tells no usage, Unreadable raised when it does and cannot be read."""
    fields = fields_of(parse_json(data))
    wrapped = fields_of(fields_of(fields.get("data")).get("message"))
    if "usage" not in fields_of(fields.get("message")) and wrapped:
        # A sub-agent's progress: its response one level deeper, the place and the branch outside.
        fields = {**fields, **wrapped}
    message = fields_of(fields.get("message"))
    usage = message.get("usage")
    if not isinstance(usage, dict) or message.get("model") == _HIDDEN_MODEL:
        return None
    time = fields.get("timestamp")
    if not isinstance(time, str | int | float) or isinstance(time, bool):
        raise Unreadable("its time is missing or cannot be true")
    cost = fields.get("costUSD")
    return _Line(
        timestamp=time,
        message=_Message(
            usage=_lenient_usage(fields_of(usage)),  # pyright: ignore[reportUnknownArgumentType]
            id=_name(message.get("id"), "message id"),
            model=_name(message.get("model"), "model"),
        ),
        isSidechain=fields.get("isSidechain") is True,
        cwd=text_of(fields.get("cwd"), "file"),
        gitBranch=text_of(fields.get("gitBranch"), "branch"),
        version=_name(fields.get("version"), "version"),
        costUSD=None if cost_of(cost) is None else float(cost),  # pyright: ignore[reportArgumentType]
    )


def _lenient_usage(fields: Mapping[str, object]) -> _Usage:
    split = fields_of(fields.get("cache_creation"))
    return _Usage(
        input_tokens=count_of(fields.get("input_tokens")),
        output_tokens=count_of(fields.get("output_tokens")),
        cache_creation_input_tokens=count_of(fields.get("cache_creation_input_tokens")),
        cache_read_input_tokens=count_of(fields.get("cache_read_input_tokens")),
        cache_creation=_Split(
            count_of(split.get("ephemeral_5m_input_tokens")), count_of(split.get("ephemeral_1h_input_tokens"))
        ),
        server_tool_use=_ServerTools(count_of(fields_of(fields.get("server_tool_use")).get("web_search_requests"))),
        service_tier=text_of(fields.get("service_tier"), "tier"),
        inference_geo=text_of(fields.get("inference_geo"), "region"),
        speed=text_of(fields.get("speed"), "speed"),
    )


def _name(value: object, what: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise Unreadable(f"its {what} is not a text")


READER = Reader(
    agent=_AGENT,
    title="Claude Code",
    shape="lines",
    find_roots=_find_roots,
    is_log=_is_log,
    read=_read,
)
