"""The frame of a chart: a figure with a name, the drawing, and the table it was drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from devtime.web.charts.svg import join, tag


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table behind a chart, a link where there is something to click."""

    text: str
    href: str = ""


def figure(kind: str, name: str, description: str, drawing: Markup, table: Markup) -> Markup:
    """A drawing and its table. The drawing is a group named by `name`, whose description tells the gist in words."""
    return tag(
        "figure",
        tag("figcaption", f"{name}. {description}", class_="sr-only"),
        tag("div", drawing, class_="chart-drawing"),
        tag("details", tag("summary", "Show as table"), table, class_="chart-table"),
        class_=f"chart chart-{kind}",
        data_chart=kind,
    )


def drawing(height: int, name: str, *children: Markup, class_: str = "") -> Markup:
    """An `<svg>` as wide as its place and `height` pixels high, whose marks are reachable by the keyboard."""
    return tag(
        "svg",
        *children,
        class_=f"chart-svg {class_}".rstrip(),
        width="100%",
        height=height,
        role="group",
        aria_label=name,
        data_marks="",
    )


def legend(entries: Iterable[tuple[str, str]]) -> Markup:
    """Colour class and name of each series."""
    items = [tag("li", swatch(colour), tag("span", name, class_="legend-name")) for colour, name in entries]
    return tag("ul", *items, class_="legend")


def swatch(colour: str) -> Markup:
    """A small square of a colour."""
    square = tag("rect", width=10, height=10, rx=2.5, class_=f"mark {colour}")
    return tag("svg", square, class_="swatch", width=10, height=10, aria_hidden="true")


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """The numbers of a chart; the first column names the row."""
    head = tag(
        "tr", *[tag("th", text, scope="col", class_="num" if index else None) for index, text in enumerate(heads)]
    )
    body = [tag("tr", *[_cell(cell, index) for index, cell in enumerate(row)]) for row in rows]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption, class_="sr-only"),
            tag("thead", head),
            tag("tbody", join(body)),
        ),
        class_="table-wrapper",
        tabindex=0,
        role="region",
        aria_label=f"{caption}, as a table",
    )


def _cell(cell: Cell, index: int) -> Markup:
    content = tag("a", cell.text, href=cell.href) if cell.href else cell.text
    return tag("td", content, class_="num") if index else tag("th", content, scope="row")
