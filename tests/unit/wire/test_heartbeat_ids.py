"""The public ids of heartbeats."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from devtime.wire.heartbeat_ids import heartbeat_uuid

TIMES = st.integers(946_684_800_000, 4_102_444_800_000)
IDENTITIES = st.integers(-(2**63), 2**63 - 1)


@given(TIMES, IDENTITIES)
def test_an_id_is_a_valid_uuid_and_always_the_same(time_ms: int, identity: int) -> None:
    made = heartbeat_uuid(time_ms, identity)
    assert (made.version, made.variant) == (8, "specified in RFC 4122")
    assert made == heartbeat_uuid(time_ms, identity)


@given(st.lists(st.tuples(TIMES, IDENTITIES), unique=True, max_size=30))
def test_no_two_heartbeats_share_an_id_and_ids_sort_by_time(keys: list[tuple[int, int]]) -> None:
    made = [heartbeat_uuid(*key) for key in keys]
    assert len(set(made)) == len(keys)
    by_id = [time for _, (time, _) in sorted(zip(made, keys, strict=True))]
    assert by_id == sorted(by_id)
