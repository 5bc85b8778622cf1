"""The rules of time, told once more as simply as they can be: what the tests hold the program against.

Written from docs/explanation/time.md, never from the code it judges, and in no hurry: every
answer is worked out anew from the whole list of heartbeats. It knows no slots table, no neighbours, no SQL; it shares
with the program only what a heartbeat is and what a nameless thing is called. Instants are epoch milliseconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from devtime.wire.heartbeat import Heartbeat

QUARTER_MS = 15 * 60 * 1_000

K = TypeVar("K")


class Key(NamedTuple):
    """Names one heartbeat, and puts those of a user in order."""

    time_ms: int
    identity: int


class Names(NamedTuple):
    """What time is broken down by; the credit of a heartbeat belongs to its names."""

    tool: str
    project: str
    language: str
    branch: str
    activity_type: str
    editor: str
    os: str
    machine: str


@dataclass
class Sums:
    """Milliseconds with parallel lanes added up, milliseconds of the wall clock, and heartbeats."""

    lane_ms: int = 0
    active_ms: int = 0
    heartbeats: int = 0


@dataclass(frozen=True)
class Run:
    """A session. Of `languages` and `branches` any one is the most frequent."""

    tool: str
    project: str
    start_ms: int
    last_ms: int
    end_ms: int
    lane_ms: int
    active_ms: int
    heartbeats: int
    languages: frozenset[str]
    branches: frozenset[str]


Credits = dict[Key, tuple[int, int]]
"""Credit in the lane and in the whole stream, per heartbeat."""


def key_of(heartbeat: Heartbeat) -> Key:
    """The same for the same heartbeat sent again."""
    return Key(heartbeat.time_ms, heartbeat.identity)


def names_of(heartbeat: Heartbeat) -> Names:
    """What its credit counts for; an absent name is called Unknown."""
    return Names(*(getattr(heartbeat, field) or "Unknown" for field in Names._fields))


def is_wanted(names: Names, wanted: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the names are among those wanted, in every field that wants any."""
    return all(getattr(names, field) in kept for field, kept in wanted.items() if kept)


def distinct(heartbeats: Iterable[Heartbeat]) -> list[Heartbeat]:
    """Each heartbeat once, in order."""
    by_key = {key_of(heartbeat): heartbeat for heartbeat in heartbeats}
    return [by_key[key] for key in sorted(by_key)]


def credit(heartbeats: Iterable[Heartbeat], timeout_ms: int) -> Credits:
    """What each heartbeat is credited: in its lane, and in the user's whole stream."""
    beats = distinct(heartbeats)
    credits: Credits = {}
    for place, beat in enumerate(beats):
        later = beats[place + 1 :]
        next_in_lane = next((other for other in later if _lane(other) == _lane(beat)), None)
        next_of_all = next(iter(later), None)
        credits[key_of(beat)] = (_earned(beat, next_in_lane, timeout_ms), _earned(beat, next_of_all, timeout_ms))
    return credits


def _lane(beat: Heartbeat) -> tuple[str, str, str]:
    """An AI session is a lane of its own."""
    return beat.tool, beat.machine, beat.session


def _earned(beat: Heartbeat, following: Heartbeat | None, timeout_ms: int) -> int:
    if beat.activity_type == "idle":
        return 0
    if following is None:
        return beat.duration_ms or 0
    gap_ms = following.time_ms - beat.time_ms
    if beat.duration_ms is not None:
        return min(beat.duration_ms, gap_ms)
    return gap_ms if gap_ms < timeout_ms else 0


def pieces(start_ms: int, length_ms: int) -> list[tuple[int, int]]:
    """A stretch cut at every quarter-hour: beginnings and ends."""
    cuts = [start_ms, start_ms + length_ms]
    edge_ms = start_ms - start_ms % QUARTER_MS + QUARTER_MS
    while edge_ms < start_ms + length_ms:
        cuts.insert(-1, edge_ms)
        edge_ms += QUARTER_MS
    return [(first, last) for first, last in pairwise(cuts) if first < last]


def quarters(heartbeats: Iterable[Heartbeat], timeout_ms: int) -> dict[tuple[int, Names], Sums]:
    """Sums by quarter-hour (its first millisecond) and names."""
    return _spread(heartbeats, timeout_ms, lambda at_ms: at_ms - at_ms % QUARTER_MS)


def days(
    heartbeats: Iterable[Heartbeat],
    timeout_ms: int,
    zone: str,
    start_ms: int,
    end_ms: int,
    wanted: Mapping[str, tuple[str, ...]],
) -> dict[tuple[date, Names], Sums]:
    """Sums by local day and names, of the time inside `[start, end)`; `wanted` are the names to keep, by field."""
    place = ZoneInfo(zone)
    cells = _spread(heartbeats, timeout_ms, lambda at_ms: moment(at_ms, place).date(), start_ms, end_ms)
    return {(day, names): sums for (day, names), sums in cells.items() if is_wanted(names, wanted)}


