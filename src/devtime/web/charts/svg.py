"""Writes SVG and HTML elements: the one place where charts escape. Colours are classes, sizes are attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from markupsafe import Markup, escape

Value = str | int | float | None

_SPECIAL = re.compile("""[&<>"']""").search


def tag(name: str, /, *children: str, **attributes: Value) -> Markup:
    """An element. Attribute names lose a trailing `_` and turn `_` into `-`; None leaves one out.

    Children that are not `Markup` are text and are escaped; so is every attribute.
    """
    written = [f"<{name}"]
    for key, value in attributes.items():
        if value is not None:
            shown = _escaped(value) if isinstance(value, str) else value
            written.append(f' {_attribute(key)}="{shown}"')
    written.append(">")
    for child in children:
        written.append(child if isinstance(child, Markup) else _escaped(child))
    written.append(f"</{name}>")
    return _markup("".join(written))


def join(parts: Iterable[Markup]) -> Markup:
    """Elements one after another."""
    return _markup("".join(parts))


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
        aria_label=tip,
        tabindex=0 if is_first else -1,
    )


def _escaped(text: str) -> str:
    # Most text needs no escaping, and a search that finds nothing is much cheaper than a new string.
    return str(escape(text)) if _SPECIAL(text) else text


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _markup(text: str) -> Markup:
    # What `Markup(text)` does for a plain string, without asking what kind of object it is: charts make thousands.
    return str.__new__(Markup, text)
