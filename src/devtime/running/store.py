"""A database for as long as a command runs: that of `DATABASE_URL`, the running embedded one, or one started for it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from devtime.kernel.settings import Settings
from devtime.store.address import Address, parse_address
from devtime.store.embedded import start


@contextmanager
def lend_store(settings: Settings) -> Generator[Address]:
    """The address; an embedded server started for this is stopped afterwards. Nothing is migrated."""
    if settings.database_url:
        yield parse_address(settings.database_url)
        return
    with start(settings.home) as postgres:
        yield postgres.address
