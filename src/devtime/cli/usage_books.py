"""The books a usage command asks: the ledger brought up to date, and prices for what is in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from devtime.cli.usage_zone import choose_zone, today_in
from devtime.home.config import home_folder, read_document
from devtime.kernel.clock import now_ms
from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.ledger.ledger import open_ledger
from devtime.pricing.ccusage import find_config
from devtime.pricing.pricer import open_pricer
from devtime.readers.surroundings import Surroundings
from devtime.reports.costs import Costing, CostMode
from devtime.reports.periods import date_of
from devtime.wire.usage_sums import Part, UsageCell, UsageQuestion

if TYPE_CHECKING:
    from devtime.cli.usage_server import Server
    from devtime.ledger.outcome import Refreshed
    from devtime.wire.usage import UsageEvent


EVERY = 1 << 40
"""As many events as there are."""

_PATIENCE_S = 2.0


class Books:
    """An opened ledger. Without `wait`, answers are as of the last time while another process reads the logs."""

    def __init__(
        self, home: str, zone: str, mode: CostMode = "auto", *, wait: bool = True, is_everywhere: bool = False
    ) -> None:
        self.home = home_folder(os.environ, Path(home) if home else None)
        self.document = read_document(self.home)
        self.zone = choose_zone(zone)
        self.now_ms = now_ms()
        self.today = today_in(self.zone, self.now_ms)
        self.ledger = open_ledger(self.home)
        self.server = self._find_server() if is_everywhere else None
        self.refreshed = self._refresh(wait)
        rates = (self.server or self.ledger).rates()
        self.pricer = open_pricer(self.home, self.document, ccusage=find_config(Path.home()))
        self.costing = Costing(rates, self.pricer.cards(rates), mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ledger.close()

    @property
    def surroundings(self) -> Surroundings:
        """Where logs are looked for."""
        return Surroundings(Path.home(), os.environ, sys.platform)

    def _find_server(self) -> Server:
        from devtime.cli.usage_server import Server
        from devtime.home.config import read_api

        return Server(*read_api(self.home))

    def _refresh(self, wait: bool) -> Refreshed:
        """Read what is new; on a terminal, say so if that takes long."""
        if not wait or not sys.stderr.isatty():
            return self.ledger.refresh(self.surroundings, wait=wait)
        from threading import Timer

        note = Timer(_PATIENCE_S, lambda: print("Reading the agents' logs …", file=sys.stderr, flush=True))
        note.daemon = True
        note.start()
        try:
            return self.ledger.refresh(self.surroundings)
        finally:
            note.cancel()

    def ask_about(self, question: UsageQuestion, *parts: Part) -> list[UsageCell]:
        """The sums that answer the question, told apart by the parts."""
        asked = question._replace(parts=parts)
        if self.server is not None:
            return self.server.sums(asked, self.costing.edges)
        return self.ledger.sums(asked, self.costing.edges, self.costing.alike)

    def events_in_slot(self, question: UsageQuestion, slot: int) -> list[UsageEvent]:
        """The single events of a quarter-hour."""
        day = date_of(slot // SLOTS_PER_DAY)
        events = self.ledger.events(question._replace(zone="UTC", first_day=day, last_day=day), EVERY)
        return [event for event in events if event.time_ms // SLOT_MS == slot]
