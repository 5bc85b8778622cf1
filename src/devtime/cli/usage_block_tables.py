"""Blocks on the terminal: a table of them, and the active one in detail."""

from __future__ import annotations

from devtime.cli.terminal import BOLD, DIM, GREEN, PLAIN, RED, YELLOW
from devtime.cli.usage_blocks import Blocks, answer_blocks
from devtime.cli.usage_desk import Desk
from devtime.cli.usage_options import Wanted
from devtime.cli.usage_show import View, dollars, models_cell, title_line, unpriced_note
from devtime.cli.usage_table import Cell, Column, Line, number
from devtime.cli.usage_zone import local_time
from devtime.kernel.clock import MINUTE_MS
from devtime.reports.blocks import Block, burn_of, projection_of
from devtime.reports.rows import total_of

_NORMAL_PER_MINUTE, _MODERATE_PER_MINUTE = 2_000, 5_000
_WARNING_PERCENT = 80
_BAR_WIDTH = 30


def draw_blocks(desk: Desk, wanted: Wanted, view: View) -> str:
    """The table of blocks; with --active the active one in detail."""
    blocks = answer_blocks(desk, wanted.given)
    agents = ", ".join(desk.question.agents or ("claude",))
    title = title_line(["Blocks", agents, desk.zone], view)
    if wanted.given.flag("active"):
        if not blocks.found:
            return title + "No block is active: nothing was asked of an agent within the last hours.\n"
        return title + "\n".join(draw_active(block, blocks.token_limit, desk, view) for block in blocks.found)
    if not blocks.found:
        return title + "No block in these days.\n"
    ordered = blocks.found[::-1] if wanted.given.text("order") == "desc" else blocks.found
    lines = [line for block in ordered if not _is_within(block, blocks) for line in _lines(block, blocks, desk)]
    columns = [
        Column("Begins", "text"),
        Column("Lasts", "text", 2),
        Column("Models", "list", 3),
        Column("Requests", "number", 4, "Req."),
        Column("Tokens", "number"),
        *([Column("Of limit", "number", 1)] if blocks.token_limit else []),
        *([Column("Cost", "number")] if view.has_cost else []),
    ]
    fitted = [line._replace(cells=line.cells[: len(columns)]) for line in lines]
    note = unpriced_note(total_of(block.row for block in blocks.found), view)
    return title + view.draw(columns, fitted) + ("\n" + note if note else "")


def _is_within(block: Block, blocks: Blocks) -> bool:
    """Whether a gap lies in the first hour of the block after it, where that began at the full hour."""
    after = (other.start_ms for other in blocks.found if not other.is_gap and other.end_ms > block.end_ms)
    return block.is_gap and min(after, default=block.end_ms) <= block.start_ms


def _lines(block: Block, blocks: Blocks, desk: Desk) -> list[Line]:
    begins = local_time(block.start_ms, desk.zone)
    start = Cell(f"{begins:%Y-%m-%d %H:%M}", f"{begins:%m-%d %H:%M}")
    limit = blocks.token_limit
    if block.is_gap:
        pause = duration(block.end_ms - block.start_ms)
        return [
            Line([start, Cell(f"{pause} unused"), Cell(), Cell(), Cell(), *([Cell()] if limit else []), Cell()], DIM)
        ]
    row, is_active = block.row, block.is_active(desk.now_ms)
    used = duration(row.last_ms - block.start_ms)
    left = duration(block.end_ms - desk.now_ms)
    lasts = Cell(f"active, {left} left", f"{left} left") if is_active else Cell(used)
    cells = [start, lasts, models_cell(row), number(row.tokens.events), number(row.tokens.total)]
    if limit:
        cells.append(_percent(row.tokens.total, limit))
    cells.append(Cell(dollars(row.cost_usd, row.is_unpriced), style=YELLOW if row.is_unpriced else PLAIN))
    lines = [Line(cells, GREEN if is_active else PLAIN)]
    projection = projection_of(block, desk.now_ms)
    if projection:
        ends = [Cell("  by its end"), Cell("at this rate"), Cell(), Cell(), number(projection.tokens)]
        if limit:
            ends.append(_percent(projection.tokens, limit))
        lines.append(Line([*ends, Cell(dollars(projection.cost_usd))], DIM))
    return lines


def _percent(tokens: int, limit: int) -> Cell:
    percent = tokens / limit * 100
    style = RED if percent > 100 else YELLOW if percent > _WARNING_PERCENT else PLAIN
    return Cell(f"{percent:,.1f} %", f"{percent:,.0f}%", style=style)


def draw_active(block: Block, token_limit: int, desk: Desk, view: View) -> str:
    """A block in detail: how much of its time is over, what it holds, how fast, and where that leads."""
    row, tokens = block.row, block.row.tokens
    begins, ends = local_time(block.start_ms, desk.zone), local_time(block.end_ms, desk.zone)
    share = (desk.now_ms - block.start_ms) / (block.end_ms - block.start_ms)
    filled = min(_BAR_WIDTH, max(0, round(share * _BAR_WIDTH)))
    bar = view.paint("━" * filled, GREEN) + view.paint("─" * (_BAR_WIDTH - filled), DIM)
    left = duration(block.end_ms - desk.now_ms)
    cache = tokens.cache_read + tokens.cache_write + tokens.cache_write_1h
    lines = [
        f"{begins:%H:%M} {bar} {ends:%H:%M}   {view.paint(left + ' left', BOLD)}",
        "",
        _told("Used", f"{tokens.total:,} tokens", _cost(dollars(row.cost_usd, row.is_unpriced), view)),
        _told("", f"{tokens.input:,} input, {tokens.output:,} output, {cache:,} cache", ""),
    ]
    burn = burn_of(block)
    if burn:
        pace = burn.plain_tokens_per_minute
        word, style = ("calm", GREEN) if pace < _NORMAL_PER_MINUTE else ("brisk", YELLOW)
        if pace >= _MODERATE_PER_MINUTE:
            word, style = "fast", RED
        hourly = f"${burn.cost_usd_per_hour:,.2f} an hour"
        speed = f"{burn.tokens_per_minute:,.0f} tokens a minute"
        lines.append(_told("Rate", speed, _cost(hourly, view)) + "   " + view.paint(word, style))
    projection = projection_of(block, desk.now_ms)
    if projection:
        lines.append(_told("By its end", f"{projection.tokens:,} tokens", _cost(dollars(projection.cost_usd), view)))
        if token_limit:
            percent = _percent(projection.tokens, token_limit)
            share_text = view.paint(percent.text, percent.style)
            lines.append(_told("Limit", f"{token_limit:,} tokens", f"{share_text} of it by the end"))
    note = unpriced_note(row.renamed("total"), view)
    return "\n".join(lines) + "\n" + ("\n" + note if note else "")


def _told(what: str, amount: str, cost: str) -> str:
    return f"{what:<12}{amount:<34}{cost}".rstrip()


def _cost(text: str, view: View) -> str:
    return text if view.has_cost else ""


def duration(length_ms: int) -> str:
    """`4h 05m`, `12m`, `2d 3h`."""
    minutes = max(0, length_ms) // MINUTE_MS
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 48 * 60:
        return f"{minutes // 60}h {minutes % 60:02}m"
    return f"{minutes // 1440}d {minutes // 60 % 24}h"
