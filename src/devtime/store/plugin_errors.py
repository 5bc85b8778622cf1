"""PostgreSQL's errors in words for authors of plugins: what went wrong, never how anything is stored."""

from __future__ import annotations

import re

import asyncpg

from devtime.kernel.errors import Invalid, Unavailable

_OURS = re.compile(r"\b(?:devtime|plugin_api)\.")
_TELLING = (
    asyncpg.SyntaxOrAccessError,
    asyncpg.DataError,
)
"""Errors whose message is about the statement itself: a column that is not there, a number that is none."""

_LATE = (
    asyncpg.QueryCanceledError,
    asyncpg.TransactionTimeoutError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    TimeoutError,
)
"""The server's three clocks, and our own."""


def explain(error: Exception, time_ms: int) -> Invalid | Unavailable:
    """The error to raise instead."""
    if isinstance(error, _LATE):
        return Invalid("", f"the statement took longer than {time_ms / 1_000:g} s and was stopped")
    if isinstance(error, asyncpg.OutOfMemoryError | asyncpg.ProgramLimitExceededError):
        return Invalid("", "the statement needs more memory than it may have")
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return Invalid("", "this is not allowed: plugins read and write their user's own rows of the documented tables")
    if isinstance(error, asyncpg.LockNotAvailableError):
        return Invalid("", "the rows are being changed by somebody else; try again")
    if isinstance(error, asyncpg.UniqueViolationError):
        return Invalid("", "there is such a row already; settle it with ON CONFLICT")
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return Invalid("", "the row refers to something that is not there")
    if isinstance(error, asyncpg.NotNullViolationError):
        return Invalid("", "a column that needs a value has none")
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return Invalid("", "the row breaks a rule of its table: a value is too long or not one of those allowed")
    if isinstance(error, asyncpg.InvalidTextRepresentationError) and "devtime: row too large" in str(error):
        return Invalid("", "a row of the answer is too large; ask for less of it")
    if isinstance(error, _TELLING):
        return Invalid("", _OURS.sub("", str(error).splitlines()[0]))
    if isinstance(error, asyncpg.InsufficientResourcesError):
        return Invalid("", "the statement needs more room than it may have")
    if isinstance(error, asyncpg.InterfaceError | ValueError):
        return Invalid("", f"a parameter does not fit: {_OURS.sub('', str(error).splitlines()[0])}")
    if isinstance(error, OSError | asyncpg.PostgresConnectionError | asyncpg.OperatorInterventionError):
        return Unavailable("the database is not there right now; try again soon")
    return Invalid("", "the database refused the statement")
