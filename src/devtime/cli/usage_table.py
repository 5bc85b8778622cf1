"""Draws tables that fit the terminal: too narrow, and numbers become short, lists wrap, and columns leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from devtime.cli.terminal import BOLD, DIM, PLAIN, Style, cut, paint, width_of

GAP = "  "
_LIST_WIDTHS = (48, 32, 24, 16)
_NAME_WIDTHS = (40, 28, 20)

ColumnKind = Literal["name", "list", "number", "text"]
"""`name` is cut where it is too long, `list` is wrapped, `number` stands at the right and has a short form."""


class Column(NamedTuple):
    """A column; those of the highest `rank` leave first, 0 never does."""

    title: str
    kind: ColumnKind
    rank: int = 0
    short_title: str = ""


class Cell(NamedTuple):
    """What stands in a cell: in full, shorter, or as the parts of a list."""

    text: str = ""
    short: str = ""
    parts: tuple[str, ...] = ()
    style: Style = PLAIN


class Line(NamedTuple):
    """A row of cells. Minor lines belong to the line above; a rule is drawn over the others that ask for one."""

    cells: Sequence[Cell]
    style: Style = PLAIN
    has_rule: bool = False


def number(value: int, style: Style = PLAIN) -> Cell:
    """A count: `1,234,567`, in short `1.23M`."""
    return Cell(f"{value:,}", short_number(value), style=style)


def short_number(value: float) -> str:
    """Three digits and a unit."""
    for unit, size in (("T", 1e12), ("B", 1e9), ("M", 1e6), ("K", 1e3)):
        if value >= size * 0.9995:
            scaled = value / size
            digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
            return f"{scaled:.{digits}f}{unit}"
    return f"{value:.0f}"


class _Shape(NamedTuple):
    """One way to draw: which columns, how wide lists and names may be, whether numbers are short."""

    columns: list[int]
    list_width: int
    name_width: int
    is_short: bool


def draw(
    columns: Sequence[Column], lines: Sequence[Line], width: int, has_colour: bool, is_compact: bool = False
) -> str:
    """The table, in as many columns and as much detail as the width holds."""
    shape = _choose(columns, lines, width, is_compact)
    chosen = [columns[at] for at in shape.columns]
    titles = [_title(column, shape) for column in chosen]
    drawn = [[_text_of(line.cells[at], columns[at], shape) for at in shape.columns] for line in lines]
    widths = [max([width_of(titles[at]), *_part_widths(drawn, at)]) for at in range(len(chosen))]
    places = [(wide, column.kind == "number") for wide, column in zip(widths, chosen, strict=True)]
    rule = _painted("─" * (sum(widths) + len(GAP) * (len(widths) - 1)), DIM, has_colour)
    out = [_joined(titles, places, [BOLD if has_colour else PLAIN] * len(titles)), rule]
    for line, row in zip(lines, drawn, strict=True):
        if line.has_rule:
            out.append(rule)
        styles = [(line.cells[at].style or line.style) if has_colour else PLAIN for at in shape.columns]
        for depth in range(max(len(parts) for parts in row)):
            out.append(_joined([parts[depth] if depth < len(parts) else "" for parts in row], places, styles))
    return "\n".join(out) + "\n"


def _part_widths(drawn: list[list[list[str]]], at: int) -> list[int]:
    return [width_of(part) for row in drawn for part in row[at]]


def _painted(text: str, style: Style, has_colour: bool) -> str:
    return paint(text, style) if has_colour else text


def _joined(texts: list[str], places: list[tuple[int, bool]], styles: list[Style]) -> str:
    cells: list[str] = []
    for text, (wide, is_right), style in zip(texts, places, styles, strict=True):
        blanks = " " * (wide - width_of(text))
        cells.append(blanks + paint(text, style) if is_right else paint(text, style) + blanks)
    return GAP.join(cells).rstrip(" ")


def _choose(columns: Sequence[Column], lines: Sequence[Line], width: int, is_compact: bool) -> _Shape:
    every = list(range(len(columns)))
    ranks = sorted({column.rank for column in columns} - {0}, reverse=True)
    compact = [at for at in every if columns[at].rank <= 2]
    shape = _Shape(compact if is_compact else every, _LIST_WIDTHS[0], _NAME_WIDTHS[0], is_compact)
    for is_short in (is_compact, True):
        for list_width, name_width in zip(_LIST_WIDTHS, (*_NAME_WIDTHS, _NAME_WIDTHS[-1]), strict=True):
            shape = shape._replace(list_width=list_width, name_width=name_width, is_short=is_short)
            if _width(columns, lines, shape) <= width:
                return shape
    for rank in ranks:
        shape = shape._replace(columns=[at for at in shape.columns if columns[at].rank < rank or not columns[at].rank])
        for list_width in _LIST_WIDTHS:
            wider = shape._replace(list_width=list_width)
            if _width(columns, lines, wider) <= width:
                return wider
    for name_width in (16, 12, 8):
        shape = shape._replace(name_width=name_width, list_width=12)
        if _width(columns, lines, shape) <= width:
            break
    return shape


def _width(columns: Sequence[Column], lines: Sequence[Line], shape: _Shape) -> int:
    total = len(GAP) * (len(shape.columns) - 1)
    for at in shape.columns:
        texts = [part for line in lines for part in _text_of(line.cells[at], columns[at], shape)]
        total += max([width_of(_title(columns[at], shape)), *map(width_of, texts)])
    return total


def _title(column: Column, shape: _Shape) -> str:
    return column.short_title if shape.is_short and column.short_title else column.title


def _text_of(cell: Cell, column: Column, shape: _Shape) -> list[str]:
    if column.kind == "number":
        return [cell.short if shape.is_short and cell.short else cell.text]
    if column.kind == "name":
        return [cut(cell.short if shape.is_short and cell.short else cell.text, shape.name_width)]
    if column.kind == "list" and cell.parts:
        return _wrapped(cell.parts, shape.list_width)
    return [cell.short if shape.is_short and cell.short else cell.text]


def _wrapped(parts: Sequence[str], width: int) -> list[str]:
    lines: list[str] = [""]
    for at, part in enumerate(parts):
        piece = cut(part, width - 1) + ("," if at < len(parts) - 1 else "")
        if not lines[-1]:
            lines[-1] = piece
        elif width_of(lines[-1]) + 1 + width_of(piece) <= width:
            lines[-1] += " " + piece
        else:
            lines.append(piece)
    return lines
