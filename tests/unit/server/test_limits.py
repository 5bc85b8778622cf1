"""Token buckets: what is let through, what must wait, and for how long."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.errors import TooMany
from devtime.kernel.settings import Settings
from devtime.server.identity import Identity
from devtime.server.limits import Limits, Rate


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _identity(user: int, key: int | None) -> Identity:
    return Identity(
        user_id=UUID(int=user),
        username="ada",
        role="member",
        timezone="UTC",
        week_start=1,
        scope="full",
        key_id=None if key is None else UUID(int=key),
    )


def _passes(rate: Rate, who: object, times: int) -> int:
    count = 0
    for _ in range(times):
        try:
            rate.take(who, "things")
        except TooMany:
            continue
        count += 1
    return count


def test_a_minutes_worth_may_come_at_once_and_then_evenly() -> None:
    clock = Hand()
    rate = Rate(100, clock=clock)
    assert _passes(rate, "a", 150) == 100
    clock.now += 6.0
    assert _passes(rate, "a", 50) == 10
    clock.now += 3_600.0
    assert _passes(rate, "a", 150) == 100


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = Hand()
    rate = Rate(5, clock=clock)
    _passes(rate, "a", 5)
    with pytest.raises(TooMany) as refused:
        rate.take("a", "things")
    assert refused.value.retry_after_s == 12
    clock.now += refused.value.retry_after_s
    rate.take("a", "things")


def test_one_does_not_use_up_what_another_may() -> None:
    rate = Rate(3, clock=Hand())
    assert _passes(rate, "a", 10) == _passes(rate, "b", 10) == 3


def test_zero_sets_no_limit() -> None:
    assert _passes(Rate(0), "a", 10_000) == 10_000


def test_processes_share_the_limit() -> None:
    clock = Hand()
    assert sum(_passes(Rate(100, 4, clock), "a", 100) for _ in range(4)) == 100
    assert _passes(Rate(2, 8, clock), "a", 100) == 1


def test_the_memory_of_many_strangers_is_bounded() -> None:
    clock = Hand()
    rate = Rate(60, clock=clock)
    for number in range(30_000):
        clock.now += 0.001
        rate.take(number, "things")
    assert len(rate._buckets) <= 10_000


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 50))
def test_never_more_than_the_burst_and_what_time_brought(pauses: list[float], per_minute: int) -> None:
    clock = Hand()
    rate = Rate(per_minute, clock=clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += _passes(rate, "a", 1)
        assert passed <= per_minute + clock.now * per_minute / 60 + 1e-6


def test_keys_are_limited_each_and_sessions_by_their_user() -> None:
    limits = Limits(Settings(home=Path("/"), single_per_minute=1, bulk_per_minute=1), Hand())
    limits.take_heartbeat(_identity(1, 10))
    limits.take_heartbeat(_identity(1, 11))
    limits.take_heartbeat(_identity(1, None))
    limits.take_bulk(_identity(1, None))
    for identity in (_identity(1, 10), _identity(1, None)):
        with pytest.raises(TooMany):
            limits.take_heartbeat(identity)
    with pytest.raises(TooMany):
        limits.take_bulk(_identity(1, None))


def test_a_right_password_does_not_count() -> None:
    limits = Limits(Settings(home=Path("/")), Hand())
    for _ in range(100):
        limits.take_login("1.2.3.4", "ada")
        limits.forgive_login("1.2.3.4", "Ada ")
    for _ in range(5):
        limits.take_login("1.2.3.4", "ada")
    with pytest.raises(TooMany):
        limits.take_login("1.2.3.4", " ADA")
    limits.take_login("1.2.3.4", "eve")
    limits.take_login("4.3.2.1", "ada")


def test_neighbours_in_one_ipv6_network_are_one_address() -> None:
    limits = Limits(Settings(home=Path("/"), workers=8), Hand())
    for number in range(5):
        limits.take_login(f"2001:db8:1:2::{number + 1:x}", "ada")
    with pytest.raises(TooMany):
        limits.take_login("2001:db8:1:2:ffff::1", "ada")
    limits.take_login("2001:db8:1:3::1", "ada")
    limits.take_login("::ffff:192.0.2.1", "ada")
    limits.take_login("::ffff:192.0.2.2", "ada")
    limits.take_login("local", "ada")
