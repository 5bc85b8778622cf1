"""The figures as a table in Markdown, on standard output and in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench.scenarios import Asking, Sending

_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"

_RATE_GOALS = {1: (1_200, "1,000–1,800"), 10: (5_000, "4,700–6,500"), 25: (8_000, "7,500–16,000")}
_TIME_GOALS = {
    "status bar": (4.0, ""),
    "overview page": (80.0, ""),
    "summary of a year, filtered by project": (40.0, "3,300–4,700"),
}
_MEMORY_GOAL_MB = 150


def write_table(
    heading: Sequence[str], sendings: Sequence[Sending], askings: Sequence[Asking], memory: Sequence[tuple[str, float]]
) -> str:
    """Everything measured, under lines that say where and how."""
    lines = [
        *heading,
        "",
        "| heartbeats durable, over 8 connections | per second | rounds | p50 ms | p99 ms | goal | Go |",
    ]
    lines.append("|---|---:|---:|---:|---:|---:|---:|")
    for sending in sorted(sendings, key=lambda one: (one.each, one.dialect.name, one.label)):
        figures = sending.figures
        goal, peer = _RATE_GOALS.get(sending.each, (0, ""))
        cells = (
            f"{sending.each:,} a POST, {sending.dialect.name}, {sending.label}",
            f"{figures.rate():,.0f}",
            figures.spread(),
            f"{median(figures.p50_ms):.1f}",
            f"{median(figures.p99_ms):.1f}",
            f"≥ {goal:,}" if goal else "",
            peer,
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| answers to the user with 200,000 heartbeats | p50 ms | p99 ms | goal ms | Go ms |"]
    lines.append("|---|---:|---:|---:|---:|")
    for asking in askings:
        limit, peer = _TIME_GOALS.get(asking.label, (0.0, ""))
        p50, p99 = median(asking.figures.p50_ms), median(asking.figures.p99_ms)
        lines.append(f"| {asking.label} | {p50:.1f} | {p99:.1f} | {f'< {limit:g}' if limit else ''} | {peer} |")
    lines += ["", "| resident memory (PSS) | MB | goal |", "|---|---:|---:|"]
    for label, megabytes in memory:
        lines.append(f"| {label} | {megabytes:.0f} | {f'< {_MEMORY_GOAL_MB}' if label.startswith('server') else ''} |")
    return "\n".join(lines) + "\n"


def write_into(document: Path, table: str) -> None:
    """Put the table between the document's marks."""
    text = document.read_text("utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, found, after = rest.partition(_END)
    if not found:
        raise SystemExit(f"{document} has no {_BEGIN} … {_END}")
    document.write_text(f"{before}{_BEGIN}\n\n{table}\n{_END}{after}", "utf-8")
