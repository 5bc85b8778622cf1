"""How long to wait before a server that could not be reached is tried again."""

from __future__ import annotations

import random

_FIRST_S = 2.0
_LONGEST_S = 300.0


class Patience:
    """Doubles after every failure, up to five minutes, with jitter so that machines do not come all at once."""

    def __init__(self) -> None:
        self._failures = 0

    def after_success(self) -> None:
        """Begin anew."""
        self._failures = 0

    def after_failure(self, at_least_s: float = 0.0) -> float:
        """Seconds to wait now; a server's own wish is a lower bound."""
        wait_s = min(_LONGEST_S, _FIRST_S * 2 ** min(self._failures, 10))
        self._failures += 1
        return max(at_least_s, wait_s * random.uniform(0.75, 1.25))  # noqa: S311 - spreads load, guards nothing
