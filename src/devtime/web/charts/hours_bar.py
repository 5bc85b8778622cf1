"""Hours of people above hours of agents: two thin bars, drawn to the scale of the longest of a table."""

from __future__ import annotations

from markupsafe import Markup

from devtime.web.charts.svg import percent, tag
from devtime.web.format import duration

HUMAN, AGENT = "c-plain", "c-agent"


def hours_bar(human_ms: int, agent_ms: int, longest_ms: int) -> Markup:
    """Both bars; one without time is left out."""
    bars = [
        tag("rect", width=percent(length_ms, longest_ms), y=y, height=6, rx=3, class_=f"mark {colour}")
        for length_ms, y, colour in ((human_ms, 0, HUMAN), (agent_ms, 8, AGENT))
        if length_ms > 0
    ]
    words = f"{duration(human_ms)} of people, {duration(agent_ms)} of agents"
    return tag("svg", *bars, class_="hours-bar", width="100%", height=14, role="img", aria_label=words)
