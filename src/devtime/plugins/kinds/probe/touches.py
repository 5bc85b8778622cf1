"""What a probe touched outside its sandbox, noted for whoever wants to know."""

from __future__ import annotations

from typing import Literal

import msgspec

Act = Literal["read", "write", "list", "look", "variable", "request", "keychain", "process", "usage"]
"""`look` asks whether a file is there; `usage` asks the ledger for days of tokens."""


class Touch(msgspec.Struct, frozen=True):
    """One thing, how often, and whether it was refused for want of a permission. `what` holds no secrets."""

    act: Act
    what: str
    count: int = 1
    is_refused: bool = False


class Touches:
    """Collects the touches of a run, each thing once, up to a number no honest probe comes near."""

    _MOST = 500

    def __init__(self) -> None:
        self._counts: dict[tuple[Act, str, bool], int] = {}

    def note(self, act: Act, what: str, *, is_refused: bool = False) -> None:
        """Once more."""
        key = (act, what[:500], is_refused)
        if key in self._counts or len(self._counts) < self._MOST:
            self._counts[key] = self._counts.get(key, 0) + 1

    def all(self) -> tuple[Touch, ...]:
        """In the order of the first time."""
        return tuple(Touch(act, what, count, is_refused) for (act, what, is_refused), count in self._counts.items())
