"""What DevTime's own API tells of imports."""

from __future__ import annotations

from typing import Literal

import msgspec

from devtime.wire.native_answers import Rejection

ImportState = Literal["waiting", "running", "done", "failed"]


class ImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One import, and how far it is. Rows count from 0; `reasons` are those of the first 100 refused rows.

    `kind` is what the file was said to be, empty when DevTime is to find out. `error` says why a failed one failed.
    """

    id: str
    name: str
    kind: str
    state: ImportState
    read: int
    inserted: int
    duplicates: int
    excluded: int
    rejected: int
    reasons: list[Rejection]
    bytes_read: int
    bytes_total: int
    error: str | None
    created_at: str
    touched_at: str


class ImportsAnswer(msgspec.Struct, frozen=True):
    """One's own imports, newest first, the last 50."""

    imports: list[ImportAnswer]
