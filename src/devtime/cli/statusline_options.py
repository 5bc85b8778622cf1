"""What `devtime statusline` understands."""

from __future__ import annotations

from devtime.cli.quick import Command, Option

COST_SOURCES = ("auto", "cc", "ledger", "both", "ccusage")

PARTS: dict[str, str] = {
    "model": "The model's name.",
    "session": "What this session cost.",
    "today": "What all agents cost today.",
    "week": "The same for the last seven days.",
    "month": "The same for this month.",
    "block": "What the active 5-hour block cost.",
    "left": "How long that block still lasts.",
    "rate": "Dollars an hour in that block.",
    "context": "Tokens in the conversation, and how full the window is.",
    "coded": "How long was coded today, by all tools (needs `devtime up` or `devtime collect`).",
    "limit": "How much of the plan's 5-hour limit is used, where the agent tells.",
    "week_limit": "The same for the weekly limit.",
    "folder": "The folder the agent works in.",
    "version": "The agent's version.",
}

OPTIONS: tuple[Option, ...] = (
    Option("--format", "The line, with parts in braces such as {model} | {today} today.", "text"),
    Option("--cost-source", "The session's cost by the agent, by the ledger, or both.")._replace(
        kind="text", choices=COST_SOURCES
    ),
    Option("--emoji", "A symbol before each part.", negative="--no-emoji"),
    Option("--color", "Colours for rate and context, or none (NO_COLOR).", negative="--no-color"),
    Option("--context-low-threshold", "Up to this percentage the context is green (50).", "number", "", "PERCENT"),
    Option(
        "--context-medium-threshold", "Up to this percentage it is yellow, above red (80).", "number", "", "PERCENT"
    ),
    Option("--timezone", "Whose today: an IANA name (this machine's).", "text", "-z", "ZONE"),
    Option("--home", "Folder of DevTime's data (DEVTIME_HOME, ~/.devtime).", "text", "", "PATH"),
    Option("--visual-burn-rate", kind="text", short="-B", is_hidden=True),
    Option("--refresh-interval", kind="text", is_hidden=True),
    Option("--cache", negative="--no-cache", is_hidden=True),
    Option("--offline", negative="--no-offline", short="-O", is_hidden=True),
)

COMMAND = Command(
    name="statusline",
    usage="statusline [OPTIONS]",
    help="""One line for Claude Code's status bar, from the status it hands over on standard input.

Put {"type": "command", "command": "devtime statusline"} as statusLine into ~/.claude/settings.json. All options but
--home can stand in config.toml, section [statusline]. Never fails.

The line is made of parts in braces. What stands between two bars or slashes is left out while one of its parts is not
known.""",
    words=tuple((f"{{{name}}}", told) for name, told in PARTS.items()),
    options=OPTIONS,
    words_title="Parts",
)
