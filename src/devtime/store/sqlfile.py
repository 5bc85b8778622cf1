"""Named queries in `.sql` files: a line `-- name --` begins the query of that name."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- (\w+) --$", re.MULTILINE)


class Queries:
    """The queries of one file, looked up by name: `queries["fetch_user"]`."""

    def __init__(self, text: str, source: str) -> None:
        parts = _NAME.split(text)
        self._source = source
        self._by_name = {name: sql.strip() for name, sql in zip(parts[1::2], parts[2::2], strict=True)}

    def __getitem__(self, name: str) -> str:
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"no query named {name} in {self._source}") from None

    def names(self) -> list[str]:
        """All names in the file, in its order."""
        return list(self._by_name)


@cache
def load(package: str, filename: str = "queries.sql") -> Queries:
    """The queries of `filename` inside the package, read once."""
    return Queries(files(package).joinpath(filename).read_text("utf-8"), f"{package}/{filename}")
