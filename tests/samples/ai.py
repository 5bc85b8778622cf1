"""Made-up views of AI usage, from a seed and a set of names."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.web import links
from devtime.web.views.ai import (
    AiDimension,
    AiSessionRow,
    AiView,
    AmountBar,
    AmountBars,
    AmountPart,
    Beside,
    BesideRow,
    BlockRow,
    CostBreakdown,
    CurrentBlock,
    RankedCost,
    Tokens,
    Unpriced,
)
from devtime.web.views.parts import Chip, Filter, FilterBar
from devtime.wire.usage import NANO
from samples.activity import DAY, NOW_MS, RANGES, ZONE, make_choices
from samples.names import HOSTILE, Names

MODES = (("auto", "Auto"), ("calculate", "Calculated"), ("display", "As logged"))
MODELS = ("claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929", "gpt-5.2-codex", "house-model-7b")
AGENTS = ("claude", "codex", "opencode")
EVENTS = "/ai/events"


def models_of(names: Names) -> tuple[str, ...]:
    """Model names: hostile ones where all names are."""
    return HOSTILE if names.projects[:1] == HOSTILE[:1] else MODELS


def agents_of(names: Names) -> tuple[str, ...]:
    """The same for agents."""
    return HOSTILE if names.projects[:1] == HOSTILE[:1] else AGENTS


def values_of(names: Names, dimension: AiDimension) -> tuple[str, ...]:
    """The names of a dimension."""
    return {
        "model": models_of(names),
        "agent": agents_of(names),
        "project": names.projects,
        "branch": names.branches,
        "machine": names.machines,
    }[dimension]


def make_costs(names: Names, dimension: AiDimension, title: str, total_usd: Decimal, keep: int = 8) -> CostBreakdown:
    """Costs that fall off from name to name and sum to the total."""
    values = values_of(names, dimension)
    items = [
        RankedCost(name, total_usd / 2 ** (order + 1), 90_000_000 >> order, order == 3, "/ai", EVENTS)
        for order, name in enumerate(values)
    ]
    kept, rest = tuple(items[:keep]), items[keep:]
    return CostBreakdown(
        dimension,
        title,
        total_usd,
        180_000_000,
        kept,
        len(rest),
        sum((each.cost_usd for each in rest), Decimal(0)),
        sum(each.tokens for each in rest),
    )


def make_amounts(names: Names, unit: str, days: int, random: Random) -> AmountBars:
    """Costs or tokens by day."""
    is_cost = unit == "nusd"
    series = models_of(names) if is_cost else ("Cache read", "Cache write", "Input", "Output")
    first = DAY - timedelta(days=days - 1)
    bars: list[AmountBar] = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        parts = (
            tuple(
                AmountPart(name, random.randrange(1, 9 * NANO if is_cost else 20_000_000) >> order, EVENTS)
                for order, name in enumerate(series)
            )
            if day.isoweekday() < 6
            else ()
        )
        bars.append(AmountBar(day, day, "/ai?range=custom", parts))
    return AmountBars("model" if is_cost else "kind", "nusd" if is_cost else "tokens", "day", tuple(bars))


def make_beside_row(name: str, project: str, order: int) -> BesideRow:
    """A row whose numbers fall off; the third has no time, the fourth no price."""
    active_ms = 0 if order == 2 else 31 * HOUR_MS // (order + 1)
    cost = Decimal("212.4081236") / (order + 1) if order != 3 else Decimal(0)
    return BesideRow(
        name=name,
        project=project,
        active_ms=active_ms,
        human_ms=active_ms * 7 // 10,
        agent_ms=active_ms * 6 // 10,
        cost_usd=cost,
        tokens=90_000_000 >> order,
        is_unpriced=order == 3,
        per_hour_usd=cost * HOUR_MS / active_ms if active_ms else None,
        time_href="/heartbeats",
        agents_href="/heartbeats",
        cost_href=EVENTS,
        filter_href="/ai?project=x",
    )


def make_beside(names: Names, *, is_branch: bool = False) -> Beside:
    """Projects or branches beside their time."""
    values = names.branches if is_branch else names.projects
    rows = tuple(
        make_beside_row(name, names.projects[0] if is_branch else "", order) for order, name in enumerate(values[:12])
    )
    return Beside("branch" if is_branch else "project", rows, make_beside_row("", "", 0), max(0, len(values) - 12))


def make_blocks(names: Names) -> tuple[BlockRow, ...]:
    """A running block, a gap, and some before."""
    start_ms = (NOW_MS - 2 * HOUR_MS) // HOUR_MS * HOUR_MS
    rows = [
        BlockRow(
            start_ms - order * 7 * HOUR_MS,
            start_ms - order * 7 * HOUR_MS + 5 * HOUR_MS,
            NOW_MS - order * 7 * HOUR_MS,
            Decimal("18.4213") / (order + 1),
            30_000_000 // (order + 1),
            120 - order * 9,
            models_of(names)[: 1 + order % 3],
            EVENTS,
            order == 0,
            is_unpriced=order == 2,
        )
        for order in range(5)
    ]
    gap = BlockRow(start_ms - 2 * HOUR_MS, start_ms, 0, Decimal(0), 0, 0, (), "", is_gap=True)
    return (rows[0], gap, *rows[1:])


def make_current(names: Names) -> CurrentBlock:
    """The running block, two hours in."""
    return CurrentBlock(
        block=make_blocks(names)[0],
        left_ms=2 * HOUR_MS + 14 * MINUTE_MS,
        passed_ms=2 * HOUR_MS + 46 * MINUTE_MS,
        tokens_per_minute=181_222,
        usd_per_hour=Decimal("6.66"),
        projected_usd=Decimal("33.30"),
        projected_tokens=54_300_000,
        largest_tokens=61_000_000,
        largest_href=EVENTS,
    )


def make_sessions(names: Names, count: int = 9) -> tuple[AiSessionRow, ...]:
    """Sessions, the latest first."""
    agents, models = agents_of(names), models_of(names)
    return tuple(
        AiSessionRow(
            agent=agents[order % len(agents)],
            session=names.projects[order % len(names.projects)] or "0c9a6f0e-5d0f-4a52-9f0e-0d6c1f1f5c11",
            first_ms=NOW_MS - (order + 1) * 5 * HOUR_MS,
            last_ms=NOW_MS - (order + 1) * 5 * HOUR_MS + 77 * MINUTE_MS,
            project=names.projects[order % len(names.projects)],
            branch=names.branches[order % len(names.branches)],
            machine=names.machines[0],
            models=models[: 1 + order % 3],
            cost_usd=Decimal("14.2") / (order + 1) if order != 4 else Decimal(0),
            tokens=22_000_000 // (order + 1),
            events=140 - order,
            is_unpriced=order == 4,
            href=links.ai_session_path("claude", "s"),
            events_href=EVENTS,
        )
        for order in range(count)
    )


def make_filters(names: Names, action: str, *, chosen: bool = True) -> FilterBar:
    """Filters with two in force."""
    model = models_of(names)[0]
    chips = (Chip("model", model, "/ai"), Chip("session", HOSTILE[3], "/ai")) if chosen else ()
    filters = (
        Filter("agent", "Agent", "", agents_of(names)),
        Filter("model", "Model", model if chosen else "", models_of(names)),
        Filter("project", "Project", "", names.projects),
    )
    return FilterBar(action, chips, filters, (("range", "30d"),), "/ai" if chosen else "")


def make_ai(names: Names, *, days: int = 30, chosen: bool = False, is_branch: bool = False, seed: int = 4) -> AiView:
    """A month of agents at work."""
    random = Random(seed)
    total = Decimal("412.8071236") + seed
    spend = make_amounts(names, "nusd", days, random)
    titles: tuple[tuple[AiDimension, str], ...] = (
        ("model", "Models"),
        ("agent", "Agents"),
        ("project", "Projects"),
        ("branch", "Branches"),
        ("machine", "Machines"),
    )
    return AiView(
        range_name="30d",
        title="Last 30 days",
        first=DAY - timedelta(days=days - 1),
        last=DAY,
        zone=ZONE,
        now_ms=NOW_MS,
        ranges=make_choices("30d", *RANGES),
        filters=make_filters(names, "/ai", chosen=chosen),
        kept=(("stack", "agent"),),
        modes=make_choices("auto", *MODES),
        mode="auto",
        cost_usd=total,
        logged_usd=Decimal("3.20"),
        saved_usd=Decimal("1204.11"),
        tokens=Tokens(1_200_000, 9_000_000, 160_000_000, 4_000_000, 200_000, 3_402),
        time=make_beside_row("", "", 0),
        unpriced=tuple(Unpriced(model, 12_300_000, EVENTS) for model in models_of(names)[3:]),
        stacks=make_choices("model", ("model", "Model"), ("agent", "Agent"), ("project", "Project")),
        spend=spend,
        kinds=make_amounts(names, "tokens", days, random),
        besides=make_choices("project", ("project", "Projects"), ("branch", "Branches")),
        beside=make_beside(names, is_branch=is_branch),
        breakdowns=tuple(make_costs(names, each, title, total) for each, title in titles),
        blocks=make_blocks(names),
        sessions=make_sessions(names),
        session_count=83,
        events_href=EVENTS,
        sessions_href="/ai/sessions",
        blocks_href="/ai/blocks",
        json_href="/ai.json",
        csv_href="/ai.csv",
        agents=("Claude Code", "Codex", "OpenCode"),
        current=make_current(names),
        previous_usd=total - 38,
        previous_href="/ai",
        prev_href="/ai?range=custom",
    )


def make_empty_ai(*, is_new: bool, chosen: bool = False) -> AiView:
    """Nothing used, by a newcomer or in a range."""
    none = Decimal(0)
    nothing = BesideRow("", "", 0, 0, 0, none, 0, False, None, "/heartbeats", "/heartbeats", EVENTS, "")
    filters = FilterBar("/ai", (Chip("model", "gone", "/ai"),) if chosen else (), (), (), "/ai" if chosen else "")
    empty = tuple(AmountBar(DAY + timedelta(days=each), DAY + timedelta(days=each), "/ai") for each in range(7))
    return AiView(
        range_name="custom",
        title="15–21 January",
        first=DAY,
        last=DAY + timedelta(days=6),
        zone=ZONE,
        now_ms=NOW_MS,
        ranges=make_choices("week", *RANGES),
        filters=filters,
        kept=(),
        modes=make_choices("auto", *MODES),
        mode="auto",
        cost_usd=none,
        logged_usd=none,
        saved_usd=None,
        tokens=Tokens(),
        time=nothing,
        unpriced=(),
        stacks=(),
        spend=AmountBars("model", "nusd", "day", empty),
        kinds=AmountBars("kind", "tokens", "day", empty),
        besides=(),
        beside=Beside("project", (), nothing),
        breakdowns=(),
        blocks=(),
        sessions=(),
        session_count=0,
        events_href=EVENTS,
        sessions_href="/ai/sessions",
        blocks_href="/ai/blocks",
        json_href="/ai.json",
        csv_href="/ai.csv",
        agents=("Claude Code", "Codex", "OpenCode"),
        is_new=is_new,
    )
