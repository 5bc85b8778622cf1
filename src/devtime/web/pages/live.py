"""`/live`: server-sent events that say "there is new activity" to one's own open pages."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from devtime.server.identity import Identity
from devtime.server.parts import Parts


@get("/live")
async def stream_activity(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Stream:
    """`event: activity`, twice a second at most, and a comment every 15 seconds."""
    return Stream(
        parts.live.events(identity.user_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
