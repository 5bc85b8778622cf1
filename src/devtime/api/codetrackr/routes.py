"""The CodeTrackr-compatible routes."""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from devtime.api.codetrackr.export import export_csv, export_json
from devtime.api.codetrackr.heartbeats import record_bulk, record_heartbeat
from devtime.api.codetrackr.importing import import_heartbeats
from devtime.api.codetrackr.keys import delete_key, get_keys, patch_key, post_key
from devtime.api.codetrackr.leaderboards import get_leaders, get_leaders_of_country, get_leaders_of_language
from devtime.api.codetrackr.plugins import call_plugin, run_editor
from devtime.api.codetrackr.span import provide_span
from devtime.api.codetrackr.stats import (
    get_daily,
    get_dashboard,
    get_languages,
    get_projects,
    get_public,
    get_sessions,
    get_streaks,
    get_summary,
    get_work_types,
)
from devtime.api.codetrackr.store import (
    delete_own_plugin,
    get_detail,
    get_diff,
    get_own_plugins,
    get_script,
    get_store,
    publish_plugin,
)
from devtime.api.codetrackr.store_admin import (
    ban_plugin,
    delete_plugin,
    get_all_plugins,
    get_reports,
    resolve,
    unban_plugin,
)
from devtime.api.codetrackr.store_use import (
    accept_version,
    add_plugin_screenshot,
    get_accepted,
    get_installed,
    get_panels,
    get_plugins,
    get_settings,
    install_plugin,
    put_settings,
    rate_plugin,
    report_plugin,
    review_plugin,
    save_order,
    uninstall_plugin,
)
from devtime.api.codetrackr.themes import (
    delete_theme_install,
    get_active_theme,
    get_installed_themes,
    get_themes,
    post_theme,
    post_theme_apply,
    post_theme_install,
)
from devtime.api.codetrackr.user import get_me, update_profile
from devtime.api.health import get_health
from devtime.server.problems import CODETRACKR_HANDLERS


def codetrackr_router() -> Router:
    """Everything CodeTrackr's clients know below `/api/v1`."""
    return Router(
        path="/api/v1",
        route_handlers=[
            record_heartbeat,
            record_bulk,
            import_heartbeats,
            get_summary,
            get_languages,
            get_projects,
            get_daily,
            get_streaks,
            get_work_types,
            get_sessions,
            get_dashboard,
            get_public,
            get_leaders,
            get_leaders_of_language,
            get_leaders_of_country,
            get_me,
            update_profile,
            get_keys,
            post_key,
            patch_key,
            delete_key,
            call_plugin,
            run_editor,
            export_json,
            export_csv,
            get_store,
            publish_plugin,
            get_own_plugins,
            delete_own_plugin,
            get_script,
            get_detail,
            get_diff,
            install_plugin,
            uninstall_plugin,
            get_installed,
            get_accepted,
            accept_version,
            get_settings,
            put_settings,
            rate_plugin,
            review_plugin,
            add_plugin_screenshot,
            report_plugin,
            get_all_plugins,
            ban_plugin,
            unban_plugin,
            delete_plugin,
            get_reports,
            resolve,
            get_plugins,
            get_panels,
            save_order,
            get_themes,
            get_installed_themes,
            get_active_theme,
            post_theme,
            post_theme_install,
            delete_theme_install,
            post_theme_apply,
            get_health,
        ],
        dependencies={"span": Provide(provide_span)},
        exception_handlers=dict(CODETRACKR_HANDLERS),
        tags=["CodeTrackr"],
    )
