"""A pool of one real worker for each module, and the compiled programs for all."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine.artifacts import read_guest
from devtime.plugins.engine.pool import Pool
from devtime.plugins.engine.preparing import prepare
from plugin_bench import Bench


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled programs, which the processes of a run share."""
    try:
        read_guest()
    except Unavailable as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.getbasetemp().parent / "engine"
    with (folder.parent / "engine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asyncio.run(prepare(folder))
    return folder


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def one(compiled: Path) -> AsyncIterator[Bench]:
    """A pool of a single worker, so that the next call meets the same one."""
    pool = Pool(compiled, workers=1)
    yield Bench(pool)
    await pool.close()
