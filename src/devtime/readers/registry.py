"""All readers there are. One agent, one line; the order is that of the reports."""

from __future__ import annotations

from devtime.readers import (
    amp,
    antigravity,
    claude,
    codebuff,
    codex,
    copilot,
    copilot_otel,
    cursor,
    droid,
    gemini,
    goose,
    grok,
    hermes,
    kilo,
    kimi,
    openclaw,
    opencode,
    pi,
    qwen,
    zcode,
)
from devtime.readers.reader import Reader

READERS: tuple[Reader, ...] = (
    claude.READER,
    codex.READER,
    *opencode.READERS,
    *gemini.READERS,
    copilot_otel.READER,
    copilot.READER,
    *cursor.READERS,
    amp.READER,
    pi.READER,
    droid.READER,
    kilo.READER,
    goose.READER,
    hermes.READER,
    codebuff.READER,
    kimi.READER,
    qwen.READER,
    *openclaw.READERS,
    antigravity.READER,
    grok.READER,
    zcode.READER,
)
"""Every reader, each agent's more important shape first."""


def readers_of(agent: str) -> tuple[Reader, ...]:
    """The readers of one agent; none for a name nobody has."""
    return tuple(reader for reader in READERS if reader.agent == agent)
