"""The order of the tests, whatever their folder's name: what fails fastest and says most comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

_ORDER = ("meta", "unit", "integration", "contract", "acceptance")
_TESTS = Path(__file__).parent / "tests"


def _rank(item: pytest.Item) -> int:
    try:
        folder = item.path.relative_to(_TESTS).parts[0]
    except ValueError:
        return len(_ORDER)
    return _ORDER.index(folder) if folder in _ORDER else len(_ORDER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by folder; inside a folder the order of the files stays."""
    items.sort(key=_rank)
