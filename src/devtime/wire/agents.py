"""AI agents that keep logs: what they are called in usage reports, and which tool's heartbeats are theirs."""

from __future__ import annotations

AGENT_TOOLS: dict[str, str] = {
    "claude": "claude-code",
    "codex": "codex",
    "opencode": "opencode",
    "gemini": "gemini-cli",
    "copilot": "copilot",
    "cursor": "cursor",
    "amp": "amp",
    "pi": "pi",
    "droid": "droid",
    "kilo": "kilo-code",
    "goose": "goose",
    "hermes": "hermes",
    "codebuff": "codebuff",
    "kimi": "kimi-cli",
    "qwen": "qwen-code",
    "openclaw": "openclaw",
    "antigravity": "antigravity",
    "grok": "grok",
    "zcode": "zcode",
}
"""The name in reports (that of the field's most used report) → the slug of the tool in heartbeats."""


def tool_of(agent: str) -> str:
    """The tool whose heartbeats tell the agent's time; the agent's own name when no table has it."""
    return AGENT_TOOLS.get(agent, agent)


def agent_of(tool: str) -> str:
    """The agent of a tool's slug; the slug itself when no table has it."""
    return next((agent for agent, slug in AGENT_TOOLS.items() if slug == tool), tool)
