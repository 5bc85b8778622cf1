"""Every page of a running server, in both themes at two widths: no barrier axe knows, nothing wider than its window."""

from __future__ import annotations

import pytest

from browsing import Windows, find_barriers
from instances import Instance, Resident, afternoon_zone
from past import make_past

OPEN_PAGES = ("/login", "/signup", "/welcome?token=used-up", "/no-such-page")
NEWCOMERS_PAGES = ("/", "/range", "/projects", "/heartbeats", "/connect", "/settings/keys", "/settings/data")
BUSY_PAGES = (
    "/", "/day/2020-02-28", "/day/2020-02-30", "/range?range=week", "/range?range=year&stack=tool&count=total",
    "/range?range=month&project=harbor-api&language=Python", "/range?project=nothing-of-it", "/projects",
    "/projects?q=nothing-of-it", "/project?name=harbor-api&range=year", "/project?name=nothing-of-it", "/heartbeats",
    "/heartbeats?range=week&project=harbor-api&page=2", "/connect", "/settings", "/settings/keys", "/settings/privacy",
    "/settings/data", "/settings/people", "/api/docs", "/no-such-page",
)  # fmt: skip


@pytest.fixture(scope="module")
def busy(instance: Instance) -> Resident:
    """An admin with some days of made-up work."""
    resident = instance.settle(zone=afternoon_zone(), role="admin")
    instance.send(resident, make_past(11, resident.zone, 4))
    return resident


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_a_page_for_strangers_is_accessible(windows: Windows, path: str) -> None:
    page = windows.open()
    page.goto(path)
    assert find_barriers(page) == []


@pytest.mark.parametrize("path", NEWCOMERS_PAGES)
def test_a_newcomers_page_is_accessible(windows: Windows, ada: Resident, path: str) -> None:
    page = windows.open(ada)
    page.goto(path)
    assert find_barriers(page) == []


@pytest.mark.parametrize("path", BUSY_PAGES)
def test_a_page_full_of_work_is_accessible(windows: Windows, busy: Resident, path: str) -> None:
    page = windows.open(busy)
    page.goto(path)
    assert find_barriers(page) == []
