"""Made-up limits of AI plans on two machines, with the month they came from."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from importlib.resources import files
from uuid import UUID

import msgspec

from devtime.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, to_datetime
from devtime.limits.history import Stretch, load_stretches
from devtime.limits.recording import write_told
from devtime.limits.sources import Link, Source, Told, source_id
from devtime.plugins.kinds.probe.lines import (
    BarChart,
    Count,
    Dollars,
    Format,
    Line,
    Percent,
    Point,
    Progress,
    Text,
)
from devtime.store.database import Connection

_PROBES = files("devtime") / "plugins" / "builtin" / "probes"
_DAYS = 30
_STEP_MS = 15 * MINUTE_MS


class MadePlan(msgspec.Struct, frozen=True):
    """What a source told last, and the past of its progress lines."""

    told: Told
    past: dict[str, list[Stretch]]


class _Window(msgspec.Struct, frozen=True):
    """A limit that begins anew every so often; `pace` is the share of it that is used in one at the usual rate."""

    label: str
    limit: float
    how: Format
    period_ms: int
    pace: float
    offset_ms: int


class _Declared(msgspec.Struct, rename="camel"):
    label: str
    scope: str = "detail"


class _Manifest(msgspec.Struct, rename="camel"):
    name: str
    brand_color: str
    lines: list[_Declared]
    links: list[Link] = []


def make_limits(seed: int, now_ms: int) -> list[MadePlan]:
    """Plans in every state worth looking at, as of `now_ms`."""
    plans = [
        _plan(seed, now_ms, "claude", "orbit-laptop", "Max 20x", (_session(0.52, 2.1), _weekly("Weekly", 1.22, 55))),
        _plan(seed, now_ms, "codex", "orbit-laptop", "Plus", (_session(0.3, 1.3), _weekly("Weekly", 0.62, 100))),
        _plan(seed, now_ms, "codex", "studio", "Business", (_session(0.2, 3.2), _weekly("Weekly", 0.4, 30)), "work"),
        _plan(seed, now_ms, "copilot", "orbit-laptop", "Pro", (_monthly("Premium requests", 300, 0.85),)),
        _plan(seed, now_ms, "openrouter", "studio", "Pay as you go", (_monthly("Key limit", 50, 1.5, Dollars()),)),
    ]
    cursor = _plan(seed, now_ms, "cursor", "studio", "Pro", (_monthly("Included usage", 20, 0.7, Dollars()),))
    return [*plans, _failed(cursor, now_ms)]


async def load_limits(connection: Connection, user_id: UUID, plans: list[MadePlan]) -> None:
    """Write them for an account that has none."""
    await write_told(connection, user_id, [each.told for each in plans])
    for plan in plans:
        for label, past in plan.past.items():
            await load_stretches(connection, user_id, source_id(plan.told.source), label, past[:-1])


def _session(pace: float, hours_in: float) -> _Window:
    return _Window("Session", 100, Percent(), 5 * HOUR_MS, pace, round(hours_in * HOUR_MS))


def _weekly(label: str, pace: float, hours_in: float) -> _Window:
    return _Window(label, 100, Percent(), 7 * DAY_MS, pace, round(hours_in * HOUR_MS))


def _monthly(label: str, limit: float, pace: float, how: Format | None = None) -> _Window:
    return _Window(label, limit, how or Count("requests"), 30 * DAY_MS, pace, 17 * DAY_MS)


def _plan(
    seed: int, now_ms: int, plugin: str, machine: str, plan: str, windows: tuple[_Window, ...], instance: str = ""
) -> MadePlan:
    luck = random.Random(f"{seed} {plugin} {machine}")
    manifest = msgspec.json.decode((_PROBES / plugin / "plugin.json").read_bytes(), type=_Manifest)
    icon = base64.b64encode((_PROBES / plugin / "icon.svg").read_bytes()).decode()
    at_ms = now_ms - luck.randrange(1, 9) * MINUTE_MS
    past = {window.label: list(_live(luck, window, at_ms)) for window in windows}
    lines: list[Line] = [_line(window, past[window.label][-1]) for window in windows]
    told = Told(
        source=Source(machine, plugin, instance),
        at_ms=at_ms,
        display_name=manifest.name,
        plan=plan,
        lines=(*lines, *_more(luck, plugin, at_ms)),
        overview=tuple(each.label for each in manifest.lines if each.scope == "overview"),
        icon=f"data:image/svg+xml;base64,{icon}",
        brand_color=manifest.brand_color,
        links=tuple(manifest.links),
        next_at_ms=at_ms + _STEP_MS,
    )
    return MadePlan(told, past)


def _live(luck: random.Random, window: _Window, at_ms: int) -> Iterator[Stretch]:
    """The window's use over the days, as it is used: in working hours, in bursts."""
    start_ms = at_ms - _DAYS * DAY_MS
    first_ms = at_ms - window.offset_ms
    per_step = window.pace * window.limit * _STEP_MS / window.period_ms
    used, reset_ms = 0.0, first_ms - -(-(first_ms - start_ms) // window.period_ms) * window.period_ms
    since_ms = shown = None
    for instant in (*range(start_ms, at_ms, _STEP_MS), at_ms):
        if instant >= reset_ms + window.period_ms:
            if since_ms is not None and shown is not None:
                yield Stretch(since_ms, instant - _STEP_MS, shown, window.limit, reset_ms + window.period_ms)
            reset_ms += ((instant - reset_ms) // window.period_ms) * window.period_ms
            used, since_ms, shown = 0.0, None, None
        used += per_step * luck.expovariate(1) * _busy(instant, window.period_ms)
        rounded = round(min(used, window.limit * 1.04), 2 if isinstance(window.how, Dollars) else 0)
        if rounded != shown:
            if since_ms is not None and shown is not None:
                yield Stretch(since_ms, instant - _STEP_MS, shown, window.limit, reset_ms + window.period_ms)
            since_ms, shown = instant, rounded
    if since_ms is not None and shown is not None:
        yield Stretch(since_ms, at_ms, shown, window.limit, reset_ms + window.period_ms)


def _busy(instant_ms: int, period_ms: int) -> float:
    """How much of the usual rate is used then; within a short window there is no night."""
    local = to_datetime(instant_ms)
    if period_ms < DAY_MS:
        return 1.0 if 7 <= local.hour < 21 else 0.4
    day = 0.35 if local.weekday() >= 5 else 1.26
    return day * (2.1 if 8 <= local.hour < 19 else 0.05)


def _line(window: _Window, last: Stretch) -> Progress:
    resets_at = to_datetime(last.resets_at_ms or 0).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Progress(window.label, last.used, window.limit, window.how, resets_at, window.period_ms)


def _more(luck: random.Random, plugin: str, at_ms: int) -> tuple[Line, ...]:
    if plugin not in ("claude", "codex"):
        return ()
    points = tuple(
        Point(day, value, f"${value:.2f}")
        for day, value in (
            (to_datetime(at_ms - back * DAY_MS).date().isoformat(), round(luck.uniform(0.5, 24), 2))
            for back in range(13, -1, -1)
        )
    )
    return (Text("Today", points[-1].value_label or ""), BarChart("Cost per day", points))


def _failed(plan: MadePlan, now_ms: int) -> MadePlan:
    fetched_at_ms = now_ms - 26 * HOUR_MS
    past = {
        label: [each for each in stretches if each.until_ms <= fetched_at_ms] for label, stretches in plan.past.items()
    }
    told = msgspec.structs.replace(
        plan.told,
        error="The Cursor login has ended. Sign in to Cursor, then refresh.",
        fetched_at_ms=fetched_at_ms,
    )
    return MadePlan(told, past)
