"""`GET /api/health` and `/api/v1/health`: whether the server can do its work, asked by whoever watches it."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from devtime import __version__
from devtime.kernel.clock import to_rfc3339
from devtime.server.parts import Parts
from devtime.wire.codetrackr_answers import Health, Services

_PATIENCE_S = 3.0


@get(
    "/health",
    security=[{}],
    responses={503: ResponseSpec(Health, generate_examples=False, description="The database is away.")},
    summary="Whether the server is well",
)
async def get_health(parts: NamedDependency[Parts]) -> Response[Health]:
    """`degraded`, with status 503, when the database does not answer."""
    is_up = await parts.database.answers(_PATIENCE_S)
    health = Health(
        status="healthy" if is_up else "degraded",
        services=Services(database="up" if is_up else "down", redis="down"),
        version=__version__,
        timestamp=to_rfc3339(parts.clock()),
    )
    return Response(content=health, status_code=200 if is_up else 503, headers={"Cache-Control": "no-store"})
