"""Which tools are AI agents: their lanes are the agent-hours."""

from __future__ import annotations

AGENT_TOOLS = frozenset(
    {
        "aider", "amp", "antigravity", "augment", "claude", "claude-code", "cline", "codex", "copilot-cli",
        "crush", "cursor-agent", "droid", "gemini", "gemini-cli", "goose", "junie", "kilo-code", "kimi-cli",
        "opencode", "openhands", "pi", "qwen-code", "roo-code",
    }
)  # fmt: skip
"""Tools that work on their own once asked."""

AGENT_ACTIVITIES = frozenset({"ai coding", "prompting"})
"""Activity types only an agent's heartbeats have, whatever tool carries them."""


def is_agent(tool: str, activity_type: str) -> bool:
    """Whether a context's time counts as an agent's."""
    return tool in AGENT_TOOLS or activity_type in AGENT_ACTIVITIES
