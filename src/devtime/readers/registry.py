"""All readers there are. One agent, one line; the order is that of the reports."""

from __future__ import annotations

from devtime.readers import claude, codebuff, gemini, kilo, kimi, openclaw, opencode, pi, qwen
from devtime.readers.reader import Reader

READERS: tuple[Reader, ...] = (
    claude.READER,
    *opencode.READERS,
    *gemini.READERS,
    pi.READER,
    kilo.READER,
    codebuff.READER,
    kimi.READER,
    qwen.READER,
    *openclaw.READERS,
)
"""Every reader, each agent's more important shape first."""


def readers_of(agent: str) -> tuple[Reader, ...]:
    """The readers of one agent; none for a name nobody has."""
    return tuple(reader for reader in READERS if reader.agent == agent)
