"""What is measured: each scenario is run once a round, in turn with the others, and gives one figure a round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.bench.dialects import DIALECTS, Dialect, build_get, build_posts
from tests.bench.instance import Visitor
from tests.bench.sending import Outcome, send

_SENT_A_RUN = {1: 4_000, 10: 16_000, 25: 40_000, 1_000: 64_000}
_SHORT_RUN = 20
_BEGINNING_MS = 1_700_000_000_000


@dataclass
class Figures:
    """The outcomes of all rounds of one scenario."""

    rates: list[float] = field(default_factory=list[float])
    p50_ms: list[float] = field(default_factory=list[float])
    p99_ms: list[float] = field(default_factory=list[float])

    def add(self, outcome: Outcome, things: int) -> None:
        """One more round, in which so many things were done."""
        self.rates.append(things / outcome.seconds)
        self.p50_ms.append(outcome.percentile_ms(50))
        self.p99_ms.append(outcome.percentile_ms(99))

    def rate(self) -> float:
        """The median of things a second."""
        return median(self.rates)

    def spread(self) -> str:
        """The slowest and the fastest round."""
        return f"{min(self.rates):,.0f}–{max(self.rates):,.0f}"


class Failed(Exception):
    """The server answered something else than success: the figure would be worth nothing."""


@dataclass
class Sending:
    """Heartbeats in POSTs of `each`, over as many connections as there are senders given."""

    dialect: Dialect
    each: int
    senders: Sequence[Visitor]
    label: str
    figures: Figures = field(default_factory=Figures)
    sent: int = 0

    def run(self, port: int, numbers: Callable[[int], int], *, is_warm_up: bool = False) -> None:
        """One round. `numbers` hands out the numbers of heartbeats never used before."""
        posts = max(1, _SENT_A_RUN[self.each] // self.each // len(self.senders) // (_SHORT_RUN if is_warm_up else 1))
        first = numbers(posts * self.each * len(self.senders))
        connections = [
            build_posts(self.dialect, sender.key, _BEGINNING_MS, first + place * posts * self.each, posts, self.each)
            for place, sender in enumerate(self.senders)
        ]
        outcome = _checked(send(port, connections))
        things = posts * self.each * len(self.senders)
        self.sent += things
        if not is_warm_up:
            self.figures.add(outcome, things)


@dataclass
class Asking:
    """One question over one connection, many times."""

    label: str
    path: str
    header: str
    times: int
    figures: Figures = field(default_factory=Figures)

    def run(self, port: int, *, is_warm_up: bool = False) -> None:
        """One round."""
        times = 3 if is_warm_up else self.times
        outcome = _checked(send(port, [[build_get(self.path, (self.header,))] * times]))
        if not is_warm_up:
            self.figures.add(outcome, times)


def sendings(heavy: Visitor, visitors: Sequence[Visitor]) -> list[Sending]:
    """Both dialects and all sizes, each connection a user of its own; and the heavy user's clients at two sizes."""
    by_many = [
        Sending(dialect, each, visitors, f"{len(visitors)} users") for dialect in DIALECTS for each in _SENT_A_RUN
    ]
    one_user = [heavy] * len(visitors)
    return by_many + [Sending(DIALECTS[0], each, one_user, f"1 user, {len(visitors)} clients") for each in (1, 25)]


def askings(heavy: Visitor) -> list[Asking]:
    """Questions of the user with the long past."""
    key = f"X-API-Key: {heavy.key}"
    cookie = f"Cookie: {heavy.cookie}"
    return [
        Asking("status bar", "/api/v1/users/current/statusbar/today", key, 300),
        Asking("overview page", "/", cookie, 60),
        Asking("summary of a year", "/api/stats?range=365d", key, 30),
        Asking("summary of a year, filtered by project", "/api/stats?range=365d&project=harbor-api", key, 60),
        Asking("summary of a year with another timeout", "/api/stats?range=365d&timeout=5", key, 10),
        Asking("year page", "/range?range=365d", cookie, 20),
    ]


def _checked(outcome: Outcome) -> Outcome:
    if outcome.failures:
        raise Failed(f"{outcome.failures} requests failed, one of them so: {outcome.example}")
    return outcome
