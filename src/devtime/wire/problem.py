"""The shape of an error of DevTime's own API (RFC 9457), and of the compatible ones. Only shapes, for documentation
and for clients.
"""

from __future__ import annotations

import msgspec


class ProblemField(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing at fault: the field (empty: the whole item), why, and the item's place in a batch."""

    field: str
    reason: str
    index: int | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong; `incident` is what the server's log has more under."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField] = []
    incident: str | None = None


class PlainError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error of the APIs DevTime is compatible with."""

    error: str
    errors: list[ProblemField] = []
