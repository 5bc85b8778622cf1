"""The Jinja environment: turns a view and its chrome into a page. Templates see views, formats and charts; no more."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from devtime.web import format as formats
from devtime.web import money
from devtime.web.charts.day_timeline import day_timeline
from devtime.web.charts.figure import swatch
from devtime.web.charts.hour_grid import hour_grid
from devtime.web.charts.hours_bar import hours_bar
from devtime.web.charts.limit_bar import limit_bar
from devtime.web.charts.limit_history import limit_history
from devtime.web.charts.meter import meter
from devtime.web.charts.point_bars import point_bars
from devtime.web.charts.ranked_bars import ranked_bars
from devtime.web.charts.ranked_costs import ranked_costs
from devtime.web.charts.session_bars import session_bars
from devtime.web.charts.sparkline import sparkline
from devtime.web.charts.stacked_bars import series_names, stacked_bars
from devtime.web.charts.stars import stars
from devtime.web.charts.theme_sample import theme_sample
from devtime.web.charts.year_heatmap import year_heatmap
from devtime.web.views.chrome import Chrome

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

_FILTERS = (
    "duration", "exact", "spoken", "signed", "number", "plural", "clock", "clock_seconds", "moment", "iso",
    "local_input", "near_moment", "weekday", "short_day", "long_day", "date_span", "ago", "tool_name", "share_note",
)  # fmt: skip
_MONEY = ("usd", "fine_usd", "signed_usd", "price", "tokens")
_CHARTS = (
    day_timeline, hour_grid, hours_bar, limit_bar, limit_history, meter, point_bars, ranked_bars, ranked_costs,
    series_names, session_bars, sparkline, stacked_bars, stars, swatch, theme_sample, year_heatmap,
)  # fmt: skip


def render(name: str, view: object, chrome: Chrome) -> str:
    """The page `name` (`day`, `settings/keys`, …) of a view, inside its chrome."""
    return _environment().get_template(f"{name}.html").render(view=view, chrome=chrome)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({name: getattr(formats, name) for name in _FILTERS})
    environment.filters.update({name: getattr(money, name) for name in _MONEY})
    names = cast("dict[str, object]", environment.globals)
    names.update({chart.__name__: chart for chart in _CHARTS})
    names.update(label=formats.label, percent=formats.percent, ratio=money.ratio)
    return environment
