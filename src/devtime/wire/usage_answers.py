"""What DevTime's own API answers about AI usage. Keys of events are decimal text: they are 64-bit numbers."""

from __future__ import annotations

import msgspec

from devtime.wire.native_answers import Rejection


class UsageAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch. `changed` are events known before of which this told more, `excluded` those the user's
    privacy settings keep out, `withdrawn` those taken back; a refused item is told by its place in its list.
    """

    ok: bool = True
    inserted: int
    changed: int
    duplicates: int
    excluded: int
    withdrawn: int
    rejected: list[Rejection]
