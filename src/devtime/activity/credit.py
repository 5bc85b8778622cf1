"""The rules of time: how much a heartbeat is credited, and what inserting heartbeats between others changes. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from devtime.kernel.slots import SLOT_MS, split


class Beat(msgspec.Struct, kw_only=True, gc=False):
    """What of a heartbeat matters for time. `cap_ms` is the most it can be credited (None: nothing declared)."""

    time_ms: int
    identity: int
    lane_id: int
    context_id: int
    cap_ms: int | None
    lane_ms: int = 0
    active_ms: int = 0
    is_fresh: bool = False


class SlotDelta(msgspec.Struct, gc=False):
    """What to add to one row of `activity_slots`."""

    lane_ms: int = 0
    active_ms: int = 0
    heartbeats: int = 0


SlotDeltas = dict[tuple[int, int], SlotDelta]
"""By (slot, context id)."""


class Changes(msgspec.Struct):
    """What inserting fresh beats does: the neighbours whose credit changed, and the sums to add."""

    changed: list[Beat]
    deltas: SlotDeltas


def credit_ms(gap_ms: int | None, cap_ms: int | None, timeout_ms: int) -> int:
    """Credit of a heartbeat whose next one comes after `gap_ms` (None: there is no next one)."""
    if cap_ms is not None:
        return cap_ms if gap_ms is None else min(cap_ms, gap_ms)
    return gap_ms if gap_ms is not None and gap_ms < timeout_ms else 0


def insert_beats(existing: Iterable[Beat], fresh: Sequence[Beat], timeout_ms: int) -> Changes:
    """Credit the fresh beats and correct the neighbours; both are updated in place.

    `existing` must hold, for each fresh beat, its neighbours in its lane and in the whole stream; it may hold more,
    and need not be without holes elsewhere: only a beat whose true successor is known to be new is touched.
    """
    merged = sorted([*existing, *fresh], key=_position)
    before = {id(beat): (beat.lane_ms, beat.active_ms) for beat in merged if not beat.is_fresh}
    touched: dict[int, Beat] = {}
    following: Beat | None = None
    following_in_lane: dict[int, Beat] = {}
    for beat in reversed(merged):
        in_lane = following_in_lane.get(beat.lane_id)
        if beat.is_fresh or (following is not None and following.is_fresh):
            beat.active_ms = credit_ms(_gap(beat, following), beat.cap_ms, timeout_ms)
            touched[id(beat)] = beat
        if beat.is_fresh or (in_lane is not None and in_lane.is_fresh):
            beat.lane_ms = credit_ms(_gap(beat, in_lane), beat.cap_ms, timeout_ms)
            touched[id(beat)] = beat
        following = following_in_lane[beat.lane_id] = beat
    return _difference(touched.values(), before)


def _position(beat: Beat) -> tuple[int, int]:
    return beat.time_ms, beat.identity


def _gap(beat: Beat, following: Beat | None) -> int | None:
    return None if following is None else following.time_ms - beat.time_ms


def _difference(touched: Iterable[Beat], before: dict[int, tuple[int, int]]) -> Changes:
    changed: list[Beat] = []
    deltas: SlotDeltas = defaultdict(SlotDelta)
    for beat in touched:
        if beat.is_fresh:
            deltas[beat.time_ms // SLOT_MS, beat.context_id].heartbeats += 1
        else:
            old_lane_ms, old_active_ms = before[id(beat)]
            if (old_lane_ms, old_active_ms) == (beat.lane_ms, beat.active_ms):
                continue
            changed.append(beat)
            _add(deltas, beat, old_lane_ms, old_active_ms, -1)
        _add(deltas, beat, beat.lane_ms, beat.active_ms, 1)
    return Changes(changed, {key: delta for key, delta in deltas.items() if _matters(delta)})


def _add(deltas: SlotDeltas, beat: Beat, lane_ms: int, active_ms: int, sign: int) -> None:
    for slot, part_ms in split(beat.time_ms, lane_ms):
        deltas[slot, beat.context_id].lane_ms += sign * part_ms
    for slot, part_ms in split(beat.time_ms, active_ms):
        deltas[slot, beat.context_id].active_ms += sign * part_ms


def _matters(delta: SlotDelta) -> bool:
    return bool(delta.lane_ms or delta.active_ms or delta.heartbeats)
