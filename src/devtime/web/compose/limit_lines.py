"""What a line of a plan says now: its pace in words, and which alert stands."""

from __future__ import annotations

from collections.abc import Iterable

from devtime.alerts.limit_rules import Rule
from devtime.plugins.kinds.probe.lines import BarChart, Line, Progress, Text
from devtime.plugins.kinds.probe.pace import (
    Pace,
    foretell,
    pace_of,
    resets_at_ms,
    sentence_of,
    spell_deficit,
    spell_reset,
    spell_share,
    spell_value,
)
from devtime.web.views.limits import LimitGauge, LimitLine, LimitText, Standing

WORDS: dict[Rule, str] = {
    "75": "Three quarters are used",
    "90": "Nine tenths are used",
    "100": "The limit is reached",
    "runs-out": "Runs out before its reset",
}


def line_of(line: Line, now_ms: int, warned: Rule | None = None) -> LimitLine:
    """The line as pages show it."""
    if isinstance(line, Progress):
        return gauge_of(line, now_ms, warned)
    if isinstance(line, BarChart):
        return LimitText(line, "bars")
    return LimitText(line, "text" if isinstance(line, Text) else "badge")


def gauge_of(line: Progress, now_ms: int, warned: Rule | None = None) -> LimitGauge:
    """A progress line with its pace."""
    pace, reset_ms = pace_of(line, now_ms), resets_at_ms(line)
    is_over = reset_ms is not None and reset_ms <= now_ms
    used, of = spell_share(line)
    return LimitGauge(
        line=line,
        value=used,
        of=of,
        room=spell_value(line, is_left=True),
        standing=standing_of(line, pace),
        sentence=sentence_of(line, pace) if pace else "Limit reached" if line.used >= line.limit else "",
        foretold=foretell(line, pace) if pace and line.used < line.limit else "",
        deficit=spell_deficit(line, pace) if pace else "",
        resets="Has begun anew since" if is_over else spell_reset(line, now_ms),
        resets_at_ms=reset_ms,
        elapsed_share=pace.elapsed_share if pace else None,
        warned=WORDS[warned] if warned else "",
    )


def standing_of(line: Progress, pace: Pace | None) -> Standing:
    """How the limit stands."""
    if line.used >= line.limit:
        return "reached"
    return pace.status if pace else "unpaced"


def by_urgency(gauges: Iterable[LimitGauge]) -> list[LimitGauge]:
    """What is used up first, then what will run out, then what is fullest."""
    ranks = {"reached": 0, "behind": 1}
    return sorted(gauges, key=lambda each: (ranks.get(each.standing, 2), -each.line.share))
