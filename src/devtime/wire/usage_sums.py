"""Questions about usage and the sums that answer them: asked of the ledger and of the server alike.

A status line is asked for every second: nothing here, nor in `rates`, imports more than the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

Part = Literal["day", "slot", "agent", "model", "session", "folder", "project", "branch", "machine", "sidechain"]
"""What sums can be told apart by. `day` is a local day number (days since 1970-01-01), `slot` a UTC quarter-hour,
`sidechain` a bool; the others are names."""

PriceEdges = Mapping[int, Sequence[int]]
"""Rate id → the slots, ascending, at which its price changes. Rates without changes may be left out."""

AlikeRates = Mapping[int, int]
"""Rate id → the id of the rate it may be summed with, as it costs the same. Rates that stand alone may be left out."""


class UsageQuestion(NamedTuple):
    """Which events, and what their sums are told apart by. Empty tuples want all; days are local, both included."""

    parts: tuple[Part, ...] = ()
    zone: str = "UTC"
    first_day: date | None = None
    last_day: date | None = None
    agents: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    """Names of projects or of an agent's folders."""
    sessions: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()


class TokenSums:
    """Sums over events, as `UsageEvent` counts them. `reasoning` lies inside `output`."""

    __slots__ = (
        "cache_read",
        "cache_write",
        "cache_write_1h",
        "events",
        "extra",
        "input",
        "output",
        "reasoning",
        "web_searches",
    )

    def __init__(
        self,
        events: int = 0,
        input: int = 0,
        output: int = 0,
        cache_read: int = 0,
        cache_write: int = 0,
        cache_write_1h: int = 0,
        extra: int = 0,
        reasoning: int = 0,
        web_searches: int = 0,
    ) -> None:
        self.events = events
        self.input = input
        self.output = output
        self.cache_read = cache_read
        self.cache_write = cache_write
        self.cache_write_1h = cache_write_1h
        self.extra = extra
        self.reasoning = reasoning
        self.web_searches = web_searches

    @property
    def total(self) -> int:
        """All tokens."""
        return self.input + self.output + self.cache_read + self.cache_write + self.cache_write_1h + self.extra

    def add(self, other: TokenSums) -> None:
        """Add another sum to this one."""
        self.events += other.events
        self.input += other.input
        self.output += other.output
        self.cache_read += other.cache_read
        self.cache_write += other.cache_write
        self.cache_write_1h += other.cache_write_1h
        self.extra += other.extra
        self.reasoning += other.reasoning
        self.web_searches += other.web_searches


class UsageCell(NamedTuple):
    """The sums of all events that agree in the question's parts (`names`, in their order), rate and price period.

    `period` is how many of the rate's price edges lie at or before the events. `logged_nusd` sums the logged costs.
    `first_ms` and `last_ms` are the first and last event.
    """

    names: tuple[str | int, ...]
    rate_id: int
    period: int
    tokens: TokenSums
    logged_nusd: int
    first_ms: int
    last_ms: int
