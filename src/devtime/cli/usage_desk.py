"""A usage command's question: what its options make of the books."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from devtime.cli.quick import Given
from devtime.cli.usage_books import Books
from devtime.reports.costs import COST_MODES, CostMode
from devtime.reports.periods import parse_day
from devtime.reports.rows import model_label
from devtime.wire.agents import AGENT_TOOLS, agent_of
from devtime.wire.usage_sums import Part, UsageCell, UsageQuestion

if TYPE_CHECKING:
    from devtime.wire.rates import Rate


class Desk(Books):
    """The books, and one question to be asked in parts."""

    def __init__(self, given: Given, focus: str | None) -> None:
        machines = given.texts("machine")
        is_everywhere = bool(machines) and machines != (_this_machine(),)
        super().__init__(given.text("home"), given.text("timezone"), _mode(given), is_everywhere=is_everywhere)
        self.question = _question(given, focus, self.zone, self.costing.rates.values())

    def ask(self, *parts: Part) -> list[UsageCell]:
        """The sums of what was asked for, told apart by the parts."""
        return self.ask_about(self.question, *parts)


def _this_machine() -> str:
    """What the ledger calls this machine; asked for only when machines are named, since it takes time to import."""
    from platform import node

    return os.environ.get("DEVTIME_MACHINE") or node() or "unknown"


def _mode(given: Given) -> CostMode:
    wanted = given.text("mode", "auto")
    return next(mode for mode in COST_MODES if mode == wanted)


def _question(given: Given, focus: str | None, zone: str, rates: Iterable[Rate]) -> UsageQuestion:
    agents = [name if name in AGENT_TOOLS else agent_of(name) for name in given.texts("agent")]
    return UsageQuestion(
        zone=zone,
        first_day=_day(given, "since"),
        last_day=_day(given, "until"),
        agents=(focus,) if focus else tuple(agents),
        models=tuple(name for wanted in given.texts("model") for name in _models(wanted, rates)),
        projects=given.texts("project"),
        branches=given.texts("branch"),
        machines=tuple(name for name in given.texts("machine") if name != "all"),
    )


def _day(given: Given, field: str) -> date | None:
    text = given.text(field)
    return parse_day(text, f"--{field}") if text else None


def _models(wanted: str, rates: Iterable[Rate]) -> set[str]:
    """The names that were meant: this very one, or all that hold it (`opus`)."""
    rates = list(rates)
    same = {rate.model for rate in rates if wanted in (rate.model, model_label(rate))}
    return same or {rate.model for rate in rates if wanted.casefold() in rate.model.casefold()} or {wanted}
