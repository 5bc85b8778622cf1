"""How far a stretch of time has passed: a filled track."""

from __future__ import annotations

from markupsafe import Markup

from devtime.web.charts.svg import percent, tag


def meter(part: int, whole: int, name: str) -> Markup:
    """A track filled up to the part; never more than full."""
    filled = min(max(part, 0), whole)
    return tag(
        "svg",
        tag("rect", width="100%", height=8, rx=4, class_="track"),
        tag("rect", width=percent(filled, whole), height=8, rx=4, class_="mark c-plain"),
        class_="meter",
        width="100%",
        height=8,
        role="img",
        aria_label=name,
    )
