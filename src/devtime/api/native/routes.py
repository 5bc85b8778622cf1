"""The routes of DevTime's own API."""

from __future__ import annotations

from litestar import Router

from devtime.api.native.heartbeats import record_batch, record_heartbeat
from devtime.api.native.sessions import list_sessions
from devtime.api.native.stats import get_stats
from devtime.server.problems import PROBLEM_HANDLERS


def native_router() -> Router:
    """Everything below `/api`."""
    return Router(
        path="/api",
        route_handlers=[record_heartbeat, record_batch, get_stats, list_sessions],
        exception_handlers=dict(PROBLEM_HANDLERS),
    )
