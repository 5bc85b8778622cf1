"""A rating as five stars, filled as far as it goes."""

from __future__ import annotations

from markupsafe import Markup

from devtime.web.charts.svg import join, tag

_SIDE = 16
_STAR = "M8 1.6l1.9 4.1 4.5.5-3.3 3 .9 4.4L8 11.4l-4 2.2.9-4.4-3.3-3 4.5-.5z"


def stars(rating: float, count: int | None = None) -> Markup:
    """Five stars. `count` ratings are said to screen readers; without it, it is one person's rating."""
    whole = min(max(rating, 0.0), 5.0)
    if count == 0:
        name = "not rated yet"
    elif count is None:
        name = f"{whole:g} of 5 stars"
    else:
        name = f"{whole:.1f} of 5 stars, {count:,} rating{'' if count == 1 else 's'}"
    row = join(tag("path", d=_STAR, transform=f"translate({at * (_SIDE + 1)} 0)") for at in range(5))
    width = 5 * (_SIDE + 1) - 1
    filled = int(whole) * (_SIDE + 1) + (whole - int(whole)) * _SIDE
    return tag(
        "svg",
        tag("g", row, class_="star-empty"),
        tag("svg", tag("g", row, class_="star-full"), width=f"{filled:.1f}", height=_SIDE, overflow="hidden"),
        class_="stars",
        width=width,
        height=_SIDE,
        viewBox=f"0 0 {width} {_SIDE}",
        role="img",
        aria_label=name,
    )
