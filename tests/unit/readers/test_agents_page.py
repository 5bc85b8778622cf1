"""The page about agents' logs names every agent that is read and every variable that says where its logs lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from devtime.readers.reader import Reader, Surroundings
from devtime.readers.registry import READERS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "agents.md").read_text("utf-8")
ROWS = {row.split("|")[1].strip(): row for row in PAGE.splitlines() if row.startswith("| ")}


class _Asked(Mapping[str, str]):
    """An empty environment that notes what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: f"{reader.agent}-{reader.shape}")
def test_the_page_tells_where_an_agents_logs_lie(reader: Reader, tmp_path: Path) -> None:
    asked = _Asked()
    reader.find_roots(Surroundings(tmp_path, asked))
    assert [name for name in sorted(asked.names) if f"`{name}`" not in ROWS[reader.title]] == []
