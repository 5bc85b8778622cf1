"""Made-up views of projects and heartbeats, from a seed and a set of names."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.web import links
from devtime.web.views.heartbeats import HeartbeatRow, HeartbeatsView, Sums
from devtime.web.views.parts import FilterBar
from devtime.web.views.projects import ProjectRow, ProjectsView, ProjectView
from samples.activity import (
    DAY,
    NOW_MS,
    RANGES,
    ZONE,
    make_bars,
    make_breakdown,
    make_choices,
    make_filters,
    make_sessions,
    midnight_ms,
)
from samples.names import Names


def make_projects(names: Names, *, search: str = "") -> ProjectsView:
    """The list of projects."""
    random = Random(3)
    total = make_breakdown(names, "project", 80 * HOUR_MS, 99)
    rows = tuple(
        ProjectRow(
            item.name,
            item.ms,
            links.project_path(item.name),
            NOW_MS - random.randrange(1, 400) * HOUR_MS,
            "/heartbeats",
            names.languages[: 1 + random.randrange(4)],
            tuple(random.randrange(0, 200) * MINUTE_MS for _ in range(30)),
            random.randrange(20, 9000),
            None if random.random() < 0.2 else Decimal(random.randrange(9_000_000)) / 10_000,
            "/ai?project=x",
        )
        for item in total.items
    )
    return ProjectsView(
        "Last 30 days",
        ZONE,
        NOW_MS,
        make_choices("30d", *RANGES),
        make_choices("time", ("time", "Most time"), ("recent", "Latest"), ("name", "Name")),
        search,
        (("range", "30d"),),
        total.total_ms,
        rows,
        "/projects.json",
        has_costs=bool(rows),
    )


def make_project(names: Names) -> ProjectView:
    """One project over a month."""
    random = Random(5)
    bars = make_bars(names, DAY - timedelta(days=29), 30, random)
    total_ms = sum(bar.total_ms for bar in bars.bars)
    return ProjectView(
        name=names.projects[0],
        title="Last 30 days",
        first=bars.bars[0].first,
        last=DAY,
        zone=ZONE,
        now_ms=NOW_MS,
        ranges=make_choices("30d", *RANGES),
        active_ms=total_ms * 8 // 10,
        total_ms=total_ms,
        agent_ms=total_ms // 4,
        all_time_ms=9 * total_ms,
        all_time_href="/heartbeats",
        heartbeats=4210,
        first_seen_ms=NOW_MS - 9000 * HOUR_MS,
        last_seen_ms=NOW_MS - 20 * MINUTE_MS,
        active_days=22,
        bars=bars,
        breakdowns=tuple(
            make_breakdown(names, each, total_ms, 10) for each in ("branch", "file", "language", "tool", "machine")
        ),
        sessions=tuple(make_sessions(names, DAY, random)[:12]),
        range_href="/range?project=orbit-api",
        heartbeats_href="/heartbeats",
        agents_href="/heartbeats",
        json_href="/project.json?name=orbit-api",
    )


def make_heartbeats(names: Names, count: int = 60) -> HeartbeatsView:
    """A page of heartbeats, the second of several."""
    random = Random(11)
    at_ms = midnight_ms(DAY) + 9 * HOUR_MS
    rows: list[HeartbeatRow] = []
    for _ in range(count):
        gap_ms = random.randrange(2_000, 240_000)
        rows.append(
            HeartbeatRow(
                at_ms,
                random.choice(names.tools),
                random.choice(names.projects[:3]),
                random.choice(names.files),
                random.choice(names.languages),
                random.choice(names.branches),
                names.machines[0],
                names.tools[0],
                random.choice(("coding", "debugging", "ai coding", "writing docs")),
                random.random() < 0.4,
                gap_ms,
                gap_ms // 2,
                random.choice((None, None, 30_000)),
                random.choice((None, None, 1200)),
            )
        )
        at_ms += gap_ms
    page = Sums(count, sum(row.lane_ms for row in rows), sum(row.active_ms for row in rows))
    before, after = Sums(100, 9_812_345, 7_000_000), Sums(43, 2_000_001, 1_500_000)
    total = Sums(
        before.count + page.count + after.count,
        before.lane_ms + page.lane_ms + after.lane_ms,
        before.active_ms + page.active_ms + after.active_ms,
    )
    return HeartbeatsView(
        ZONE,
        NOW_MS,
        midnight_ms(DAY),
        midnight_ms(DAY + timedelta(days=1)),
        make_filters(names, "/heartbeats"),
        tuple(rows),
        before,
        page,
        after,
        total,
        2,
        3,
        "/heartbeats.json",
        "/export/csv",
        "/heartbeats",
        "/heartbeats",
        "/heartbeats",
        "/heartbeats",
    )


def make_empty_heartbeats(*, is_new: bool) -> HeartbeatsView:
    """No heartbeats pass."""
    none = Sums(0, 0, 0)
    return HeartbeatsView(
        ZONE,
        NOW_MS,
        midnight_ms(DAY),
        midnight_ms(DAY + timedelta(days=1)),
        FilterBar("/heartbeats", (), ()),
        (),
        none,
        none,
        none,
        none,
        1,
        1,
        "/heartbeats.json",
        "/export/csv",
        is_new=is_new,
    )
