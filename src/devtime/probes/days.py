"""`ccusage.query` for probes: days of tokens and costs from this machine's own ledger, in ccusage's words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import copy
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

from devtime.home.config import read_document
from devtime.kernel.clock import now_ms, to_datetime
from devtime.kernel.zones import find_zone
from devtime.ledger.ledger import open_ledger
from devtime.pricing.ccusage import find_config
from devtime.pricing.pricer import open_pricer
from devtime.readers.registry import READERS
from devtime.readers.surroundings import Surroundings
from devtime.reports.ccusage_shapes import codex_row, focused_periods
from devtime.reports.costs import Costing
from devtime.reports.folding import period_rows
from devtime.wire.usage_sums import UsageQuestion

_DAYS = 31
_VARIABLES = {"claude": "CLAUDE_CONFIG_DIR", "codex": "CODEX_HOME"}
_FAILED = {"status": "runner_failed"}


class LedgerDays:
    """Answers from the ledger of `devtime_home`; for another folder of logs from a ledger beside it.

    As with ccusage's runners, one question about a provider's logs is under way at a time; another is told it failed.
    """

    def __init__(self, devtime_home: Path, surroundings: Surroundings, zone: str) -> None:
        self._home = devtime_home
        self._own = surroundings
        self._surroundings = surroundings
        self._zone = zone
        self._under_way: set[tuple[str, Path]] = set()
        self._lock = Lock()

    def of_account(self, home: Path, environment: Mapping[str, str]) -> LedgerDays:
        """The same for another account of this person: its logs are where its home and variables say."""
        other = copy(self)
        other._surroundings = self._surroundings._replace(home=home, environment=environment)
        return other

    def __call__(self, provider: str, since: str | None, until: str | None, home: str | None) -> Mapping[str, object]:
        """`{status: "ok", data: {daily}}`, the newest day first; the last 31 days unless `since` says otherwise."""
        surroundings = self._surroundings
        if home is not None:
            if "," in home:  # to readers, another folder: one that nobody granted
                return _FAILED
            environment = {**surroundings.environment, _VARIABLES[provider]: home}
            surroundings = surroundings._replace(environment=environment)
        under_way = (provider, self._ledger_home(provider, surroundings))
        with self._lock:
            if under_way in self._under_way:
                return _FAILED
            self._under_way.add(under_way)
        try:
            return {"status": "ok", "data": {"daily": self._daily(*under_way, surroundings, since, until)}}
        finally:
            with self._lock:
                self._under_way.remove(under_way)

    def _ledger_home(self, provider: str, surroundings: Surroundings) -> Path:
        places = [(each.home, each.environment.get(_VARIABLES[provider], "")) for each in (self._own, surroundings)]
        if places[0] == places[1]:
            return self._home
        digest = hashlib.sha256("\0".join([provider, *map(str, places[1])]).encode("utf-8", "surrogateescape"))
        return self._home / "probes" / "usage" / digest.hexdigest()[:16]

    def _daily(
        self, provider: str, ledger_home: Path, surroundings: Surroundings, since: str | None, until: str | None
    ) -> list[dict[str, object]]:
        today = to_datetime(now_ms()).astimezone(find_zone(self._zone)).date()
        question = UsageQuestion(
            zone=self._zone,
            first_day=date.fromisoformat(since) if since else today - timedelta(days=_DAYS - 1),
            last_day=date.fromisoformat(until) if until else None,
            agents=(provider,),
            parts=("day",),
        )
        readers = None if ledger_home == self._home else [reader for reader in READERS if reader.agent == provider]
        with open_ledger(ledger_home) as ledger:
            ledger.refresh(surroundings, readers)
            rates = ledger.rates()
            pricer = open_pricer(self._home, read_document(self._home), ccusage=find_config(surroundings.home))
            costing = Costing(rates, pricer.cards(rates), "auto")
            cells = ledger.sums(question, costing.edges, costing.alike)
        rows = period_rows(cells, costing, "daily", 0)[::-1]
        return [codex_row(row, date=row.name) for row in rows] if provider == "codex" else focused_periods(rows, "date")
