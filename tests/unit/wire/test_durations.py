"""How lengths of time are spelled."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.wire.durations import to_decimal, to_digital, to_seconds, to_text

MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.mark.parametrize(
    ("length_ms", "text", "digital", "decimal"),
    [
        (0, "0 secs", "0:00", "0.00"),
        (999, "0 secs", "0:00", "0.00"),
        (1_000, "1 sec", "0:00", "0.00"),
        (59_999, "59 secs", "0:00", "0.02"),
        (MINUTE, "1 min", "0:01", "0.02"),
        (22 * MINUTE, "22 mins", "0:22", "0.37"),
        (HOUR, "1 hr", "1:00", "1.00"),
        (HOUR + MINUTE, "1 hr 1 min", "1:01", "1.02"),
        (2 * HOUR, "2 hrs", "2:00", "2.00"),
        (4 * HOUR + 22 * MINUTE, "4 hrs 22 mins", "4:22", "4.37"),
        (4 * HOUR + 22 * MINUTE + 59_999, "4 hrs 22 mins", "4:22", "4.38"),
        (1_234 * HOUR + 5 * MINUTE, "1,234 hrs 5 mins", "1234:05", "1234.08"),
    ],
)
def test_a_length_is_spelled_as_clients_show_it(length_ms: int, text: str, digital: str, decimal: str) -> None:
    assert (to_text(length_ms), to_digital(length_ms), to_decimal(length_ms)) == (text, digital, decimal)


@given(st.lists(st.integers(0, 10**12), max_size=50))
def test_seconds_as_they_are_written_add_up_exactly(lengths_ms: list[int]) -> None:
    written = [Decimal(msgspec.json.encode(to_seconds(length)).decode()) for length in lengths_ms]
    assert sum(written) * 1_000 == sum(lengths_ms)


def test_whole_seconds_are_written_without_a_fraction() -> None:
    assert msgspec.json.encode([to_seconds(7_200_000), to_seconds(1_500)]) == b"[7200,1.5]"
