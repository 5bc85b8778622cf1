"""The view of the dashboard's widgets."""

from __future__ import annotations

from urllib.parse import quote

from devtime.marketplace.widgets import WidgetPanel, list_panels
from devtime.web.compose.reader import Reader
from devtime.web.views.widgets import WidgetRow, WidgetsView


async def compose_widgets(reader: Reader) -> WidgetsView:
    """Those that may run for the reader."""
    return WidgetsView(tuple(_row(panel) for panel in await list_panels(reader.database, reader.user_id)))


def _row(panel: WidgetPanel) -> WidgetRow:
    href = f"/plugin-store/{quote(panel.name, safe='')}"
    return WidgetRow(
        id=str(panel.plugin_id),
        name=panel.name,
        title=panel.display_name,
        icon=panel.icon,
        author=panel.author,
        version=panel.version,
        waiting_version=panel.waiting_version,
        href=href,
        settings_href=f"{href}/settings" if panel.has_settings else None,
    )
