"""What names mean inside one statement: which tables, subqueries and CTEs there are, and which columns each has.

PostgreSQL reads `x.f` as a call `f(x)` when `x` has no column `f`. So a qualified name must be a column that is known
to be there, and one alias means the same columns wherever it stands: then it does not matter which one is found.
"""

from __future__ import annotations

from collections.abc import Iterable

from devtime.plugins.sql.refusal import Refused
from devtime.plugins.sql.vocabulary import SYSTEM_COLUMNS

Columns = tuple[str, ...]


class Names:
    """The aliases of a whole statement and the references to them, judged when all aliases are known."""

    def __init__(self) -> None:
        self._columns: dict[str, frozenset[str]] = {}
        self._scalars: set[str] = set()
        self._references: list[list[str]] = []
        self._stars: list[str] = []

    def add(self, alias: str, columns: Iterable[str], *, is_scalar: bool = False) -> None:
        """Note that `alias` has these columns; a scalar one is a value by itself, too."""
        check_name(alias)
        known = frozenset(columns)
        if alias in self._columns and (self._columns[alias], alias in self._scalars) != (known, is_scalar):
            raise Refused(f'"{alias}" names two different things; give one of them another alias')
        self._columns[alias] = known
        if is_scalar:
            self._scalars.add(alias)

    def refer(self, fields: list[str]) -> None:
        """Note a reference to a column."""
        for name in fields:
            if name in SYSTEM_COLUMNS:
                raise Refused(f'the column "{name}" is not available to plugins')
        if len(fields) > 2:
            raise Refused(f'"{".".join(fields)}" has too many parts; write alias.column')
        self._references.append(fields)

    def refer_to_all(self, alias: str) -> None:
        """Note `alias.*`."""
        self._stars.append(alias)

    def judge(self) -> None:
        """Refuse the first reference that does not lead to a column."""
        every = frozenset[str]().union(*self._columns.values())
        for alias in self._stars:
            self._of(alias)
        for fields in self._references:
            if len(fields) == 2:
                if fields[1] not in self._of(fields[0]):
                    raise Refused(f'"{fields[0]}" has no column "{fields[1]}"')
            elif fields[0] in self._columns and fields[0] not in every and fields[0] not in self._scalars:
                raise Refused(f'"{fields[0]}" is a whole row; name the columns you need')

    def has(self, alias: str) -> bool:
        """Whether the alias is known so far."""
        return alias in self._columns

    def columns(self, alias: str) -> frozenset[str]:
        """The columns of a known alias."""
        return self._columns[alias]

    def _of(self, alias: str) -> frozenset[str]:
        try:
            return self._columns[alias]
        except KeyError:
            raise Refused(f'there is no "{alias}" in FROM') from None


class Ctes:
    """The CTEs a part of a statement sees; what it adds is not seen outside."""

    def __init__(self, outer: Ctes | None = None) -> None:
        self._known: dict[str, Columns] = dict(outer._known) if outer else {}
        self._own: set[str] = set()

    def add(self, name: str, columns: Columns) -> None:
        """Note one more."""
        check_name(name)
        if name in self._own:
            raise Refused(f'WITH has "{name}" twice')
        self._own.add(name)
        self._known[name] = columns

    def find(self, name: str) -> Columns | None:
        """Its columns; None when there is none of that name."""
        return self._known.get(name)


def check_name(name: str) -> None:
    """Refuse names that are PostgreSQL's own."""
    if name.lower().startswith("pg_"):
        raise Refused(f'names that begin with "pg_" are PostgreSQL\'s own; call "{name}" something else')
