"""The JSON shapes of ccusage, so that scripts move over: plain dicts with its keys, numbers as numbers.

Unified reports have rows over all agents; focused ones (`claude daily`, `codex daily`) have the shapes of one agent.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from devtime.kernel.clock import to_datetime
from devtime.reports.rows import Amount, Row
from devtime.wire.usage_sums import TokenSums

Json = dict[str, object]

_COST_KEYS = {"cost", "costPerHour", "costUSD", "totalCost"}


class SessionName(NamedTuple):
    """What tells sessions apart."""

    agent: str
    session: str
    folder: str = ""


def to_iso(instant_ms: int) -> str:
    """`2026-11-23T20:40:00.000Z`, always with milliseconds."""
    return to_datetime(instant_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def tokens_of(tokens: TokenSums) -> Json:
    """The four counts every row has."""
    return {
        "inputTokens": tokens.input,
        "outputTokens": tokens.output,
        "cacheCreationTokens": tokens.cache_write + tokens.cache_write_1h,
        "cacheReadTokens": tokens.cache_read,
    }


def row_of(row: Row[Hashable], **names: object) -> Json:
    """A row: its names, counts, cost and models."""
    return {
        **names,
        **tokens_of(row.tokens),
        "totalTokens": row.tokens.total,
        "totalCost": float(row.cost_usd),
        "modelsUsed": sorted(row.models),
        "modelBreakdowns": [_breakdown(label, amount) for label, amount in row.models_by_cost],
    }


def _breakdown(label: str, amount: Amount) -> Json:
    missing: Json = {"missingPricing": True} if amount.is_unpriced else {}
    return {"modelName": label, **tokens_of(amount.tokens), "cost": float(amount.cost_usd), **missing}


def totals_of(total: Row[str]) -> Json:
    """The totals of a report; models without a price are named."""
    unpriced: Json = {"unpricedModels": total.unpriced_models} if total.unpriced_models else {}
    cost = {"totalTokens": total.tokens.total, "totalCost": float(total.cost_usd)}
    return {**tokens_of(total.tokens), **cost, **unpriced}


def unified_periods(rows: Sequence[Row[str]], by_agent: Mapping[str, Sequence[Row[str]]] | None = None) -> list[Json]:
    """Rows of days, weeks or months over all agents; with each agent's own rows by period if they are given."""
    answered: list[Json] = []
    for row in rows:
        agents = {"metadata": {"agents": sorted(row.agents)}}
        written = row_of(row, agent="all", period=row.name, **agents)
        if by_agent is not None:
            written["agents"] = [row_of(part, agent=part.name) for part in by_agent[row.name]]
        answered.append(written)
    return answered


def unified_sessions(rows: Iterable[Row[SessionName]]) -> list[Json]:
    """Rows of sessions over all agents."""
    answered: list[Json] = []
    for row in rows:
        metadata: Json = {"lastActivity": to_iso(row.last_ms)}
        if row.name.agent == "codex":
            metadata["reasoningOutputTokens"] = row.tokens.reasoning
        names = {"agent": row.name.agent, "period": row.name.session, "metadata": metadata}
        answered.append(row_of(row, **names))
    return answered


def focused_periods(rows: Iterable[Row[str]], key: str, project: str | None = None) -> list[Json]:
    """Rows of one agent's days, weeks or months; `key` is `date`, `week` or `month`."""
    names = {} if project is None else {"project": project}
    return [row_of(row, **{key: row.name}, **names) for row in rows]


def focused_sessions(rows: Iterable[Row[SessionName]]) -> list[Json]:
    """Rows of one agent's sessions."""
    answered: list[Json] = []
    for row in rows:
        names: Json = {"sessionId": row.name.session}
        if row.name.agent == "claude":
            names |= {"projectPath": row.name.folder}
            names |= {"firstActivity": to_iso(row.first_ms), "lastActivity": to_iso(row.last_ms)}
        answered.append(row_of(row, **names))
    return answered


def codex_row(row: Row[Hashable], **names: object) -> Json:
    """A row of Codex: its reasoning is told, its models are a table by name."""
    models = {
        label: {**_codex_counts(amount.tokens), "isFallback": amount.is_guessed} for label, amount in row.models.items()
    }
    return {**names, **_codex_counts(row.tokens), "costUSD": float(row.cost_usd), "models": models}


def codex_session(row: Row[SessionName]) -> Json:
    """A session of Codex, which is named by the place of its log."""
    directory, _, file = row.name.session.rpartition("/")
    return codex_row(
        row,
        sessionId=row.name.session,
        sessionFile=file,
        directory=directory,
        lastActivity=to_iso(row.last_ms),
    )


def codex_totals(total: Row[str]) -> Json:
    """The totals of Codex."""
    unpriced: Json = {"unpricedModels": total.unpriced_models} if total.unpriced_models else {}
    return {**_codex_counts(total.tokens), "costUSD": float(total.cost_usd), **unpriced}


def _codex_counts(tokens: TokenSums) -> Json:
    reasoning = {"reasoningOutputTokens": tokens.reasoning, "totalTokens": tokens.total}
    return {**tokens_of(tokens), **reasoning}


def without_cost(value: object) -> object:
    """The same without any cost."""
    if isinstance(value, dict):
        table = cast("Json", value)
        return {key: without_cost(inner) for key, inner in table.items() if key not in _COST_KEYS}
    if isinstance(value, list):
        return [without_cost(inner) for inner in cast("list[object]", value)]
    return value
