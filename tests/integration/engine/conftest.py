"""A pool of one real worker for each module."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from devtime.plugins.engine.pool import Pool
from plugin_bench import Bench


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def one(compiled: Path) -> AsyncIterator[Bench]:
    """A pool of a single worker, so that the next call meets the same one."""
    pool = Pool(compiled, workers=1)
    yield Bench(pool)
    await pool.close()
