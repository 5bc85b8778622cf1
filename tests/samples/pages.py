"""Every page worth looking at: (name of the picture, template, view, chrome)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from samples import activity
from samples.names import BAD, HOSTILE, MANY, RICH

from devtime.web.views.chrome import Chrome

OWNER = Chrome(path="/", version="0.1.0", user_name="ada", role="owner", is_live=True)
NOBODY = Chrome(path="/login", version="0.1.0")
STRANGE = Chrome(path=f"/range?project={HOSTILE[1]}", version="0.1.0", user_name=HOSTILE[0], role="member")


@dataclass(frozen=True)
class Page:
    """One picture."""

    name: str
    template: str
    view: object
    chrome: Chrome


def _at(path: str) -> Chrome:
    return replace(OWNER, path=path)


def make_pages() -> tuple[Page, ...]:
    """All pages with all kinds of data."""
    return (*_days(), *_ranges(), *_lists())


def _days() -> tuple[Page, ...]:
    winter, summer = date(2024, 10, 27), date(2025, 3, 30)
    return (
        Page("day", "day", activity.make_day(RICH), OWNER),
        Page("day-many", "day", activity.make_day(MANY), OWNER),
        Page("day-hostile", "day", activity.make_day(BAD), STRANGE),
        Page("day-25h", "day", activity.make_day(RICH, day=winter, is_today=False), _at("/day/2024-10-27")),
        Page("day-23h", "day", activity.make_day(RICH, day=summer, is_today=False), _at("/day/2025-03-30")),
        Page("day-new", "day", activity.make_empty_day(is_new=True), OWNER),
        Page("day-quiet", "day", activity.make_empty_day(is_new=False), OWNER),
    )


def _ranges() -> tuple[Page, ...]:
    chrome = _at("/range?range=week")
    return (
        Page("range-week", "range", activity.make_range(RICH), chrome),
        Page("range-month", "range", activity.make_range(RICH, "month", days=31, chosen=False), chrome),
        Page("range-90d", "range", activity.make_range(RICH, "90d", days=90, chosen=False), chrome),
        Page("range-year", "range", activity.make_range(MANY, "year", days=53, bucket_days=7, chosen=False), chrome),
        Page("range-hostile", "range", activity.make_range(BAD), STRANGE),
        Page("range-empty", "range", activity.make_empty_range(is_new=False), chrome),
        Page("range-filtered-empty", "range", activity.make_empty_range(is_new=False, chosen=True), chrome),
        Page("range-new", "range", activity.make_empty_range(is_new=True), chrome),
    )


def _lists() -> tuple[Page, ...]:
    return ()
