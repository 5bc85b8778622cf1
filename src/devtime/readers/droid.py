"""Droid (Factory): the tokens of a whole session, in its settings. One event a session, which grows as it does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from devtime.kernel.digests import digest64
from devtime.readers.fields import Unreadable, count_of, fields_of, instant_of, parse_json, text_of
from devtime.readers.places import existing, listed
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent

_SUFFIX = ".settings.json"
_COUNTS = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens", "thinkingTokens")
_BRACKETS = re.compile(r"\[[^\]]*\]?")
_GAPS = re.compile(r"[.\s-]+")
_HEAD = 512 * 1024
_NAMED = re.compile(rb"Model:([^\"\\\[\n]{1,200})")

_PROVIDERS = {
    "claude": "anthropic",
    "google_ai": "google",
    "gemini": "google",
    "vertex": "google",
    "vertex_ai": "google",
    "x_ai": "xai",
    "grok": "xai",
}
_UNKNOWN = {"anthropic": "claude-unknown", "openai": "gpt-unknown", "google": "gemini-unknown", "xai": "grok-unknown"}
_KINDS = (
    (re.compile(r"claude|opus|sonnet|haiku"), "anthropic"),
    (re.compile(r"^gpt-|-gpt-|chatgpt|^o\d"), "openai"),
    (re.compile(r"gemini"), "google"),
    (re.compile(r"grok"), "xai"),
)


def read(piece: Piece) -> Reading:
    """The session's one event."""
    try:
        event = _event(piece, fields_of(parse_json(piece.data)))
    except Unreadable as error:
        return Reading(events=[], skipped=[Skipped(0, str(error))])
    return Reading(events=[event] if event else [], skipped=[])


def _event(piece: Piece, settings: Mapping[str, object]) -> UsageEvent | None:
    usage = fields_of(settings.get("tokenUsage"))
    read, output, cached, written, thinking = (count_of(usage.get(name)) for name in _COUNTS)
    rest = max(count_of(usage.get("totalTokens")) - (read + output + cached + written + thinking), 0)
    if output == 0:
        output, rest = rest, 0
    # Thinking comes on top of the output here, as its total shows.
    extra = thinking + rest
    total = read + output + cached + written + extra
    if not total:
        return None
    time_ms = instant_of(settings.get("providerLockTimestamp")) or piece.file.modified_ms
    if not time_ms:
        raise Unreadable("has no time")
    provider = _provider(settings.get("providerLock"))
    model = model_of(text_of(settings.get("model"), "model")) or _model_beside(piece.file.path)
    model = model or _UNKNOWN.get(provider, "unknown")
    session = text_of(piece.file.relative.split("/")[-1].removesuffix(_SUFFIX), "session") or "unknown"
    return UsageEvent(
        key=digest64(b"droid", [session]),
        rank=total,
        agent="droid",
        time_ms=time_ms,
        session=session,
        model=model,
        provider=provider or next((name for kind, name in _KINDS if kind.search(model)), ""),
        input_tokens=read,
        output_tokens=output,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        extra_tokens=extra,
        reasoning_tokens=thinking,
    )


def model_of(name: str) -> str:
    """The model without marks of custom ones, remarks in brackets and dots, as prices know it."""
    plain = _BRACKETS.sub("", name.removeprefix("custom:")).strip().lower()
    return _GAPS.sub("-", plain).strip("-")


def _provider(value: object) -> str:
    name = text_of(value, "provider").lower().replace("-", "_")
    return _PROVIDERS.get(name, name)


def _model_beside(path: Path) -> str:
    """What the session's log beside the settings names as its model, where they do not."""
    try:
        with path.with_name(path.name.removesuffix(_SUFFIX) + ".jsonl").open("rb") as log:
            head = log.read(_HEAD)
    except (OSError, ValueError):
        return ""
    found = _NAMED.search(head)
    return model_of(text_of(found[1].decode("utf-8", "replace"), "model")) if found else ""


def find_roots(surroundings: Surroundings) -> list[Path]:
    """Each of `DROID_SESSIONS_DIR`, or `~/.factory/sessions`."""
    return existing(listed(surroundings, "DROID_SESSIONS_DIR") or [surroundings.home / ".factory" / "sessions"])


def is_log(path: str) -> bool:
    """Whether the file is a session's settings."""
    return path.endswith(_SUFFIX)


READER = Reader(agent="droid", title="Droid", shape="document", find_roots=find_roots, is_log=is_log, read=read)
