"""How much of a limit is used: a filled track, with a mark where an even pace would be."""

from __future__ import annotations

from markupsafe import Markup

from devtime.web.charts.svg import percent, tag
from devtime.web.views.limits import LimitGauge

_HEIGHT, _TOP = 14, 3


def limit_bar(gauge: LimitGauge) -> Markup:
    """The bar of a gauge, never more than full. The mark is left out where the pace is on track, as it says nothing."""
    share = min(gauge.line.share, 1.0)
    parts = [tag("rect", y=_TOP, width="100%", height=8, rx=4, class_="track")]
    if share > 0:
        filled = percent(max(share, 0.008), 1)
        parts.append(tag("rect", y=_TOP, width=filled, height=8, rx=4, class_=f"mark limit-{gauge.standing}"))
    if gauge.elapsed_share is not None and gauge.standing in ("ahead", "behind"):
        x = percent(gauge.elapsed_share, 1)
        parts.append(tag("line", x1=x, x2=x, y1=0, y2=_HEIGHT, class_="limit-even"))
    words = ", ".join(filter(None, (f"{gauge.line.label}: {gauge.value} {gauge.of}".rstrip(), gauge.sentence)))
    return tag("svg", *parts, class_="limit-bar", width="100%", height=_HEIGHT, role="img", aria_label=words)
