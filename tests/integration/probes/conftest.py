"""A pool of real workers for each module, and a bench with a home of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from devtime.plugins.engine.pool import Pool
from probe_running import ProbeBench


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool(compiled: Path) -> AsyncIterator[Pool]:
    """Two workers."""
    made = Pool(compiled, workers=2, share=2, queue_s=60)
    yield made
    await made.close()


@pytest.fixture
def bench(pool: Pool, tmp_path: Path) -> ProbeBench:
    """A fresh home."""
    return ProbeBench(pool, tmp_path)
