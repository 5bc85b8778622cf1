"""What `devtime usage` understands: its reports, its options, and how they are spelled in ccusage's focused forms."""

from __future__ import annotations

from devtime.cli.quick import Command, Given, Option, read_words
from devtime.kernel.errors import Invalid
from devtime.reports.costs import COST_MODES
from devtime.reports.periods import WEEKDAYS
from devtime.wire.agents import AGENT_TOOLS

REPORTS: dict[str, str] = {
    "daily": "One row a day (this is what `devtime usage` alone shows).",
    "weekly": "One row a week.",
    "monthly": "One row a month.",
    "session": "One row a session, the dearest first.",
    "blocks": "5-hour blocks with burn rate, projection and limit; Claude's unless --agent names others.",
    "models": "One row a model.",
    "agents": "One row an agent.",
    "projects": "One row a project.",
    "branches": "One row a branch of a project.",
    "machines": "One row a machine.",
}
_SPELLINGS = {
    "block": "blocks",
    "branch": "branches",
    "machine": "machines",
    "model": "models",
    "project": "projects",
    "sessions": "session",
}

AGENT_FORM = "claude daily, codex monthly …"

_ID = Option("--id", "session: only this one, request by request.", "text", metavar="ID")
_INSTANCES = Option("--instances", "daily: one table for each project.", short="-i")

OPTIONS: tuple[Option, ...] = (
    Option("--since", "From this day on (2026-11-23 or 20261123).", "text", "-s", "DAY"),
    Option("--until", "Up to this day, itself included.", "text", "-u", "DAY"),
    Option("--last", "The last N days, weeks or months with the present one; N sessions or blocks.", "whole", "", "N"),
    Option("--timezone", "Whose days: an IANA name such as Europe/Berlin (this machine's).", "text", "-z", "ZONE"),
    Option("--agent", "Only this agent; may be repeated, as the next four may.", "texts", "", "NAME"),
    Option("--project", "Only this project.", "texts", "-p", "NAME"),
    Option("--model", "Only this model.", "texts", "", "NAME"),
    Option("--branch", "Only this branch.", "texts", "", "NAME"),
    Option("--machine", "Only this machine, or `all`; the server tells of the others.", "texts", "", "NAME"),
    Option("--mode", "Logged costs if there are any, prices only, logged only (auto).", "text", "-m", "", COST_MODES),
    Option("--order", "Oldest or cheapest first, or the other way round.", "text", "-o", "", ("asc", "desc")),
    Option("--breakdown", "A row for each model below each row.", short="-b"),
    Option("--by-agent", "A row for each agent below each row; in --json, too."),
    _INSTANCES,
    Option("--sections", "Several reports at once: daily,weekly,monthly,session.", "text", "", "LIST"),
    Option("--start-of-week", "What weeks begin with (monday; of claude: sunday).", "text", "-w", "DAY", WEEKDAYS),
    _ID,
    Option("--active", "blocks: only the active one, in detail.", short="-a"),
    Option("--recent", "blocks: those of the last three days.", short="-r"),
    Option("--token-limit", "blocks: the tokens a block may hold; `max`: as the largest so far.", "text", "-t", "N"),
    Option("--session-length", "blocks: how many hours one lasts (5).", "number", "-n", "HOURS"),
    Option("--first-request", "blocks: begin at the first request, not at the full hour (UTC) before it."),
    Option("--live", "Keep showing the present block and today; q or Ctrl+C ends it."),
    Option("--explain", "The arithmetic of one request: its id, a session, or the last one.", "maybe", "", "EVENT"),
    Option("--json", "Answer as JSON, in the shapes of ccusage where it has the report.", short="-j"),
    Option("--csv", "Answer as CSV."),
    Option("--compact", "Short numbers and few columns, whatever the width."),
    Option("--no-cost", "Leave costs out."),
    Option("--color", "Colours, even into a pipe; or none (NO_COLOR, FORCE_COLOR).", negative="--no-color"),
    Option("--verbose", "Tell what was read and what was skipped, and why.", short="-v"),
    Option("--home", "Folder of DevTime's data (DEVTIME_HOME, ~/.devtime).", "text", "", "PATH"),
    Option("--offline", negative="--no-offline", short="-O", is_hidden=True),
    Option("--all", is_hidden=True),
    Option("--single-thread", is_hidden=True),
)

COMMAND = Command(
    name="usage",
    usage="usage [AGENT] [REPORT] [OPTIONS]",
    help="""Tokens and dollars that AI agents used on this machine, from their own logs.

An agent's name before the report narrows it to that agent. Prices are the vendors' at the time; a model without a known
price is named, never silently free.""",
    words=(*REPORTS.items(), (AGENT_FORM, "One agent's; with --json in the shape ccusage has for that agent.")),
    options=OPTIONS,
)


class Wanted:
    """Which report of which agent (None: unified over all), and the options."""

    __slots__ = ("focus", "given", "report")

    def __init__(self, report: str, focus: str | None, given: Given) -> None:
        self.report = report
        self.focus = focus
        self.given = given


def read_usage(words: list[str]) -> Wanted:
    """The words after `devtime usage`."""
    command = COMMAND
    if {"session", "sessions"} & set(words):
        shorts = {_ID.name: "-i", _INSTANCES.name: ""}
        options = [option._replace(short=shorts.get(option.name, option.short)) for option in OPTIONS]
        command = COMMAND._replace(options=tuple(options))
    given = read_words(command, words)
    focus, reports = None, list(given.words)
    if reports and reports[0] in AGENT_TOOLS:
        focus = reports.pop(0)
    report = _report_of(reports.pop(0)) if reports else "daily"
    if reports:
        raise Invalid("", f"{reports[0][:32]!r} is one word too many. See `devtime usage --help`.")
    return Wanted(report, focus, given)


def _report_of(word: str) -> str:
    word = _SPELLINGS.get(word, word)
    if word in REPORTS:
        return word
    from difflib import get_close_matches

    near = get_close_matches(word, [*REPORTS, *_SPELLINGS, *AGENT_TOOLS], n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise Invalid("", f"{word[:32]!r} is neither a report ({', '.join(REPORTS)}) nor an agent.{meant}")
