"""One session, request by request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtime.cli.terminal import BOLD, DIM, clean
from devtime.cli.usage_books import EVERY, Books
from devtime.cli.usage_show import View, dollars, short_model, title_line
from devtime.cli.usage_table import Cell, Column, Line, number
from devtime.cli.usage_zone import local_time
from devtime.kernel.errors import NotFound
from devtime.reports.ccusage_shapes import Json, to_iso
from devtime.reports.rows import Row, fold_all, model_label
from devtime.wire.usage_sums import UsageQuestion

if TYPE_CHECKING:
    from devtime.wire.usage import UsageEvent

_NANO = 1_000_000_000


def session_of(books: Books, session: str) -> Json:
    """The session in ccusage's shape: its requests, oldest first, with the costs the log tells, and its total."""
    events, total = _read(books, session)
    return {
        "sessionId": session,
        "totalCost": float(total.cost_usd),
        "totalTokens": total.tokens.total,
        "entries": [_entry(event) for event in events],
    }


def _entry(event: UsageEvent) -> Json:
    return {
        "timestamp": to_iso(event.time_ms),
        "model": model_label(event.rate),
        "inputTokens": event.input_tokens,
        "outputTokens": event.output_tokens,
        "cacheCreationTokens": event.cache_write_tokens + event.cache_write_1h_tokens,
        "cacheReadTokens": event.cache_read_tokens,
        "costUSD": (event.cost_nusd or 0) / _NANO,
    }


def _read(books: Books, session: str) -> tuple[list[UsageEvent], Row[str]]:
    question = UsageQuestion(zone=books.zone, sessions=(session,))
    events = sorted(books.ledger.events(question, EVERY), key=lambda event: event.time_ms)
    if not events:
        raise NotFound(f"no session {clean(session)[:80]!r} is known; `devtime usage session` lists them")
    return events, fold_all(books.ask_about(question), books.costing)


def draw_session(books: Books, session: str, view: View) -> str:
    """The session as a table of its requests."""
    events, total = _read(books, session)
    columns = [
        Column("Time", "text"),
        Column("Model", "name", 1),
        Column("Input", "number", 3),
        Column("Output", "number", 2),
        Column("Cache write", "number", 4, "C. write"),
        Column("Cache read", "number", 4, "C. read"),
        Column("Total", "number"),
    ]
    lines: list[Line] = []
    for event in events:
        moment = local_time(event.time_ms, books.zone)
        write = event.cache_write_tokens + event.cache_write_1h_tokens
        counts = (event.input_tokens, event.output_tokens, write, event.cache_read_tokens, event.total_tokens)
        names = [
            Cell(f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%m-%d %H:%M}"),
            Cell(short_model(model_label(event.rate))),
        ]
        lines.append(Line([*names, *map(number, counts)], DIM if event.is_sidechain else ""))
    tokens = total.tokens
    sums = (tokens.input, tokens.output, tokens.cache_write + tokens.cache_write_1h, tokens.cache_read, tokens.total)
    lines.append(Line([Cell("Total"), Cell(f"{len(events):,} requests"), *map(number, sums)], BOLD, has_rule=True))
    cost = [dollars(total.cost_usd, total.is_unpriced)] if view.has_cost else []
    return title_line([f"Session {clean(session)}", *cost, books.zone], view) + view.draw(columns, lines)
