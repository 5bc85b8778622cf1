"""Codex CLI: rollouts below `sessions/` and `archived_sessions/` of `CODEX_HOME`, or saved `codex exec --json` output.

A `token_count` tells a counter, the last request's counts, or both. Which model, folder and branch it belongs to was
told by earlier lines, so that is what a reader remembers from piece to piece.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from devtime.kernel.digests import digest64
from devtime.readers.codex_exec import Turn, read_turn
from devtime.readers.codex_models import ASSUMED, named_model, real_model
from devtime.readers.codex_replay import Replay, Spendings, parent_prefix
from devtime.readers.codex_tier import SESSION_FOLDERS, configured_tier, root_of, tier_named
from devtime.readers.codex_usage import CodexUsage, spent, usage_of
from devtime.readers.fields import Unreadable, fields_of, instant_of, text_of
from devtime.readers.places import existing, listed
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

_ROLLOUT_MARKS = (b'"token_count"', b'"turn_context"', b'"thread_settings_applied"')
_MARKS = (*_ROLLOUT_MARKS, b'"session_meta"', b'"usage"')
_RANK_WITH_TIER = 2
_RANK_ACTIVE = 1


class _Info(msgspec.Struct):
    total_token_usage: dict[str, object] | None = None
    last_token_usage: dict[str, object] | None = None
    model: object = None
    model_name: object = None
    metadata: object = None


class _Payload(msgspec.Struct):
    type: object = None
    info: _Info | None = None
    model: object = None
    model_name: object = None
    metadata: object = None
    cwd: object = None
    git: object = None
    source: object = None
    forked_from_id: object = None
    thread_settings: object = None


class _Line(msgspec.Struct):
    type: object = None
    timestamp: object = None
    payload: _Payload | None = None


class _Memory(msgspec.Struct, array_like=True):
    model: str = ""
    is_model_guessed: bool = False
    tier: tuple[str, str] | None = None
    cwd: str = ""
    branch: str = ""
    is_sidechain: bool = False
    is_begun: bool = False
    counter: tuple[int, int, int, int, int, int] | None = None
    replay: Replay | None = None


_LINE = msgspec.json.Decoder(_Line)
_MEMORY = msgspec.msgpack.Decoder(_Memory)


class _Log:
    """One piece being read."""

    def __init__(self, piece: Piece) -> None:
        self.file = piece.file
        self.events: list[UsageEvent] = []
        self.session = text_of(piece.file.relative.removesuffix(".jsonl"), "session") or "unknown"
        self.told = _recall(piece.memory)
        self.configured = configured_tier(piece.file)
        self.is_active = root_of(piece.file).name != SESSION_FOLDERS[1]
        self._prefix: tuple[CodexUsage, ...] | None = None

    def read(self, offset: int, data: bytes) -> None:
        """Read one line. Raises Unreadable."""
        is_rollout = any(mark in data for mark in _ROLLOUT_MARKS)
        if self.told.is_begun and not is_rollout:
            return
        is_turn = b'"usage"' in data
        if is_rollout or not is_turn or b'"session_meta"' in data:
            line = _decode(data)
            if line.payload is not None and self._read_rollout(line, line.payload):
                return
        if is_turn and not self.told.is_begun:
            turn = read_turn(data)
            if turn is not None:
                self._add_turn(offset, turn)

    def _read_rollout(self, line: _Line, payload: _Payload) -> bool:
        told = self.told
        if line.type == "event_msg":
            if payload.type == "token_count" and payload.info is not None:
                self._read_count(line.timestamp, payload, payload.info)
            elif payload.type == "thread_settings_applied":
                settings = fields_of(payload.thread_settings)
                if isinstance(settings.get("service_tier"), str):
                    told.tier = tier_named(settings["service_tier"])
            return True
        if line.type == "turn_context":
            model = named_model(payload.model, payload.model_name, payload.metadata)
            if model:
                told.model, told.is_model_guessed = model, False
            told.cwd = text_of(payload.cwd, "file") or told.cwd
            return True
        if line.type == "session_meta":
            self._begin(line, payload)
            return True
        return False

    def _begin(self, line: _Line, payload: _Payload) -> None:
        told = self.told
        if told.is_begun:
            return  # a fork's log goes on with its parent's
        told.is_begun = True
        told.cwd = text_of(payload.cwd, "file") or told.cwd
        told.branch = text_of(fields_of(payload.git).get("branch"), "branch")
        agent = fields_of(payload.source).get("subagent")
        told.is_sidechain = bool(agent)
        spawn = fields_of(fields_of(agent).get("thread_spawn"))
        parent = text_of(payload.forked_from_id) or text_of(spawn.get("parent_thread_id"))
        if parent:
            forked_ms = instant_of(line.timestamp) or 0
            told.replay = Replay(parent, forked_ms, forked_ms)

    def _read_count(self, timestamp: object, payload: _Payload, info: _Info) -> None:
        told = self.told
        last = None if info.last_token_usage is None else usage_of(info.last_token_usage)
        total = None if info.total_token_usage is None else usage_of(info.total_token_usage)
        time_ms = instant_of(timestamp)
        if time_ms is None:
            raise Unreadable("has no time")
        usage = spent(CodexUsage(*told.counter) if told.counter else None, total, last)
        told.counter = told.counter if total is None else total
        if usage is None or usage.is_empty:
            return
        model = named_model(payload.model, payload.model_name, payload.metadata)
        self._choose_model(model or named_model(info.model, info.model_name, info.metadata))
        if told.replay is not None and told.replay.takes(usage, time_ms, self._parent_prefix(told.replay)):
            return
        self.events.append(self._event(usage, time_ms))

    def _parent_prefix(self, replay: Replay) -> tuple[CodexUsage, ...]:
        if self._prefix is None:
            self._prefix = tuple(parent_prefix(self.file, replay, read_spendings))
        return self._prefix

    def _choose_model(self, model: str) -> None:
        if model:
            self.told.model, self.told.is_model_guessed = model, False
        elif not self.told.model:
            self.told.model, self.told.is_model_guessed = ASSUMED, True

    def _add_turn(self, offset: int, turn: Turn) -> None:
        self._choose_model(turn.model)
        time_ms = turn.time_ms or self.file.modified_ms
        if not time_ms:
            raise Unreadable("has no time")
        # Without a time of its own, a turn is told from others by its place: the file's time changes as it grows.
        self.events.append(self._event(turn.usage, time_ms, place="" if turn.time_ms else f"{self.session}:{offset}"))

    def _event(self, usage: CodexUsage, time_ms: int, place: str = "") -> UsageEvent:
        told = self.told
        model, is_guessed = real_model(told.model, time_ms)
        speed, tier = self.configured if told.tier is None else told.tier
        read, cached, written, output, reasoning, total = usage
        identity = f"{place or time_ms} {read} {cached} {output} {reasoning} {total} {model}"
        return UsageEvent(
            key=digest64(b"codex", (identity,)),
            rank=(_RANK_WITH_TIER if told.tier else 0) + (_RANK_ACTIVE if self.is_active else 0),
            agent="codex",
            time_ms=time_ms,
            session=self.session,
            model=model,
            provider="openai",
            cwd=told.cwd,
            branch=told.branch,
            input_tokens=read - cached - written,
            cache_read_tokens=cached,
            cache_write_tokens=written,
            output_tokens=output,
            reasoning_tokens=min(reasoning, output),
            speed=speed,
            tier=tier,
            is_sidechain=told.is_sidechain,
            is_model_guessed=told.is_model_guessed or is_guessed,
        )


def read(piece: Piece) -> Reading:
    """The events of a piece of a rollout, or of saved output."""
    log = _Log(piece)
    skipped: list[Skipped] = []
    # Once a rollout has begun, it neither begins again nor turns into saved output.
    for offset, data in find_lines(piece, _ROLLOUT_MARKS if log.told.is_begun else _MARKS):
        try:
            log.read(offset, data)
        except Unreadable as error:
            skipped.append(Skipped(offset, str(error)))
    return Reading(log.events, skipped, msgspec.msgpack.encode(log.told))


def read_spendings(path: Path) -> Spendings:
    """When the log at `path` spent what, with everything it repeats itself; () if it cannot be read."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError, MemoryError):
        return ()
    spendings: list[tuple[int, CodexUsage]] = []
    counter: CodexUsage | None = None
    for _, line in find_lines(Piece(LogFile(path, path.name), data), (b'"token_count"',)):
        try:
            decoded = _decode(line)
            info = decoded.payload and decoded.payload.info
            time_ms = instant_of(decoded.timestamp)
            if decoded.type != "event_msg" or not info or time_ms is None:
                continue
            last = None if info.last_token_usage is None else usage_of(info.last_token_usage)
            total = None if info.total_token_usage is None else usage_of(info.total_token_usage)
        except Unreadable:
            continue
        usage = spent(counter, total, last)
        counter = counter if total is None else total
        if usage is not None and not usage.is_empty:
            spendings.append((time_ms, usage))
    return spendings


def _decode(data: bytes) -> _Line:
    try:
        return _LINE.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Unreadable("is no line of a Codex log") from None


def _recall(memory: bytes) -> _Memory:
    try:
        return _MEMORY.decode(memory) if memory else _Memory()
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Memory()


def find_roots(surroundings: Surroundings) -> list[Path]:
    """Below each `CODEX_HOME`: `sessions`, `archived_sessions`, or the folder itself if it has neither."""
    roots: list[Path] = []
    for home in listed(surroundings, "CODEX_HOME") or [surroundings.home / ".codex"]:
        roots += existing([home / name for name in SESSION_FOLDERS]) or [home]
    return existing(roots)


def is_log(path: str) -> bool:
    """Whether the file is a rollout or saved output."""
    return path.endswith(".jsonl")


READER = Reader(agent="codex", title="Codex CLI", shape="lines", find_roots=find_roots, is_log=is_log, read=read)
