"""The view of the dashboard's widgets."""

from __future__ import annotations

from devtime.marketplace.hooks.standings import list_runs
from devtime.marketplace.widgets import WidgetPanel, list_panels
from devtime.web.compose.pauses import tell_pause
from devtime.web.compose.reader import Reader
from devtime.web.compose.store import plugin_path
from devtime.web.views.widgets import PausedRow, WidgetRow, WidgetsView


async def compose_widgets(reader: Reader) -> WidgetsView:
    """Those that may run for the reader, and the plugins behind them that were paused."""
    runs = [run for run in await list_runs(reader.database, reader.user_id) if run.may_run]
    return WidgetsView(
        tuple(_row(panel) for panel in await list_panels(reader.database, reader.user_id)),
        paused=tuple(PausedRow(run.name, run.display_name, told) for run in runs if (told := tell_pause(run))),
    )


def _row(panel: WidgetPanel) -> WidgetRow:
    href = plugin_path(panel.name)
    return WidgetRow(
        id=str(panel.plugin_id),
        name=panel.name,
        title=panel.display_name,
        icon=panel.icon,
        author=panel.author,
        version=panel.version,
        waiting_version=panel.waiting_version,
        href=href,
        settings_href=plugin_path(panel.name, "settings") if panel.has_settings else None,
    )
