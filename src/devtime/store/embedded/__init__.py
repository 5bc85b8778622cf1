"""PostgreSQL run by DevTime itself: made on first start, owned by one process, found by others, upgraded when needed.

How and why: docs/decisions/0002-embedded-postgresql.md. Schema and queries are no business of this package.
"""

from devtime.store.address import Address
from devtime.store.embedded.running import Running
from devtime.store.embedded.supervisor import attach, find, start

__all__ = ["Address", "Running", "attach", "find", "start"]
