"""Instants in every spelling clients use, and the ones nobody can mean."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.errors import Invalid
from devtime.wire.times import EARLIEST_MS, MOST_AHEAD_MS, parse_instant

NOW_MS = 1_800_000_000_000
instants = st.integers(EARLIEST_MS, NOW_MS + MOST_AHEAD_MS)


@pytest.mark.parametrize(
    "value",
    [
        1_700_000_000.123,
        1_700_000_000_123,
        1_700_000_000_123_000,
        1_700_000_000_123_000_000,
        1.700000000123e15,
        "1700000000.123",
        "1700000000123",
        " 1700000000123 ",
        "1.700000000123e9",
        "2023-11-14T22:13:20.123Z",
        "2023-11-14t22:13:20.123z",
        "2023-11-14 22:13:20.123+00:00",
        "2023-11-14T23:13:20.123456789+01:00",
        "2023-11-14T22:13:20,123 +0000",
    ],
)
def test_every_spelling_of_one_instant_is_read_alike(value):
    assert parse_instant(value, NOW_MS) == 1_700_000_000_123


@given(instants)
def test_seconds_as_float_lose_no_millisecond(instant_ms):
    assert parse_instant(instant_ms / 1000, NOW_MS) == instant_ms


@given(instants, st.sampled_from([1, 1_000, 1_000_000]))
def test_whole_numbers_are_told_apart_by_magnitude(instant_ms, factor):
    assert parse_instant(instant_ms * factor, NOW_MS) == instant_ms
    assert parse_instant(str(instant_ms * factor), NOW_MS) == instant_ms


@given(instants)
def test_rfc_3339_text_is_read_back(instant_ms):
    moment = datetime.fromtimestamp(instant_ms // 1000, UTC).replace(microsecond=instant_ms % 1000 * 1000)
    assert parse_instant(moment.isoformat(), NOW_MS) == instant_ms


@given(st.floats(EARLIEST_MS / 1000, NOW_MS / 1000))
def test_seconds_are_rounded_to_the_nearest_millisecond_exactly(seconds):
    assert abs(Fraction(parse_instant(seconds, NOW_MS)) - Fraction(seconds) * 1000) <= Fraction(1, 2)


def test_half_a_millisecond_rounds_up_in_every_unit():
    assert parse_instant("1700000000.0005", NOW_MS) == 1_700_000_000_001
    assert parse_instant(1_700_000_000_000_500, NOW_MS) == 1_700_000_000_001
    assert parse_instant("2023-11-14T22:13:20.0005Z", NOW_MS) == 1_700_000_000_001


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, [], {}, "", " ", "soon", "nan", "inf", "-1", "0x10", "1_700_000_000", "١٧٠٠٠٠٠٠٠٠"),
        *(float("nan"), float("inf"), float("-inf"), -1, -1_700_000_000, 10**25, "1" * 400, "9" * 20, "1e99"),
        *(0, 86_400, 86_400_000, 946_684_799, "1999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
        *(4_102_444_800, 4_102_444_800_000, "2100-01-01T00:00:00Z", NOW_MS + MOST_AHEAD_MS + 1),
        *(
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-13-14T22:13:20Z",
            "2023-02-30T00:00:00Z",
            "2023-11-14T22:13:20+99:99",
        ),
        *("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2023-11-14T22:13:60Z", "2023-W01-1T00:00Z"),
    ],
)
def test_what_is_no_time_is_refused_with_the_field(value):
    with pytest.raises(Invalid) as caught:
        parse_instant(value, NOW_MS, "timestamp")
    assert caught.value.field == "timestamp"


def test_a_time_without_a_zone_says_what_is_missing():
    with pytest.raises(Invalid, match="time zone"):
        parse_instant("2023-11-14 22:13:20", NOW_MS)


def test_a_clock_may_be_a_day_ahead_and_no_more():
    assert parse_instant(NOW_MS + MOST_AHEAD_MS, NOW_MS) == NOW_MS + MOST_AHEAD_MS
    with pytest.raises(Invalid, match="future"):
        parse_instant(NOW_MS + MOST_AHEAD_MS + 1, NOW_MS)


@given(
    st.one_of(
        st.floats(), st.integers(), st.text(), st.booleans(), st.none(), st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")
    )
)
def test_whatever_comes_is_an_instant_in_range_or_refused(value):
    try:
        instant_ms = parse_instant(value, NOW_MS)
    except Invalid:
        return
    assert EARLIEST_MS <= instant_ms <= NOW_MS + MOST_AHEAD_MS