def hours_of_week(
    heartbeats: Iterable[Heartbeat],
    timeout_ms: int,
    zone: str,
    start_ms: int,
    end_ms: int,
    wanted: Mapping[str, tuple[str, ...]],
) -> dict[tuple[int, int], Sums]:
    """Sums by weekday (0 = Sunday) and hour of the local clock."""
    place = ZoneInfo(zone)

    def hour(at_ms: int) -> tuple[int, int]:
        local = moment(at_ms, place)
        return local.isoweekday() % 7, local.hour

    result: dict[tuple[int, int], Sums] = defaultdict(Sums)
    for (when, names), sums in _spread(heartbeats, timeout_ms, hour, start_ms, end_ms).items():
        if is_wanted(names, wanted):
            _add(result[when], sums)
    return result


def files(
    heartbeats: Iterable[Heartbeat], timeout_ms: int, start_ms: int, end_ms: int, wanted: Mapping[str, tuple[str, ...]]
) -> dict[str, Sums]:
    """Sums by file of the time inside `[start, end)`."""
    beats = distinct(heartbeats)
    credits = credit(beats, timeout_ms)
    result: dict[str, Sums] = defaultdict(Sums)
    for beat in beats:
        if is_wanted(names_of(beat), wanted):
            lane_ms, active_ms = (
                max(0, min(beat.time_ms + earned_ms, end_ms) - max(beat.time_ms, start_ms))
                for earned_ms in credits[key_of(beat)]
            )
            part = Sums(lane_ms, active_ms, int(start_ms <= beat.time_ms < end_ms))
            _add(result[beat.file or "Unknown"], part)
    return {file: sums for file, sums in result.items() if sums != Sums()}


def sessions(
    heartbeats: Iterable[Heartbeat],
    timeout_ms: int,
    start_ms: int,
    end_ms: int,
    wanted: Mapping[str, tuple[str, ...]],
) -> list[Run]:
    """Runs of heartbeats of one tool and project with gaps below the timeout that reach into `[start, end)`, whole."""
    beats = distinct(heartbeats)
    credits = credit(beats, timeout_ms)
    runs: list[list[Heartbeat]] = []
    open_runs: dict[tuple[str, str], list[Heartbeat]] = {}
    for beat in beats:
        run = open_runs.get((beat.tool, beat.project))
        if run is None or beat.time_ms - run[-1].time_ms >= timeout_ms:
            run = open_runs[beat.tool, beat.project] = []
            runs.append(run)
        run.append(beat)
    found = [_describe(run, credits) for run in runs if run[0].time_ms < end_ms and run[-1].time_ms >= start_ms]
    return [run for run in found if all(getattr(run, field) in names for field, names in wanted.items() if names)]


def streaks(heartbeats: Iterable[Heartbeat], timeout_ms: int, zone: str, now_ms: int) -> tuple[int, int]:
    """Days in a row with any credit: up to today or yesterday, and the most there ever were up to today."""
    place = ZoneInfo(zone)
    today = moment(now_ms, place).date()
    cells = _spread(heartbeats, timeout_ms, lambda at_ms: moment(at_ms, place).date())
    active = {day for (day, _), sums in cells.items() if (sums.lane_ms or sums.active_ms) and day <= today}

    def length(last: date) -> int:
        return 0 if last not in active else 1 + length(last - timedelta(days=1))

    current = length(today) or length(today - timedelta(days=1))
    return current, max((length(day) for day in active), default=0)


def moment(at_ms: int, place: ZoneInfo) -> datetime:
    """What the clock on the wall of the place shows."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).astimezone(place)


def _describe(run: list[Heartbeat], credits: Credits) -> Run:
    earned = [credits[key_of(beat)] for beat in run]
    return Run(
        tool=run[0].tool,
        project=run[0].project or "Unknown",
        start_ms=run[0].time_ms,
        last_ms=run[-1].time_ms,
        end_ms=max(beat.time_ms + lane_ms for beat, (lane_ms, _) in zip(run, earned, strict=True)),
        lane_ms=sum(lane_ms for lane_ms, _ in earned),
        active_ms=sum(active_ms for _, active_ms in earned),
        heartbeats=len(run),
        languages=_most_frequent(beat.language or "Unknown" for beat in run),
        branches=_most_frequent(beat.branch or "Unknown" for beat in run),
    )


def _most_frequent(names: Iterable[str]) -> frozenset[str]:
    counts = Counter(names)
    return frozenset(name for name, count in counts.items() if count == max(counts.values()))


def _add(total: Sums, part: Sums) -> None:
    total.lane_ms += part.lane_ms
    total.active_ms += part.active_ms
    total.heartbeats += part.heartbeats


def _spread(
    heartbeats: Iterable[Heartbeat],
    timeout_ms: int,
    bin_of: Callable[[int], K],
    start_ms: int = 0,
    end_ms: int = 2**62,
) -> dict[tuple[K, Names], Sums]:
    beats = distinct(heartbeats)
    credits = credit(beats, timeout_ms)
    bins: dict[tuple[K, Names], Sums] = defaultdict(Sums)
    for beat in beats:
        names = names_of(beat)
        if start_ms <= beat.time_ms < end_ms:
            bins[bin_of(beat.time_ms), names].heartbeats += 1
        for field, earned_ms in zip(("lane_ms", "active_ms"), credits[key_of(beat)], strict=True):
            for first, last in pieces(beat.time_ms, earned_ms):
                inside_ms = min(last, end_ms) - max(first, start_ms)
                if inside_ms > 0:
                    sums = bins[bin_of(first), names]
                    setattr(sums, field, getattr(sums, field) + inside_ms)
    return {key: sums for key, sums in bins.items() if sums != Sums()}
