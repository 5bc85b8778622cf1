"""Claude Code's session logs: `projects/<folder>/**/*.jsonl`, one line a part of a response, many lines repeated.

A response is streamed into several lines of one message id whose output grows, resumed sessions copy old lines, and
side conversations replay their parent: the key is the message id, and the rank says which line counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from struct import Struct
from typing import Annotated

import msgspec

from devtime.kernel.clock import to_datetime
from devtime.kernel.digests import blake2b, digest64
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
from devtime.readers.reader import Numbers, Piece, Reader, Reading, Skipped, Sorted, Surroundings
from devtime.wire.usage import MOST_TOKENS, UsageEvent

_AGENT = "claude"
_MARK = b'"usage":{'
"""Lines without it tell no usage. In text that a log quotes, quotation marks are escaped."""

_STRETCH = 29_000
"""So far is searched at once: CPython finds such a mark in a short stretch at twice the speed of a long one."""

_HIDDEN_MODEL = "<synthetic>"
"""What Claude Code itself says when a request failed."""

_TIERS = {"batch", "flex", "priority"}
_NO_REGIONS = {"", "global", "not_available", "default"}
_VERSION = re.compile(r"\d+\.\d+\.\d", re.ASCII)

_MAIN_RANK = 1 << 61
"""What a line of the main conversation has over any line of a sidechain. Below it, tokens."""

_Count = Annotated[int, msgspec.Meta(ge=0, le=MOST_TOKENS)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Split(msgspec.Struct, gc=False):
    ephemeral_5m_input_tokens: _Count = 0
    ephemeral_1h_input_tokens: _Count = 0


class _ServerTools(msgspec.Struct, gc=False):
    web_search_requests: _Count = 0


# Fields stand in the order Claude Code writes them: the decoder then finds each at once.
class _Usage(msgspec.Struct, gc=False):
    input_tokens: _Count = 0
    cache_creation_input_tokens: _Count = 0
    cache_read_input_tokens: _Count = 0
    cache_creation: _Split | None = None
    output_tokens: _Count = 0
    server_tool_use: _ServerTools | None = None
    service_tier: str | None = None
    inference_geo: str | None = None
    speed: str | None = None


class _Message(msgspec.Struct, gc=False):
    model: str | None = None
    id: str | None = None
    usage: _Usage | None = None


class _Line(msgspec.Struct, gc=False, kw_only=True):
    isSidechain: bool | None = False
    cwd: str | None = None
    version: str | None = None
    gitBranch: str | None = None
    message: _Message
    timestamp: _Moment
    costUSD: float | None = None


_decode = msgspec.json.Decoder(_Line).decode

_Told = tuple[int, _Line, _Usage, int]
"""A line that tells a response: its rank, and the byte it begins at."""


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
    found = _read_sorted(piece)
    events = [_event(example, numbers) for example, many in found.kinds for numbers in many]
    return Reading(events=events, skipped=found.skipped)


def _event(example: UsageEvent, numbers: Numbers) -> UsageEvent:
    key, rank, time_ms, given, answered, read, write, write_1h, _, _, web_searches, cost_nusd = numbers
    return msgspec.structs.replace(
        example,
        key=key,
        rank=rank,
        time_ms=time_ms,
        input_tokens=given,
        output_tokens=answered,
        cache_read_tokens=read,
        cache_write_tokens=write,
        cache_write_1h_tokens=write_1h,
        web_searches=web_searches,
        cost_nusd=cost_nusd,
    )


def _read_sorted(piece: Piece) -> Sorted:
    skipped: list[Skipped] = []
    if piece.data and not piece.data.lstrip().startswith(b"{"):
        skipped.append(Skipped(piece.offset, "does not look like lines of JSON"))
    place = _Place(piece.file.relative)
    kinds: dict[tuple[object, ...], tuple[UsageEvent, list[Numbers]]] = {}
    for told in _find_told(piece, skipped):
        _, line, usage, offset = told
        message = line.message
        reason = _fault(message, line)
        if reason:
            skipped.append(Skipped(offset, reason))
            continue
        cost_nusd = None if line.costUSD is None else cost_of(line.costUSD)
        tier, region, speed = usage.service_tier, usage.inference_geo, usage.speed
        kind = (message.model, line.cwd, line.gitBranch, line.isSidechain, tier, region, speed, cost_nusd is None)
        known = kinds.get(kind)
        if known is None:
            known = kinds[kind] = (_example(told, place), [])
        known[1].append(_numbers(told, place, cost_nusd))
    return Sorted(kinds=list(kinds.values()), skipped=skipped)


def _find_told(piece: Piece, skipped: list[Skipped]) -> list[_Told]:
    """The line of largest rank of every response, the first of those; and every line without an id."""
    data = piece.data
    find, rfind, size, base = data.find, data.rfind, len(data), piece.offset
    best: dict[str, _Told] = {}
    nameless: list[_Told] = []
    end = begin = 0
    while begin < size:
        at = find(_MARK, begin, begin + _STRETCH)
        if at < 0:
            begin += _STRETCH - len(_MARK)
            continue
        start = rfind(b"\n", end, at) + 1 or end
        end = find(b"\n", at)
        if end < 0:
            end = size
        begin = end
        try:
            line = _decode(data[start:end])
        except (msgspec.MsgspecError, ValueError, RecursionError):
            try:
                line = _read_leniently(data[start:end])
            except Unreadable as reason:
                skipped.append(Skipped(base + start, str(reason)))
                continue
        if line is None or (usage := line.message.usage) is None or line.message.model == _HIDDEN_MODEL:
            continue
        rank = (
            usage.input_tokens
            + usage.output_tokens
            + usage.cache_read_input_tokens
            + (usage.cache_creation_input_tokens or _written(usage))
            + (0 if line.isSidechain else _MAIN_RANK)
        )
        name = line.message.id
        if name is None:
            nameless.append((rank, line, usage, base + start))
            continue
        known = best.get(name)
        if known is None or rank > known[0]:
            best[name] = (rank, line, usage, base + start)
    return [*best.values(), *nameless]


def _written(usage: _Usage) -> int:
    split = usage.cache_creation
    return split.ephemeral_5m_input_tokens + split.ephemeral_1h_input_tokens if split else 0


_versions: set[str | None] = {None}
"""Versions that were looked at and are right."""


def _fault(message: _Message, line: _Line) -> str:
    """Why a line cannot be true."""
    if not message.model:
        return "names no model"
    if message.id == "":
        return "its message id is empty"
    if not 2000 <= line.timestamp.year < 2100:
        return "its time is missing or cannot be true"
    if line.version not in _versions:
        if not _VERSION.match(line.version or ""):
            return "its version is none of Claude Code's"
        if len(_versions) < 10_000:
            _versions.add(line.version)
    return ""


def _example(told: _Told, place: _Place) -> UsageEvent:
    """An event of the line's kind: what it shares with others is right in it."""
    _, line, usage, _ = told
    tier, region = usage.service_tier or "", (usage.inference_geo or "").lower()
    return UsageEvent(
        key=0,
        agent=_AGENT,
        time_ms=0,
        session=place.session,
        model=line.message.model or "",
        folder=place.folder,
        cwd=line.cwd or "",
        branch=line.gitBranch or "",
        speed="fast" if usage.speed == "fast" else "",
        tier=tier if tier in _TIERS else "",
        region="" if region in _NO_REGIONS else region,
        is_sidechain=bool(line.isSidechain),
    )


