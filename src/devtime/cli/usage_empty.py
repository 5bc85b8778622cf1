"""What is said where there is nothing to show: where logs were looked for, or which days do have usage."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from devtime.cli.terminal import clean, terminal_width, wrapped
from devtime.cli.usage_desk import Desk
from devtime.cli.usage_options import Wanted
from devtime.cli.usage_zone import local_time
from devtime.wire.usage_sums import Part, UsageQuestion


def nothing_logged(desk: Desk) -> str:
    """No agent's log was found: which folders were looked into, and what to set if they lie elsewhere."""
    from devtime.readers.registry import READERS
    from devtime.readers.surroundings import Surroundings

    surroundings = Surroundings(Path.home(), os.environ, sys.platform)
    lines = ["No AI usage found: none of the agents DevTime can read has a log here.", ""]
    empty = [(reader.title, root) for reader in READERS for root in reader.find_roots(surroundings)]
    if empty:
        lines += ["These folders are there, but hold no usage yet:"]
        lines += [f"  {title:<16}{clean(str(root))}" for title, root in empty]
    titles = ", ".join(dict.fromkeys(reader.title for reader in READERS))
    told = f"Looked below {clean(str(surroundings.home))} for logs of {titles}."
    advice = "Logs elsewhere are found by the agents' own variables, such as CLAUDE_CONFIG_DIR or CODEX_HOME."
    lines += ["", *wrapped(told, terminal_width()), *wrapped(advice, terminal_width())]
    if desk.refreshed.skipped:
        lines.append(f"{desk.refreshed.skipped:,} places could not be understood: see `devtime usage --verbose`.")
    return "\n".join(lines) + "\n"


def nothing_found(desk: Desk, wanted: Wanted) -> str:
    """There is usage, but none that was asked for."""
    cells = desk.ask_about(UsageQuestion(zone=desk.zone))
    first = local_time(min(cell.first_ms for cell in cells), desk.zone).date()
    last = local_time(max(cell.last_ms for cell in cells), desk.zone).date()
    lines = [f"No usage matches. There is some from {first} to {last} ({desk.zone})."]
    question = desk.question
    narrowed: tuple[tuple[str, tuple[str, ...], Part], ...] = (
        ("--agent", question.agents, "agent"),
        ("--project", question.projects, "project"),
        ("--branch", question.branches, "branch"),
    )
    for option, given, part in narrowed:
        if given:
            names = sorted({clean(str(cell.names[0])) for cell in desk.ask_about(UsageQuestion(zone=desk.zone), part)})
            shown = ", ".join(name for name in names[:12] if name) + (" …" if len(names) > 12 else "")
            lines.append(f"{'The agent' if wanted.focus and part == 'agent' else option} can be one of: {shown}")
    return "\n".join(lines) + "\n"
