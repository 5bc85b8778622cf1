"""Views of the pages of AI limits, made of made-up plans."""

from __future__ import annotations

import msgspec

from devtime.alerts.limit_rules import Fired
from devtime.alerts.limit_watch import LimitAlert
from devtime.demo.limits import MadePlan, make_limits
from devtime.kernel.clock import DAY_MS, HOUR_MS
from devtime.limits.sources import Link, Source, StoredSource, Told, source_id
from devtime.plugins.kinds.probe.lines import Badge, BarChart, Count, Percent, Point, Progress, Text
from devtime.web.compose.limit_plan import SPANS
from devtime.web.compose.limits import PROVIDERS, alert_rows, card_of
from devtime.web.views.limits import (
    LimitGauge,
    LimitPast,
    LimitPlanView,
    LimitStrip,
    LimitsView,
    PastStretch,
    StripItem,
)
from devtime.web.views.parts import Choice
from samples.names import HOSTILE

NOW_MS = 1_768_478_400_000
ZONE = "Europe/Berlin"
_SCOPES = (Choice("overview", "Overview", "/limits", True), Choice("detail", "All details", "/limits?scope=detail"))


def stored(told: Told) -> StoredSource:
    fetched_at_ms = told.at_ms if told.error is None else told.fetched_at_ms
    return StoredSource(
        id=source_id(told.source),
        checked_at_ms=told.at_ms,
        **{
            name: getattr(told, name)
            for name in StoredSource.__struct_fields__
            if name not in ("id", "checked_at_ms", "fetched_at_ms")
        },
        fetched_at_ms=fetched_at_ms,
    )


def hostile() -> Told:
    names = (HOSTILE * 4)[:6]
    return Told(
        source=Source(HOSTILE[0][:128], "evil", "a" * 64),
        at_ms=NOW_MS - 9 * DAY_MS,
        display_name=names[0],
        plan=names[1],
        lines=(
            Progress(names[2], 3e12, 2e12, Count(names[3]), "2026-01-15T11:00:00Z", 18_000_000),
            Progress("W" * 128, 0, 1, Percent()),
            Text(names[4], names[5] * 3, "#ff0", names[0]),
            Badge(names[1], names[2] * 2, "#0f0", names[3]),
            BarChart(names[0], (Point(names[1], 1e15), Point("b", 0)), names[2]),
        ),
        error=f"{names[0]} {'x' * 300}",
        fetched_at_ms=NOW_MS - 9 * DAY_MS,
        links=(Link(names[3], "https://example.org/" + "y" * 200),),
    )


def make_limits_view(*, is_new: bool = False, is_hostile: bool = False, is_detail: bool = False) -> LimitsView:
    told = [] if is_new else [hostile()] if is_hostile else [plan.told for plan in make_limits(4, NOW_MS)]
    sources = [stored(each) for each in told]
    alerts = [
        LimitAlert(each.id, line.label, Fired(rule, NOW_MS - place * HOUR_MS, line.used, line.limit, None, ended))
        for each in sources[:1]
        for line in each.progress[-1:]
        for place, (rule, ended) in enumerate((("runs-out", None), ("75", NOW_MS)), 1)
    ]
    standing = {(each.source_id, each.label): each for each in alerts[:1]}
    return LimitsView(
        zone=ZONE,
        now_ms=NOW_MS,
        is_new=is_new,
        cards=tuple(card_of(each, NOW_MS, standing, "detail" if is_detail else "overview") for each in sources),
        alerts=alert_rows(alerts, sources),
        scope="detail" if is_detail else "overview",
        scopes=_SCOPES,
        providers=PROVIDERS,
        json_href="/limits.json",
    )


def make_plan_view(days: int = 7, plan: MadePlan | None = None) -> LimitPlanView:
    plan = plan or make_limits(4, NOW_MS)[0]
    source = stored(plan.told)
    start_ms = NOW_MS - days * DAY_MS
    return LimitPlanView(
        zone=ZONE,
        now_ms=NOW_MS,
        card=card_of(source, NOW_MS, {}, "detail"),
        pasts=tuple(
            LimitPast(
                line,
                start_ms,
                NOW_MS,
                ZONE,
                tuple(
                    PastStretch(max(each.since_ms, start_ms), *msgspec.structs.astuple(each)[1:])
                    for each in plan.past.get(line.label, ())
                    if each.until_ms >= start_ms
                ),
            )
            for line in source.progress
        ),
        charts=tuple(line for line in source.lines if isinstance(line, BarChart)),
        alerts=(),
        spans=tuple(Choice(str(span), label, f"?days={span}", span == days) for span, label in SPANS),
        days=days,
        back_href="/limits",
        json_href="/limits/plan.json",
    )


def make_strip() -> LimitStrip:
    cards = make_limits_view().cards
    items = [
        StripItem(card.name, card.account, card.icon, line, card.is_stale, card.href)
        for card in cards[:4]
        for line in card.lines[:1]
        if isinstance(line, LimitGauge)
    ]
    return LimitStrip(tuple(items), 2, "/limits")
