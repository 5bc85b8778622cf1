"""What authors of plugins are told of PostgreSQL's errors."""

from __future__ import annotations

import asyncpg
import pytest

from devtime.store.plugin_errors import explain


@pytest.mark.parametrize(
    "error",
    [asyncpg.QueryCanceledError("x"), asyncpg.TransactionTimeoutError("x"), TimeoutError()],
    ids=["statement", "transaction", "ours"],
)
def test_whichever_clock_ran_out_the_statement_took_too_long(error: Exception) -> None:
    assert "took longer than 2 s" in str(explain(error, 2_000))
