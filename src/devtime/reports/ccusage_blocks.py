"""The JSON shape of ccusage for blocks. Apart from the other shapes, which most commands want without it."""

from __future__ import annotations

from devtime.reports.blocks import Block, Projection, burn_of, projection_of
from devtime.reports.ccusage_shapes import Json, to_iso

_WARNING_SHARE = 0.8


def block_of(block: Block, now_ms: int, token_limit: int = 0) -> Json:
    """A block or a gap; burn rate and projection of the active one, and how it stands to the limit if there is one."""
    row, is_active = block.row, block.is_active(now_ms)
    tokens = row.tokens
    start = to_iso(block.start_ms)
    burn = burn_of(block) if is_active else None
    projection = projection_of(block, now_ms)
    written: Json = {
        "id": f"gap-{start}" if block.is_gap else start,
        "startTime": start,
        "endTime": to_iso(block.end_ms),
        "actualEndTime": None if block.is_gap else to_iso(row.last_ms),
        "isActive": is_active,
        "isGap": block.is_gap,
        "entries": tokens.events,
        "tokenCounts": {
            "inputTokens": tokens.input,
            "outputTokens": tokens.output,
            "cacheCreationInputTokens": tokens.cache_write + tokens.cache_write_1h,
            "cacheReadInputTokens": tokens.cache_read,
        },
        "totalTokens": tokens.total,
        "costUSD": float(row.cost_usd),
        "models": sorted(row.models, key=lambda label: row.models[label].first_ms),
        "burnRate": None,
        "projection": None,
    }
    if burn:
        written["burnRate"] = {
            "tokensPerMinute": burn.tokens_per_minute,
            "tokensPerMinuteForIndicator": burn.plain_tokens_per_minute,
            "costPerHour": burn.cost_usd_per_hour,
        }
    if projection:
        minutes = projection.remaining_minutes
        cost = {"totalTokens": projection.tokens, "totalCost": projection.cost_usd}
        written["projection"] = {**cost, "remainingMinutes": minutes}
        if token_limit:
            written["tokenLimitStatus"] = _limit_status(projection, token_limit)
    return written


def _limit_status(projection: Projection, limit: int) -> Json:
    share = projection.tokens / limit
    status = "exceeds" if share > 1 else "warning" if share > _WARNING_SHARE else "ok"
    return {"limit": limit, "projectedUsage": projection.tokens, "percentUsed": share * 100, "status": status}
