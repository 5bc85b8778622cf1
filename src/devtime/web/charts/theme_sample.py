"""A theme at a glance: a small page drawn in its colours."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from devtime.plugins.kinds.theme.colours import read_colour
from devtime.plugins.kinds.theme.tokens import side_of
from devtime.web.charts.svg import join, tag
from devtime.web.design.theme_sheet import base_tokens

_BARS = (34, 52, 22, 61, 44, 70, 38)


def theme_sample(variables: Mapping[str, str], name: str) -> Markup:
    """A picture 240 by 132. Colours are attributes, and only what can be read as a colour is one."""
    side = side_of(variables) or "light"
    base = base_tokens(side)

    def paint(token: str) -> str:
        colour = read_colour(variables.get(token, "")) or read_colour(base[token])
        return str(colour)

    radius = min(_pixels(variables.get("--radius", base["--radius"])), 16) * 0.6
    main, muted, dark = paint("--text-main"), paint("--text-muted"), paint("--text-dark")
    edge, card, hover, accent = paint("--border"), paint("--bg-card"), paint("--bg-hover"), paint("--accent")
    bars = join(
        tag("rect", x=22 + at * 15, y=114 - height * 0.6, width=9, height=height * 0.6, rx=2,
            fill=accent if at == 5 else paint("--border-focus"))
        for at, height in enumerate(_BARS)
    )  # fmt: skip
    return tag(
        "svg",
        tag("rect", width=240, height=132, fill=paint("--bg")),
        tag("rect", width=240, height=20, fill=card),
        tag("rect", y=20, width=240, height=1, fill=edge),
        tag("rect", x=10, y=6, width=8, height=8, rx=2, fill=accent),
        tag("rect", x=24, y=8, width=30, height=4, rx=2, fill=main),
        tag("rect", x=64, y=5, width=30, height=10, rx=3, fill=hover),
        tag("rect", x=70, y=8, width=18, height=4, rx=2, fill=main),
        tag("rect", x=102, y=8, width=22, height=4, rx=2, fill=muted),
        tag("rect", x=10.5, y=31.5, width=130, height=90, rx=radius, fill=card, stroke=edge),
        tag("rect", x=22, y=42, width=52, height=7, rx=2, fill=main),
        tag("rect", x=22, y=55, width=34, height=4, rx=2, fill=dark),
        bars,
        tag("rect", x=150.5, y=31.5, width=80, height=90, rx=radius, fill=card, stroke=edge),
        tag("rect", x=161, y=43, width=44, height=4, rx=2, fill=muted),
        tag("rect", x=161, y=54, width=58, height=4, rx=2, fill=dark),
        tag("rect", x=161, y=65, width=36, height=4, rx=2, fill=accent),
        tag(
            "rect", x=161.5, y=78.5, width=59, height=13, rx=3, fill=paint("--bg-input"), stroke=paint("--border-focus")
        ),
        tag("rect", x=161, y=98, width=38, height=14, rx=3, fill=accent),
        tag("rect", x=168, y=103, width=24, height=4, rx=2, fill=card),
        class_="theme-sample",
        viewBox="0 0 240 132",
        role="img",
        aria_label=name,
    )


def _pixels(text: str) -> float:
    number = text.rstrip("pxrem")
    try:
        return float(number) * (16 if text.endswith("em") else 1)
    except ValueError:
        return 12.0
