"""Rows of a report as tables for people: which columns, what stands in them, what is said above and below."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal

from devtime.cli.terminal import BOLD, DIM, PLAIN, YELLOW, clean, paint, wrapped
from devtime.cli.usage_table import Cell, Column, Line, draw, number
from devtime.reports.rows import Amount, Name, Row

_MODELS = Column("Models", "list", 2)
_AGENTS = Column("Agents", "list", 4)
_COUNTS = (
    Column("Input", "number", 3),
    Column("Output", "number", 3),
    Column("Cache write", "number", 5, "C. write"),
    Column("Cache read", "number", 5, "C. read"),
    Column("Total", "number", 1),
)
_COST = Column("Cost", "number")
_CENT = Decimal("0.01")


class View:
    """How the person wants to see it."""

    __slots__ = ("has_colour", "has_cost", "is_breakdown", "is_compact", "width")

    def __init__(
        self, width: int, has_colour: bool, has_cost: bool = True, is_compact: bool = False, is_breakdown: bool = False
    ) -> None:
        self.width = width
        self.has_colour = has_colour
        self.has_cost = has_cost
        self.is_compact = is_compact
        self.is_breakdown = is_breakdown

    def paint(self, text: str, style: str) -> str:
        """The text in a style, if there are colours."""
        return paint(text, style) if self.has_colour else text

    def draw(self, columns: Sequence[Column], lines: Sequence[Line]) -> str:
        """A table as wide as the terminal at most."""
        return draw(columns, lines, self.width, self.has_colour, self.is_compact)


def dollars(cost_usd: Decimal | float, is_unpriced: bool = False) -> str:
    """`$1,234.56`; `<$0.01` for what rounds to nothing; `≥$0.14` where some of it has no known price."""
    if not cost_usd:
        return "?" if is_unpriced else "$0.00"
    if is_unpriced:
        return f"≥${cost_usd:,.2f}"
    return "<$0.01" if cost_usd < _CENT / 2 else f"${cost_usd:,.2f}"


def short_model(label: str) -> str:
    """A model's name as a table has room for: without the maker's and the date's."""
    name = clean(label)
    name = name.removeprefix("claude-") if len(name) > len("claude-") else name
    head, _, tail = name.rpartition("-")
    return head if head and len(tail) == 8 and tail.isdigit() else name


def amount_cells(amount: Amount, view: View) -> list[Cell]:
    """The counts and the cost of a row."""
    tokens = amount.tokens
    counts = (tokens.input, tokens.output, tokens.cache_write + tokens.cache_write_1h, tokens.cache_read, tokens.total)
    cells = [number(count) for count in counts]
    if view.has_cost:
        cells.append(Cell(dollars(amount.cost_usd, amount.is_unpriced), style=YELLOW if amount.is_unpriced else PLAIN))
    return cells


def models_cell(row: Row[Hashable]) -> Cell:
    """The models of a row, the dearest first."""
    return Cell(parts=tuple(dict.fromkeys(short_model(label) for label, _ in row.models_by_cost)))


def draw_rows(
    names: Sequence[Column],
    rows: Sequence[Row[Name]],
    cells_of: Callable[[Row[Name]], Sequence[Cell]],
    total: Row[str],
    view: View,
    parts: Mapping[Name, Sequence[Row[str]]] | None = None,
) -> str:
    """A table: the columns of the name, then models, agents where there are several, counts, cost, and the totals.

    `parts` are rows of agents to be shown below a row.
    """
    titles = {column.title for column in names}
    has_agents = len(total.agents) > 1 and "Agent" not in titles and parts is None
    has_models = "Model" not in titles
    is_breakdown = view.is_breakdown and has_models
    middle = [*([_AGENTS] if has_agents else []), *([_MODELS] if has_models else [])]
    columns = [*names, *middle, *_COUNTS, *([_COST] if view.has_cost else [])]

    def line(first: Sequence[Cell], row: Row[Hashable] | None, amount: Amount, style: str, rule: bool = False) -> Line:
        agents = Cell(parts=tuple(sorted(row.agents)) if row else ())
        models = models_cell(row) if row else Cell()
        between = [*([agents] if has_agents else []), *([models] if has_models else [])]
        return Line([*first, *between, *amount_cells(amount, view)], style, rule)

    blank = [Cell()] * (len(names) - 1)
    lines: list[Line] = []
    for row in rows:
        lines.append(line(cells_of(row), row, row, PLAIN))
        for part in (parts or {}).get(row.name, ()):
            lines.append(line([Cell(f"  {part.name}"), *blank], part, part, DIM))
        if is_breakdown:
            for label, amount in row.models_by_cost:
                lines.append(line([Cell(f"  {short_model(label)}"), *blank], None, amount, DIM))
    if len(rows) > 1:
        lines.append(line([Cell("Total"), *blank], None, total, BOLD, rule=True))
    return view.draw(columns, lines)


def unpriced_note(total: Row[str], view: View) -> str:
    """Which models have no known price, and what to do; empty where all have one."""
    if not view.has_cost:
        return ""
    unpriced = [(label, amount.tokens.total) for label, amount in total.models.items() if amount.is_unpriced]
    if not unpriced:
        return ""
    told = ", ".join(f"{clean(label)} ({tokens:,} tokens)" for label, tokens in sorted(unpriced))
    head = [view.paint(line, YELLOW) for line in wrapped(f"No price is known for {told}.", view.width)]
    return "\n".join([*head, *wrapped(price_advice(unpriced[0][0]), view.width)]) + "\n"


def price_advice(model: str) -> str:
    """How to give a model a price."""
    name = clean(model).replace('"', "")
    return f'Give it one in config.toml: [prices."{name}"] with input and output, in dollars per million tokens.'


def title_line(told: Iterable[str], view: View) -> str:
    """What the table is about, above it."""
    head, *rest = [part for part in told if part]
    return view.paint(head, BOLD) + "".join(view.paint(f" · {part}", DIM) for part in rest) + "\n\n"
