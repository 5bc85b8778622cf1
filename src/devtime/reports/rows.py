"""Rows of a report: priced sums under a name, with the models they came from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from typing import Generic, TypeVar, cast

from devtime.reports.costs import ZERO_USD, Cost, Costing
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import TokenSums, UsageCell

Name = TypeVar("Name", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)
_Name = TypeVar("_Name", bound=Hashable, covariant=True)


class Amount:
    """Tokens, what they cost, and when the first and the last of them were used."""

    __slots__ = ("cost_usd", "first_ms", "is_guessed", "is_unpriced", "last_ms", "tokens")

    def __init__(self) -> None:
        self.tokens = TokenSums()
        self.cost_usd: Decimal = ZERO_USD
        self.is_unpriced = False
        """Whether some of the tokens have no known price: the cost is then too low."""
        self.is_guessed = False
        """Whether the log did not name the model of some of them."""
        self.first_ms = 0
        self.last_ms = 0

    def add(self, cell: UsageCell, cost: Cost) -> None:
        """Add a priced cell."""
        is_first = not self.tokens.events
        self.tokens.add(cell.tokens)
        self.cost_usd += cost.usd
        self.is_unpriced |= not cost.is_priced
        self.first_ms = cell.first_ms if is_first else min(self.first_ms, cell.first_ms)
        self.last_ms = max(self.last_ms, cell.last_ms)

    def join(self, other: Amount) -> None:
        """Add another amount to this one."""
        if not other.tokens.events:
            return
        self.first_ms = min(self.first_ms, other.first_ms) if self.tokens.events else other.first_ms
        self.last_ms = max(self.last_ms, other.last_ms)
        self.tokens.add(other.tokens)
        self.cost_usd += other.cost_usd
        self.is_unpriced |= other.is_unpriced
        self.is_guessed |= other.is_guessed


class Row(Amount, Generic[_Name]):
    """An amount under a name, and the models and agents it is made of."""

    __slots__ = ("agents", "models", "name")

    def __init__(self, name: _Name) -> None:  # pyright: ignore[reportGeneralTypeIssues]
        super().__init__()
        self.name: _Name = name
        self.models: dict[str, Amount] = {}
        self.agents: set[str] = set()

    def add_model(self, rate: Rate, cell: UsageCell, cost: Cost) -> None:
        """Add a priced cell of that rate, to the whole and to its model."""
        self.add(cell, cost)
        self.agents.add(rate.agent)
        label = model_label(rate)
        model = self.models.get(label)
        if model is None:
            model = self.models[label] = Amount()
        model.add(cell, cost)
        if rate.is_model_guessed:
            model.is_guessed = self.is_guessed = True

    def absorb(self, other: Row[Hashable]) -> None:
        """Add another row to this one."""
        self.join(other)
        self.agents |= other.agents
        for label, amount in other.models.items():
            self.models.setdefault(label, Amount()).join(amount)

    def renamed(self, name: Other) -> Row[Other]:
        """The same under another name (the sums are shared, not copied)."""
        row = Row(name)
        for field in Amount.__slots__:
            setattr(row, field, getattr(self, field))
        row.models, row.agents = self.models, self.agents
        return row

    @property
    def unpriced_models(self) -> list[str]:
        """Models of this row without a known price, by name."""
        return sorted(label for label, model in self.models.items() if model.is_unpriced)

    @property
    def models_by_cost(self) -> list[tuple[str, Amount]]:
        """The models, the dearest first, equals by name."""
        return sorted(self.models.items(), key=lambda item: (-item[1].cost_usd, item[0]))


def model_label(rate: Rate) -> str:
    """What the model is called in reports."""
    label = f"{rate.model}-fast" if rate.speed == "fast" and rate.agent == "claude" else rate.model
    return f"[pi] {label}" if rate.agent == "pi" and not label.startswith("[pi] ") else label


def fold(cells: Iterable[UsageCell], costing: Costing, name_of: Callable[[UsageCell, Rate], Name]) -> list[Row[Name]]:
    """One row for each name, in the order the names were met."""
    rows: dict[Name, Row[Name]] = {}
    for cell in cells:
        rate = costing.rates[cell.rate_id]
        name = name_of(cell, rate)
        row = rows.get(name)
        if row is None:
            row = rows[name] = Row(name)
        row.add_model(rate, cell, costing.cost(cell))
    return list(rows.values())


def fold_all(cells: Iterable[UsageCell], costing: Costing) -> Row[str]:
    """One row of everything; empty where there is nothing."""
    rows = fold(cells, costing, lambda _cell, _rate: "total")
    return rows[0] if rows else Row("total")


def name_parts(row: Row[Hashable]) -> tuple[str, ...]:
    """The parts of a row's name, or the name itself."""
    name: object = row.name
    return tuple(str(part) for part in cast("tuple[object, ...]", name)) if isinstance(name, tuple) else (str(name),)


def total_of(rows: Iterable[Row[Hashable]]) -> Row[str]:
    """The sum of rows."""
    total: Row[str] = Row("total")
    for row in rows:
        total.absorb(row)
    return total
