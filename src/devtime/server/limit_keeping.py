"""What both doors do with limits of AI plans: keep what machines tell, with its alerts, and forget a plan.

Here is the seam for whoever delivers alerts: `keep_limits` answers those that are told for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from devtime.activity.settings import lock_user
from devtime.alerts.limit_watch import LimitAlert, remove_alerts, watch_limits
from devtime.limits.recording import write_told
from devtime.limits.sources import Told, remove_source
from devtime.server.identity import Identity
from devtime.server.parts import Parts


class Kept(msgspec.Struct, frozen=True):
    """How many sources something newer was told of, and the alerts of it."""

    renewed: int
    alerts: list[LimitAlert]


async def keep_limits(parts: Parts, identity: Identity, told: Sequence[Told]) -> Kept:
    """Store what sources told; the user's open pages hear of it."""
    async with parts.database.transaction() as connection:
        await lock_user(connection, identity.user_id)
        newest = await write_told(connection, identity.user_id, told)
        alerts = await watch_limits(connection, identity.user_id, newest)
    if newest:
        parts.live.publish(identity.user_id)
    return Kept(len(newest), alerts)


async def forget_plan(parts: Parts, identity: Identity, number: int) -> None:
    """Forget a source, its past and its alerts. NotFound for one that is unknown."""
    async with parts.database.transaction() as connection:
        await lock_user(connection, identity.user_id)
        await remove_source(connection, identity.user_id, number)
        await remove_alerts(connection, identity.user_id, number)
    parts.live.publish(identity.user_id)
