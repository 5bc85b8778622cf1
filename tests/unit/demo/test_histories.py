"""Made-up pasts: the same for the same seed, growing up to now, and like a developer's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from devtime.demo.histories import live
from devtime.demo.people import make_person, make_team
from devtime.kernel.clock import DAY_MS, HOUR_MS
from devtime.kernel.zones import day_of, find_zone
from devtime.wire.heartbeat import IDLE

_NOW_MS = int(datetime(2026, 11, 20, 15, 30, tzinfo=UTC).timestamp() * 1_000)
_ZONE = "Europe/Berlin"


def test_the_same_seed_has_the_same_past_and_another_has_not() -> None:
    assert list(live(make_person(3, _ZONE), _NOW_MS, 30)) == list(live(make_person(3, _ZONE), _NOW_MS, 30))
    assert list(live(make_person(3, _ZONE), _NOW_MS, 3)) != list(live(make_person(4, _ZONE), _NOW_MS, 3))


def test_past_days_stay_as_they_were_when_time_goes_on() -> None:
    person = make_person(3, _ZONE)
    week_ago = [beat for beat in live(person, _NOW_MS, 20) if beat.time_ms < _NOW_MS - 7 * DAY_MS]
    earlier = [beat for beat in live(person, _NOW_MS - 5 * DAY_MS, 15) if beat.time_ms < _NOW_MS - 7 * DAY_MS]
    assert week_ago == earlier != []


def test_nothing_happens_after_now_and_today_has_begun_at_any_hour_of_any_day() -> None:
    person = make_person(5, _ZONE)
    for number in range(0, 14 * 24, 5):
        now_ms = _NOW_MS + number * HOUR_MS
        today = [beat for beat in live(person, now_ms, 2) if day_of(beat.time_ms, find_zone(_ZONE)) == _day(now_ms)]
        assert all(beat.time_ms <= now_ms for beat in today)
        assert today or now_ms - _midnight(now_ms) < HOUR_MS


def test_no_two_heartbeats_of_a_year_are_the_same() -> None:
    beats = list(live(make_person(1, _ZONE), _NOW_MS))
    assert len({(beat.time_ms, beat.identity) for beat in beats}) == len(beats) > 30_000


def test_a_year_shows_what_there_is_to_show() -> None:
    beats = list(live(make_person(1, _ZONE), _NOW_MS))
    assert {"claude-code", "codex", "firefox", "calendar"} < {beat.tool for beat in beats}
    assert {"coding", "debugging", "ai coding", "meeting", "code reviewing", IDLE} <= {b.activity_type for b in beats}
    assert len({beat.project for beat in beats}) >= 7
    assert len({beat.machine for beat in beats}) == 2
    assert any(beat.duration_ms for beat in beats)
    assert any(beat.tokens_out for beat in beats)
    days = Counter(day_of(beat.time_ms, find_zone(_ZONE)) for beat in beats)
    assert 200 < len(days) < 330
    weekdays = Counter(day.weekday() for day in days)
    assert weekdays[6] < weekdays[2] * 0.8


def test_people_of_a_team_are_different_people() -> None:
    team = make_team(7, 12, _ZONE)
    assert len({person.username for person in team}) == 12
    assert team[0].zone == _ZONE
    assert len({person.zone for person in team}) > 1


def _day(now_ms: int) -> object:
    return day_of(now_ms, find_zone(_ZONE))


def _midnight(now_ms: int) -> int:
    local = datetime.fromtimestamp(now_ms / 1_000, find_zone(_ZONE))
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1_000)
