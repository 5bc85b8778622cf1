"""A badge for READMEs: a label and a message, as SVG that stands alone."""

from __future__ import annotations

from typing import Literal

from devtime.web.charts.svg import tag

BadgeStyle = Literal["flat", "flat-square"]

_LONGEST = 64
_NARROW, _WIDE = "ijltfr.,:;'!|I() ", "mwMW@%—"
_COLOURS = {"accent": "#0f766e", "grey": "#62626c"}


def draw_badge(label: str, message: str, *, style: BadgeStyle = "flat", is_told: bool = True) -> str:
    """The SVG document. What is shown is escaped, and cut where it is very long."""
    label, message = label[:_LONGEST], message[:_LONGEST]
    left, right = _width(label) + 12, _width(message) + 12
    radius = 3 if style == "flat" else 0
    clip = tag("clipPath", tag("rect", width=left + right, height=20, rx=radius), id="edge")
    fill = _COLOURS["accent" if is_told else "grey"]
    back = tag(
        "g",
        tag("rect", width=left, height=20, fill="#3f3f46"),
        tag("rect", x=left, width=right, height=20, fill=fill),
        clip_path="url(#edge)",
    )
    words = tag(
        "g",
        tag("text", label, x=6, y=14, textLength=left - 12),
        tag("text", message, x=left + 6, y=14, textLength=right - 12),
        fill="#ffffff",
        font_family="Verdana, DejaVu Sans, sans-serif",
        font_size=11,
    )
    return tag(
        "svg",
        tag("title", f"{label}: {message}"),
        clip,
        back,
        words,
        xmlns="http://www.w3.org/2000/svg",
        width=left + right,
        height=20,
        role="img",
        aria_label=f"{label}: {message}",
    )


def _width(text: str) -> int:
    """How wide the text is, about, at 11 pixels of Verdana; the drawing makes it fit."""
    return round(sum(3.8 if mark in _NARROW else 10 if mark in _WIDE or ord(mark) > 0x2E7F else 6.9 for mark in text))