def _numbers(told: _Told, place: _Place, cost_nusd: int | None) -> Numbers:
    rank, line, usage, offset = told
    write, write_1h = usage.cache_creation_input_tokens, 0
    split = usage.cache_creation
    if split is not None and (split.ephemeral_5m_input_tokens or split.ephemeral_1h_input_tokens):
        write, write_1h = split.ephemeral_5m_input_tokens, split.ephemeral_1h_input_tokens
    tools = usage.server_tool_use
    return (
        _key(line.message.id, place, offset),
        rank,
        int(line.timestamp.timestamp() * 1_000 + 0.5),
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens,
        write,
        write_1h,
        0,
        0,
        tools.web_search_requests if tools else 0,
        cost_nusd,
    )


_KEY_KIND = b"event"
_LENGTHS = {length: length.to_bytes(4, "little") for length in range(200)}
_signed = Struct("<q").unpack
_key_state = blake2b(len(_AGENT).to_bytes(4, "little") + _AGENT.encode(), digest_size=8, person=_KEY_KIND)


def _key(message_id: str | None, place: _Place, offset: int) -> int:
    """`digest64(b"event", ["claude", id])`, spelled out because it is asked for hundreds of thousands of times."""
    if message_id is None:
        return digest64(_KEY_KIND, [_AGENT, place.relative, str(offset)])
    encoded = message_id.encode("utf-8", "surrogatepass")
    state = _key_state.copy()
    state.update(_LENGTHS.get(len(encoded)) or len(encoded).to_bytes(4, "little"))
    state.update(encoded)
    return _signed(state.digest())[0]


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
    time_ms = instant_of(fields.get("timestamp"))
    if time_ms is None:
        raise Unreadable("its time is missing or cannot be true")
    cost = fields.get("costUSD")
    return _Line(
        timestamp=to_datetime(time_ms),
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
    read_sorted=_read_sorted,
)
