"""Writes SVG and HTML elements: the one place where charts escape. Colours are classes, sizes are attributes."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Value = str | int | float | None


def tag(name: str, /, *children: str, **attributes: Value) -> Markup:
    """An element. Attribute names lose a trailing `_` and turn `_` into `-`; None leaves one out.

    Children that are not `Markup` are text and are escaped; so is every attribute.
    """
    body = "".join(_text(child) for child in children)
    return Markup(f"<{name}{_attributes(attributes)}>{body}</{name}>")  # noqa: S704 - every part is escaped


def join(parts: Iterable[Markup]) -> Markup:
    """Elements one after another."""
    return Markup("").join(parts)


def percent(part: float, whole: float) -> str:
    """A length as a share of the drawing's width: charts stretch with the page, their text does not."""
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".") + "%" if whole else "0%"


def link(href: str, tip: str, *children: Markup, is_first: bool = False, class_: str | None = None) -> Markup:
    """A clickable mark. Arrow keys move among the marks of a chart, so only the first is a tab stop."""
    return tag(
        "a",
        *children,
        href=href,
        class_=class_,
        data_tip=tip,
        aria_label=tip,
        tabindex=0 if is_first else -1,
    )


def _text(child: str) -> str:
    return child if isinstance(child, Markup) else str(escape(child))


def _attributes(attributes: dict[str, Value]) -> str:
    written: list[str] = []
    for name, value in attributes.items():
        if value is None:
            continue
        shown = str(escape(value)) if isinstance(value, str) else f"{value:g}"
        written.append(f' {name.rstrip("_").replace("_", "-")}="{shown}"')
    return "".join(written)
