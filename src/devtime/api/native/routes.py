"""The routes of DevTime's own API."""

from __future__ import annotations

from litestar import Router

from devtime.api.health import get_health
from devtime.api.native.auth import create_token
from devtime.api.native.export import export_archive, export_json_lines, export_table
from devtime.api.native.heartbeats import record_batch, record_heartbeat
from devtime.api.native.imports import cancel_import, get_import, get_imports, post_import
from devtime.api.native.keys import create_own_key, list_own_keys, rename_own_key, revoke_own_key
from devtime.api.native.limits import delete_limits, get_limit_history, get_limits, record_limits
from devtime.api.native.plugin_drafts import check_plugin, publish_own_plugin
from devtime.api.native.plugin_runs import get_plugin_log, get_plugin_runs, resume_plugin, try_plugin
from devtime.api.native.plugins import get_own_plugin
from devtime.api.native.sessions import list_sessions
from devtime.api.native.stats import get_stats
from devtime.api.native.usage import (
    get_usage,
    get_usage_time,
    list_usage_blocks,
    list_usage_cells,
    list_usage_events,
)
from devtime.api.native.usage_events import record_usage
from devtime.server.problems import PROBLEM_HANDLERS


def native_router() -> Router:
    """Everything below `/api`."""
    return Router(
        path="/api",
        route_handlers=[
            record_heartbeat,
            record_batch,
            get_stats,
            list_sessions,
            record_usage,
            get_usage,
            list_usage_events,
            list_usage_blocks,
            list_usage_cells,
            get_usage_time,
            record_limits,
            get_limits,
            get_limit_history,
            delete_limits,
            create_token,
            list_own_keys,
            create_own_key,
            rename_own_key,
            revoke_own_key,
            get_own_plugin,
            post_import,
            get_imports,
            get_import,
            cancel_import,
            try_plugin,
            check_plugin,
            publish_own_plugin,
            get_plugin_runs,
            get_plugin_log,
            resume_plugin,
            export_json_lines,
            export_table,
            export_archive,
            get_health,
        ],
        exception_handlers=dict(PROBLEM_HANDLERS),
    )
