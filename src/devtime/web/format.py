"""How durations, dates and numbers are written for people. Pure functions; no HTML and no locale of the machine."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from devtime.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, to_datetime
from devtime.kernel.zones import find_zone
from devtime.wire.agents import tool_of
from devtime.wire.heartbeat import UNKNOWN
from devtime.wire.tools import display_name

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def localize(instant_ms: int, zone: str) -> datetime:
    """The instant as an aware datetime in the zone."""
    return to_datetime(instant_ms).astimezone(find_zone(zone))


def duration(length_ms: int) -> str:
    """`4h 22m`, `22m`, `<1m`, `0m`; whole minutes, rounded down, so it never claims more than there is."""
    if length_ms <= 0:
        return "0m"
    if length_ms < MINUTE_MS:
        return "<1m"
    hours, minutes = divmod(length_ms // MINUTE_MS, 60)
    if not hours:
        return f"{minutes}m"
    return f"{hours:,}h {minutes:02d}m" if minutes else f"{hours:,}h"


def exact(length_ms: int) -> str:
    """`0:01:58.250`: hours, minutes, seconds and what milliseconds there are, so that sums can be checked by eye."""
    sign = "-" if length_ms < 0 else ""
    seconds, rest_ms = divmod(abs(length_ms), SECOND_MS)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest_ms:03d}" if rest_ms else ""
    return f"{sign}{hours}:{minutes:02d}:{seconds:02d}{fraction}"


def spoken(length_ms: int) -> str:
    """`4 hours 22 minutes`: for titles, tooltips and screen readers."""
    if 0 < length_ms < MINUTE_MS:
        return plural(-(-length_ms // SECOND_MS), "second")
    hours, minutes = divmod(max(length_ms, 0) // MINUTE_MS, 60)
    parts = [plural(hours, "hour")] if hours else []
    if minutes or not hours:
        parts.append(plural(minutes, "minute"))
    return " ".join(parts)


def signed(length_ms: int) -> str:
    """`+22m` or `−1h 05m` (a true minus sign); `±0m` for less than a minute either way."""
    if abs(length_ms) < MINUTE_MS:
        return "±0m"
    return ("+" if length_ms > 0 else "−") + duration(abs(length_ms))


def percent(part: int, whole: int) -> str:
    """`62%`, `<1%`, `0%` of the whole; nothing of nothing is `0%`."""
    if part <= 0 or whole <= 0:
        return "0%"
    share = 100 * part / whole
    return "<1%" if share < 1 else f"{round(share)}%"


def share_note(parts: tuple[int, int], of: str) -> str:
    """`62% of all tools` from (part, whole)."""
    return f"{percent(*parts)} {of}"


def number(value: int) -> str:
    """`1,234,567`."""
    return f"{value:,}"


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 session`, `3 sessions`, `2 entries` (give the irregular plural)."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def clock(instant_ms: int, zone: str) -> str:
    """The wall clock in the zone: `14:05`."""
    return localize(instant_ms, zone).strftime("%H:%M")


def clock_seconds(instant_ms: int, zone: str) -> str:
    """The wall clock in the zone, to the second: `14:05:09`."""
    return localize(instant_ms, zone).strftime("%H:%M:%S")


def moment(instant_ms: int, zone: str) -> str:
    """`Wed 15 Jan 2025, 14:05` in the zone."""
    local = localize(instant_ms, zone)
    return f"{short_day(local.date())} {local.year}, {local:%H:%M}"


def near_moment(instant_ms: int, zone: str, now_ms: int) -> str:
    """`Wed 15 Jan, 14:05`; with the year when it is not the present one."""
    local = localize(instant_ms, zone)
    if local.year != localize(now_ms, zone).year:
        return moment(instant_ms, zone)
    return f"{short_day(local.date())}, {local:%H:%M}"


def iso(instant_ms: int, zone: str) -> str:
    """`2025-01-15T14:05:09+01:00`: the machine-readable form for `<time datetime>`."""
    return localize(instant_ms, zone).isoformat(timespec="seconds")


def local_input(instant_ms: int, zone: str) -> str:
    """`2025-01-15T14:05`: the value of an `<input type=datetime-local>` in the zone."""
    return localize(instant_ms, zone).strftime("%Y-%m-%dT%H:%M")


def weekday(day: date) -> str:
    """`Wednesday`."""
    return WEEKDAYS[day.isoweekday() % 7]


def short_weekday(day: date) -> str:
    """`Wed`."""
    return weekday(day)[:3]


def short_day(day: date) -> str:
    """`Wed 15 Jan`."""
    return f"{short_weekday(day)} {day.day} {MONTHS[day.month - 1][:3]}"


def long_day(day: date) -> str:
    """`Wednesday, 15 January 2025`."""
    return f"{weekday(day)}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def date_span(first: date, last: date) -> str:
    """`13–19 Jan 2025`, `30 Dec 2024 – 5 Jan 2025`, `15 Jan 2025`: both days included."""
    end = f"{last.day} {MONTHS[last.month - 1][:3]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day} {MONTHS[first.month - 1][:3]}"
    return f"{start} – {end}" if first.year == last.year else f"{start} {first.year} – {end}"


def ago(instant_ms: int, now_ms: int) -> str:
    """`just now`, `5 minutes ago`, `3 hours ago`, `2 days ago`; an instant to come is `just now`."""
    passed_ms = now_ms - instant_ms
    if passed_ms < MINUTE_MS:
        return "just now"
    if passed_ms < HOUR_MS:
        return plural(passed_ms // MINUTE_MS, "minute") + " ago"
    if passed_ms < DAY_MS:
        return plural(passed_ms // HOUR_MS, "hour") + " ago"
    if passed_ms < 60 * DAY_MS:
        return plural(passed_ms // DAY_MS, "day") + " ago"
    if passed_ms < 730 * DAY_MS:
        return plural(passed_ms // (30 * DAY_MS), "month") + " ago"
    return plural(passed_ms // (365 * DAY_MS), "year") + " ago"


def tool_name(tool: str) -> str:
    """A tool's own spelling (`vscode` → `VS Code`); an unknown one as it came, none at all is `Unknown`."""
    return display_name(tool) if tool else UNKNOWN


def label(dimension: str, name: str) -> str:
    """What to show for a value of a dimension; nothing recorded is `Unknown`."""
    if not name:
        return UNKNOWN
    if dimension == "agent":
        return tool_name(tool_of(name))
    return tool_name(name) if dimension in ("tool", "editor") else name


def week_columns(week_start: int) -> tuple[str, ...]:
    """The seven weekday names from the first day of the week (0 = Sunday … 6 = Saturday)."""
    return WEEKDAYS[week_start:] + WEEKDAYS[:week_start]


def week_of(day: date, week_start: int) -> date:
    """The first day of the week that holds the day (0 = Sunday … 6 = Saturday)."""
    return day - timedelta(days=(day.isoweekday() - week_start) % 7)
