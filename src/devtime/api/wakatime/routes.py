"""The WakaTime-compatible routes, under every prefix people type."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from litestar.types import ControllerRouterHandler

from devtime.api.wakatime.durations import list_durations
from devtime.api.wakatime.file_experts import list_file_experts
from devtime.api.wakatime.heartbeats import list_heartbeats, record_bulk, record_bulk_by_accident, record_heartbeats
from devtime.api.wakatime.insights import get_insight
from devtime.api.wakatime.lists import get_goal, list_leaders, list_nothing
from devtime.api.wakatime.plugin_errors import report_plugin_error
from devtime.api.wakatime.projects import list_projects
from devtime.api.wakatime.senders import list_machine_names, list_user_agents
from devtime.api.wakatime.stats import get_all_time, get_default_stats, get_stats
from devtime.api.wakatime.statusbar import get_statusbar
from devtime.api.wakatime.summaries import get_summaries
from devtime.api.wakatime.users import get_api_key, get_current_user
from devtime.server.problems import WAKATIME_HANDLERS

DOCUMENTED = "/api/v1"
PREFIXES = (DOCUMENTED, "/api", "/api/compat/wakatime/v1")

_HANDLERS: Sequence[ControllerRouterHandler] = (
    record_bulk,
    record_bulk_by_accident,
    record_heartbeats,
    list_heartbeats,
    get_statusbar,
    get_summaries,
    get_default_stats,
    get_stats,
    get_all_time,
    list_durations,
    list_projects,
    get_current_user,
    get_api_key,
    list_user_agents,
    list_machine_names,
    list_file_experts,
    get_insight,
    get_goal,
    list_nothing,
    list_leaders,
    report_plugin_error,
)


def wakatime_routers() -> list[Router]:
    """One router a prefix; the same routes in each, told of once in the OpenAPI document."""
    return [
        Router(
            path=prefix,
            route_handlers=_HANDLERS,
            exception_handlers=dict(WAKATIME_HANDLERS),
            include_in_schema=prefix == DOCUMENTED,
            tags=["WakaTime"],
        )
        for prefix in PREFIXES
    ]
