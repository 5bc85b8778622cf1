"""Every route of the APIs."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from devtime.api.codetrackr.routes import codetrackr_router
from devtime.api.native.routes import native_router
from devtime.api.wakatime.routes import wakatime_routers


def api_routes() -> Sequence[ControllerRouterHandler]:
    """The routes of all dialects."""
    return [native_router(), codetrackr_router(), *wakatime_routers()]
