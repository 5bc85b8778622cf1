"""One server for all browser tests of a process, one Chromium a module, and windows that must not complain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browsing import Windows, chromium
from database import TestServer
from instances import Instance, Resident, afternoon_zone, run_fresh


@pytest.fixture(scope="session")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The running DevTime."""
    with run_fresh(test_server, tmp_path_factory.mktemp("instance")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(instance: Instance) -> Iterator[Browser]:
    """Chromium, for one module: while it runs, the tests' thread cannot run another event loop."""
    with chromium() as running:
        yield running


@pytest.fixture
def windows(browser: Browser, instance: Instance) -> Iterator[Windows]:
    """What opens windows; afterwards neither a page nor the server may have complained."""
    opened = Windows(browser, instance)
    yield opened
    opened.close()
    assert opened.complaints == []
    assert instance.complaints() == ""


@pytest.fixture
def ada(instance: Instance) -> Resident:
    """A newcomer, for whom it is afternoon."""
    return instance.settle(zone=afternoon_zone())
