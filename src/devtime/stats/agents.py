"""Which tools are AI agents: their lanes are the agent-hours."""

from __future__ import annotations

from devtime.wire.tools import AGENT_SLUGS

AGENT_TOOLS = AGENT_SLUGS | {"antigravity"}
"""Tools that work on their own once asked; Antigravity is an editor built around one."""

AGENT_ACTIVITIES = frozenset({"ai coding", "prompting"})
"""Activity types only an agent's heartbeats have, whatever tool carries them."""


def is_agent(tool: str, activity_type: str) -> bool:
    """Whether a context's time counts as an agent's."""
    return tool in AGENT_TOOLS or activity_type in AGENT_ACTIVITIES
