"""How probes look in a terminal: a bar with a mark where an even pace would be, when it resets, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

import msgspec

from devtime.cli.terminal import (
    BOLD,
    CYAN,
    DIM,
    GREEN,
    PLAIN,
    RED,
    YELLOW,
    Style,
    clean,
    cut,
    pad,
    paint,
    width_of,
    wrapped,
)
from devtime.plugins.kinds.probe.lines import Badge, BarChart, Line, Progress, Text, is_error
from devtime.plugins.kinds.probe.pace import (
    Pace,
    foretell,
    pace_of,
    sentence_of,
    spell_deficit,
    spell_duration,
    spell_reset,
    spell_share,
)
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.probes.prober import COOL_DOWN_MS, State

_WIDEST = 100
_LABEL = 22
_BAR = 28
_SPARKS = "▁▂▃▄▅▆▇█"
_PLAIN_SPARKS = " .:-=+*#"
_TONES: dict[str, Style] = {"ahead": GREEN, "on-track": YELLOW, "behind": RED}


class Look(msgspec.Struct, frozen=True):
    """What the terminal can: columns, colour, whether it has more than ASCII; and whether lines of detail are shown.

    With a zone it is told when limits reset, without one in how long.
    """

    width: int
    has_colour: bool
    is_plain: bool = False
    is_detailed: bool = True
    now_ms: int = 0
    zone: tzinfo | None = None

    def paint(self, text: str, style: Style) -> str:
        """Coloured where that is wanted."""
        return paint(text, style) if self.has_colour else text

    @property
    def columns(self) -> int:
        """How wide to draw."""
        return min(self.width, _WIDEST)


def draw_states(states: Sequence[State], look: Look) -> str:
    """Every probe, those with an answer first."""
    answered = [state for state in states if state.snapshot is not None and not state.snapshot.is_failed]
    rest = [state for state in states if state not in answered]
    parts = [_draw_answered(state, state.snapshot, look) for state in answered if state.snapshot is not None]
    return "\n".join([*parts, *(_draw_silent(state, look) for state in rest)])


def _draw_answered(state: State, snapshot: Snapshot, look: Look) -> str:
    name = clean(state.name)
    head = look.paint(name, BOLD)
    if snapshot.plan:
        head += "  " + look.paint(clean(snapshot.plan), CYAN)
    age = spell_age(snapshot, look.now_ms)
    used = width_of(name) + (2 + width_of(clean(snapshot.plan)) if snapshot.plan else 0)
    gap = look.columns - used - width_of(age)
    out = [head + (" " * gap + look.paint(age, DIM) if gap > 1 else "")]
    for line in _shown(state, snapshot, look):
        out += _draw_line(line, look)
    if state.failure is not None:
        out += _told("! " + clean(state.failure.trouble), RED, look)
    if state.wait_until_ms > look.now_ms:
        wait = spell_duration(state.wait_until_ms - look.now_ms)
        out += _told(f"! The server asked to be left alone; asked again in {wait}.", YELLOW, look)
    out += _refusals(state, look)
    return "\n".join(out) + "\n"


def _shown(state: State, snapshot: Snapshot, look: Look) -> Iterable[Line]:
    if look.is_detailed or not state.plugin.lines:
        return snapshot.lines
    lines = [line for line in snapshot.lines if is_error(line) or state.plugin.scope_of(line.label) == "overview"]
    return lines or snapshot.lines


def _draw_silent(state: State, look: Look) -> str:
    name = look.paint(clean(state.name), BOLD)
    if not state.is_trusted:
        known = f"devtime probe trust {state.instance.plugin_id}"
        told = f"has not been allowed to run yet: {known}"
        style = YELLOW
    elif state.snapshot is None:
        told, style = "was not asked yet", DIM
    else:
        told, style = clean(state.snapshot.trouble), RED
    out = [name, *_told(told, style, look), *_refusals(state, look)]
    if state.wait_until_ms > look.now_ms:
        wait = spell_duration(state.wait_until_ms - look.now_ms)
        out += _told(f"The server asked to be left alone; asked again in {wait}.", YELLOW, look)
    return "\n".join(out) + "\n"


def _refusals(state: State, look: Look) -> list[str]:
    if not state.refused:
        return []
    wanted = ", ".join(dict.fromkeys(clean(touch.what) for touch in state.refused))
    advice = f"asked for more than it was granted ({wanted}): devtime probe trust {state.instance.plugin_id}"
    return _told(advice, YELLOW, look)


def _told(text: str, style: Style, look: Look) -> list[str]:
    return ["  " + look.paint(row, style) for row in wrapped(text, look.columns - 2)]


def _draw_line(line: Line, look: Look) -> list[str]:
    match line:
        case Progress():
            return _draw_progress(line, look)
        case Text():
            return _pair(line.label, line.value, PLAIN, line.subtitle, look)
        case Badge():
            if is_error(line):
                return _told(f"! {clean(line.text)}", RED, look)
            return _pair(line.label, f"[{line.text}]", CYAN, line.subtitle, look)
        case BarChart():
            return _draw_chart(line, look)


def _label(text: str, look: Look) -> str:
    width = min(_LABEL, look.columns // 3)
    return "  " + pad(cut(clean(text), width), width) + "  "


def _pair(label: str, value: str, style: Style, subtitle: str | None, look: Look) -> list[str]:
    head = _label(label, look)
    rows = wrapped(clean(value), max(12, look.columns - width_of(head)))
    out = [head + look.paint(rows[0], style)]
    out += [" " * width_of(head) + look.paint(row, style) for row in rows[1:]]
    if subtitle:
        out.append(" " * width_of(head) + look.paint(cut(clean(subtitle), look.columns - width_of(head)), DIM))
    return out


def _draw_progress(line: Progress, look: Look) -> list[str]:
    pace = pace_of(line, look.now_ms)
    head = _label(line.label, look)
    value = " ".join(spell_share(line)).rstrip()
    reset = spell_reset(line, look.now_ms, look.zone)
    room = look.columns - width_of(head)
    bar_width = max(6, min(_BAR, room - width_of(value) - 1))
    first = head + draw_bar(line, pace, bar_width, look) + " " + look.paint(value, BOLD)
    used = width_of(head) + bar_width + 1 + width_of(value)
    under: list[str] = []
    if pace is not None:
        deficit = spell_deficit(line, pace)
        told = [sentence_of(line, pace), foretell(line, pace), deficit]
        under.append(look.paint(" · ".join(word for word in told if word), _TONES[pace.status]))
    if reset and used + 2 + width_of(reset) <= look.columns:
        first += "  " + look.paint(reset, DIM)
    elif reset:
        under.insert(0, look.paint(reset, DIM))
    return [first, *(" " * width_of(head) + row for row in under)]


def draw_bar(line: Progress, pace: Pace | None, width: int, look: Look) -> str:
    """The bar; `|` where an even pace would be now, unless it is on track."""
    full, empty, mark = ("#", ".", "|") if look.is_plain else ("━", "─", "│")
    filled = min(width, round(line.share * width))
    if line.used > 0 and filled == 0:
        filled = 1
    tone = _TONES[pace.status] if pace else RED if line.share >= 1 else YELLOW if line.share >= 0.8 else GREEN
    marked = -1
    if pace is not None and pace.status != "on-track":
        marked = min(width - 1, int(pace.elapsed_share * width))
    cells = [mark if at == marked else full if at < filled else empty for at in range(width)]
    if not look.has_colour:
        return "".join(cells)
    left, right = "".join(cells[:filled]), "".join(cells[filled:])
    return look.paint(left, tone) + look.paint(right, DIM)


def _draw_chart(line: BarChart, look: Look) -> list[str]:
    head = _label(line.label, look)
    room = max(8, look.columns - width_of(head))
    points = line.points[-room:]
    largest = max((point.value for point in points), default=0.0)
    sparks = _PLAIN_SPARKS if look.is_plain else _SPARKS
    steps = len(sparks) - 1
    row = "".join(sparks[round(point.value / largest * steps) if largest > 0 else 0] for point in points)
    last = points[-1]
    told = f"{last.label}: {last.value_label or f'{last.value:,.0f}'}"
    span = f"{points[0].label} to {told}" if len(points) > 1 else told
    out = [head + look.paint(row, CYAN), " " * width_of(head) + look.paint(cut(clean(span), room), DIM)]
    if line.note:
        out.append(" " * width_of(head) + look.paint(cut(clean(line.note), room), DIM))
    return out


def spell_age(snapshot: Snapshot, now_ms: int) -> str:
    """`now`, `3m ago`, with a word where it is stale."""
    age = now_ms - snapshot.fetched_at_ms
    if age < 60_000:
        return "now"
    return f"{spell_duration(age)} ago" + (", stale" if age > 12 * COOL_DOWN_MS else "")
