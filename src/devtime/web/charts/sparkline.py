"""A row of tiny bars beside a name: the shape of its recent time, without axes."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from devtime.web.charts.svg import percent, tag
from devtime.web.format import duration

_HEIGHT = 24


def sparkline(values_ms: Sequence[int], name: str) -> Markup:
    """Bars for the values, oldest first, as high as their share of the longest."""
    longest_ms = max(values_ms, default=0)
    count = len(values_ms)
    shapes: list[Markup] = []
    for index, value_ms in enumerate(values_ms):
        height = max(round(_HEIGHT * value_ms / longest_ms, 1), 1.5) if value_ms > 0 else 1
        shapes.append(
            tag(
                "rect",
                x=percent(index + 0.15, count),
                width=percent(0.7, count),
                y=_HEIGHT - height,
                height=height,
                class_="spark" if value_ms > 0 else "spark spark-none",
            )
        )
    words = f"{name}: at most {duration(longest_ms)}"
    return tag("svg", *shapes, class_="sparkline", width="100%", height=_HEIGHT, role="img", aria_label=words)
