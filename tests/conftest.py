"""Fixtures every test may use: a real PostgreSQL, with a fresh database for each test that asks."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import database
from devtime.kernel.errors import Unavailable
from devtime.store.address import Address
from engine_forms import compiled_engine


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run in the main process; xdist's workers find it by the environment."""
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = database.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started."""
    run = config.stash.get(_RUN, None)
    if run is not None:
        database.end_run(run)
        os.environ.pop(database.RUN_VARIABLE, None)


@pytest.fixture(scope="session")
def test_server() -> database.TestServer:
    """The PostgreSQL of this run; `superuser` is its address with all rights."""
    return database.find_server()


@pytest_asyncio.fixture
async def database_address(test_server: database.TestServer) -> AsyncIterator[Address]:
    """A fresh, migrated database of this test's own, seen as DevTime's own role sees it."""
    address = await test_server.create_database()
    yield address
    await test_server.drop_database(address)


@pytest_asyncio.fixture
async def empty_database_address(test_server: database.TestServer) -> AsyncIterator[Address]:
    """A fresh database without a schema, for tests of migrating itself."""
    address = await test_server.create_database(is_migrated=False)
    yield address
    await test_server.drop_database(address)


@pytest.fixture(scope="session")
def compiled() -> Path:
    """A folder with the compiled programs, which the processes of a run share."""
    try:
        return compiled_engine()
    except Unavailable as error:
        pytest.skip(str(error))


_RUN = pytest.StashKey[Path]()
