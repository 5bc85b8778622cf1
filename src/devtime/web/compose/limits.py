"""The views of AI limits: all plans, and the strip on the page of today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from devtime.alerts.limit_watch import LimitAlert, fetch_alerts, latest
from devtime.kernel.clock import DAY_MS
from devtime.limits.freshness import is_stale
from devtime.limits.sources import StoredSource, fetch_sources
from devtime.plugins.kinds.probe.lines import Line
from devtime.plugins.kinds.probe.pace import spell_amount
from devtime.web import links
from devtime.web.compose.limit_lines import WORDS, by_urgency, line_of
from devtime.web.compose.reader import Reader
from devtime.web.views.limits import LimitAlertRow, LimitCard, LimitGauge, LimitStrip, LimitsView, StripItem
from devtime.web.views.parts import Choice

Scope = Literal["overview", "detail"]

PROVIDERS = ("Claude", "Codex", "GitHub Copilot", "Cursor", "Gemini", "OpenRouter", "Z.ai", "Amp")
"""Those whose probes come with DevTime."""

_ALERTS_MS = 14 * DAY_MS
_MOST_ALERTS = 12
_MOST_ITEMS = 4

Standing = Mapping[tuple[int, str], LimitAlert]


async def compose_limits(reader: Reader, scope: Scope) -> LimitsView:
    """Every machine's plans."""
    sources = await fetch_sources(reader.database, reader.user_id)
    alerts = await fetch_alerts(reader.database, reader.user_id, reader.now_ms - _ALERTS_MS)
    standing = latest(alerts)
    return LimitsView(
        zone=reader.zone,
        now_ms=reader.now_ms,
        is_new=not sources,
        cards=tuple(card_of(each, reader.now_ms, standing, scope) for each in sources),
        alerts=alert_rows(alerts, sources),
        scope=scope,
        scopes=(
            Choice("overview", "Overview", links.limits_path(), scope == "overview"),
            Choice("detail", "All details", links.limits_path("detail"), scope == "detail"),
        ),
        providers=PROVIDERS,
        json_href="/limits.json" + links.query({}, scope="" if scope == "overview" else scope),
    )


async def compose_strip(reader: Reader) -> LimitStrip | None:
    """The limits on the page of today; None where no machine tells any."""
    sources = await fetch_sources(reader.database, reader.user_id)
    alerts = await fetch_alerts(reader.database, reader.user_id, reader.now_ms)
    standing = latest(alerts)
    counts = Counter(each.display_name for each in sources)
    items: list[StripItem] = []
    for each in sources:
        card = card_of(each, reader.now_ms, standing, "overview")
        gauges = by_urgency(line for line in card.lines if isinstance(line, LimitGauge))
        if gauges:
            is_one = counts[each.display_name] == 1
            note = "" if is_one else f"{card.account or card.machine}"
            items.append(StripItem(card.name, note, card.icon, gauges[0], card.is_stale, card.href))
    if not sources:
        return None
    order = by_urgency(item.gauge for item in items)
    items.sort(key=lambda item: (item.is_stale, order.index(item.gauge)))
    return LimitStrip(tuple(items[:_MOST_ITEMS]), max(0, len(sources) - _MOST_ITEMS), links.limits_path())


def card_of(source: StoredSource, now_ms: int, standing: Standing, scope: Scope) -> LimitCard:
    """A plan, with the lines of the scope."""
    lines = [line for line in source.lines if scope == "detail" or is_overview(source, line)]
    return LimitCard(
        id=str(source.id),
        name=source.display_name,
        plan=source.plan,
        account="" if source.source.instance in ("", source.source.plugin) else source.source.instance,
        machine=source.source.machine,
        icon=source.icon,
        lines=tuple(line_of(line, now_ms, _warned(source.id, line, standing)) for line in lines),
        hidden=len(source.lines) - len(lines),
        fetched_at_ms=source.fetched_at_ms,
        checked_at_ms=source.checked_at_ms,
        next_at_ms=source.next_at_ms,
        is_stale=is_stale(source, now_ms),
        error=source.error,
        href=links.limit_plan_path(source.id),
        links=tuple((link.label, link.url) for link in source.links),
    )


def is_overview(source: StoredSource, line: Line) -> bool:
    """Whether the line belongs on a small screen; where the plugin says nothing of it, all do."""
    known = {each.label for each in source.lines} & set(source.overview)
    return not known or line.label in known


def alert_rows(alerts: Iterable[LimitAlert], sources: Iterable[StoredSource]) -> tuple[LimitAlertRow, ...]:
    """Alerts of sources that are known, the latest first."""
    known = {each.id: each for each in sources}
    rows: list[LimitAlertRow] = []
    for alert in alerts:
        source = known.get(alert.source_id)
        if source is None or len(rows) == _MOST_ALERTS:
            continue
        told = alert.told
        rows.append(
            LimitAlertRow(
                at_ms=told.at_ms,
                name=source.display_name,
                machine=source.source.machine,
                label=alert.label,
                what=WORDS[told.rule] + _amount(source, alert),
                is_grave=told.rule in ("100", "90"),
                is_over=told.ended_at_ms is not None,
                href=links.limit_plan_path(source.id),
            )
        )
    return tuple(rows)


def _amount(source: StoredSource, alert: LimitAlert) -> str:
    line = next((each for each in source.progress if each.label == alert.label), None)
    return "" if line is None else f", at {spell_amount(line, alert.told.used)}"


def _warned(number: int, line: Line, standing: Standing) -> Literal["75", "90", "100", "runs-out"] | None:
    alert = standing.get((number, line.label))
    return alert.told.rule if alert else None
