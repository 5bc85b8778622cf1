"""What handlers are handed: everything that lives as long as the process. Made by whoever wires it together."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from devtime.accounts.passwords import Passwords
from devtime.activity.ingest import Ingest
from devtime.kernel.clock import Clock, now_ms
from devtime.kernel.settings import Settings
from devtime.server.identities import Identities
from devtime.server.limits import Limits
from devtime.server.live import Live
from devtime.server.plugins import Plugins
from devtime.server.prices import PriceBook
from devtime.stats.tally import Tallies
from devtime.stats.usage_costs import UsageBook
from devtime.store.database import Database


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of a running server; handlers name them `parts: NamedDependency[Parts]`."""

    settings: Settings
    database: Database
    ingest: Ingest
    identities: Identities
    live: Live
    limits: Limits
    plugins: Plugins
    passwords: Passwords = field(default_factory=Passwords)
    clock: Clock = now_ms

    @cached_property
    def tallies(self) -> Tallies:
        """Sums of time, with what is remembered between questions."""
        return Tallies(self.database)

    @cached_property
    def prices(self) -> PriceBook:
        """What AI models cost."""
        return PriceBook(self.settings.home, self.clock)

    @cached_property
    def usage(self) -> UsageBook:
        """Sums of AI usage with their costs."""
        return UsageBook(self.database, self.prices.cards)
