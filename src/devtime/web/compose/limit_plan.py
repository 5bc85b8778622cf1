"""The view of one plan: all it tells, and the past of its progress lines."""

from __future__ import annotations

from devtime.alerts.limit_watch import fetch_alerts, latest
from devtime.kernel.clock import DAY_MS
from devtime.kernel.errors import NotFound
from devtime.limits.history import fetch_history
from devtime.limits.sources import fetch_sources
from devtime.plugins.kinds.probe.lines import BarChart
from devtime.web import links
from devtime.web.compose.limits import alert_rows, card_of
from devtime.web.compose.reader import Reader
from devtime.web.views.limits import LimitPast, LimitPlanView, PastStretch
from devtime.web.views.parts import Choice

SPANS = ((1, "Day"), (7, "Week"), (30, "30 days"), (90, "90 days"))


async def compose_limit_plan(reader: Reader, number: int, days: int) -> LimitPlanView:
    """The plan with the last days. NotFound for one that no machine tells."""
    sources = [each for each in await fetch_sources(reader.database, reader.user_id) if each.id == number]
    if not sources:
        raise NotFound("No machine tells this plan any more.")
    (source,) = sources
    start_ms = reader.now_ms - days * DAY_MS
    history = await fetch_history(reader.database, reader.user_id, start_ms, reader.now_ms + 1, number)
    alerts = await fetch_alerts(reader.database, reader.user_id, start_ms)
    past = {each.label: each.stretches for each in history}
    return LimitPlanView(
        zone=reader.zone,
        now_ms=reader.now_ms,
        card=card_of(source, reader.now_ms, latest(alerts), "detail"),
        pasts=tuple(
            LimitPast(
                line,
                start_ms,
                reader.now_ms,
                reader.zone,
                tuple(
                    PastStretch(max(each.since_ms, start_ms), each.until_ms, each.used, each.most, each.resets_at_ms)
                    for each in past.get(line.label, ())
                ),
            )
            for line in source.progress
        ),
        charts=tuple(line for line in source.lines if isinstance(line, BarChart)),
        alerts=alert_rows(alerts, sources),
        spans=tuple(
            Choice(str(span), label, links.limit_plan_path(number, span), span == days) for span, label in SPANS
        ),
        days=days,
        back_href=links.limits_path(),
        json_href="/limits/plan.json" + links.query({}, id=str(number), days=str(days)),
    )
