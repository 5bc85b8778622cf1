"""`ccusage.query` for probes: days of tokens and costs from this machine's own ledger, in ccusage's words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from devtime.home.config import read_document
from devtime.kernel.clock import now_ms, to_datetime
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


class LedgerDays:
    """Answers from the ledger of `devtime_home`; for another folder of logs from a ledger beside it."""

    def __init__(self, devtime_home: Path, surroundings: Surroundings, zone: str) -> None:
        self._home = devtime_home
        self._surroundings = surroundings
        self._zone = zone

    def __call__(self, provider: str, since: str | None, until: str | None, home: str | None) -> Mapping[str, object]:
        """`{status: "ok", data: {daily}}`, the newest day first; the last 31 days unless `since` says otherwise."""
        today = to_datetime(now_ms()).astimezone().date()
        question = UsageQuestion(
            zone=self._zone,
            first_day=date.fromisoformat(since) if since else today - timedelta(days=_DAYS - 1),
            last_day=date.fromisoformat(until) if until else None,
            agents=(provider,),
            parts=("day",),
        )
        surroundings, ledger_home = self._surroundings, self._home
        if home is not None:
            variable = _VARIABLES[provider]
            environment = {**surroundings.environment, variable: home}
            surroundings = surroundings._replace(environment=environment)
            ledger_home = (
                self._home / "probes" / "usage" / hashlib.sha256(f"{provider} {home}".encode()).hexdigest()[:16]
            )
        readers = [reader for reader in READERS if reader.agent == provider] if home is not None else None
        with open_ledger(ledger_home) as ledger:
            ledger.refresh(surroundings, readers)
            rates = ledger.rates()
            pricer = open_pricer(self._home, read_document(self._home), ccusage=find_config(surroundings.home))
            costing = Costing(rates, pricer.cards(rates), "auto")
            cells = ledger.sums(question, costing.edges, costing.alike)
        rows = period_rows(cells, costing, "daily", 0)[::-1]
        if provider == "codex":
            daily = [codex_row(row, date=row.name) for row in rows]
        else:
            daily = focused_periods(rows, "date")
        return {"status": "ok", "data": {"daily": daily}}
