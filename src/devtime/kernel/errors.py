"""The tree of errors DevTime raises on purpose. Doors (HTTP, CLI) translate them, and nothing in between hides one."""

from __future__ import annotations


class DevTimeError(Exception):
    """Something a person can act on. `str(error)` says what is wrong and what to do."""


class Invalid(DevTimeError):
    """Input that cannot be accepted: which field, and why in plain words (never echoes a secret)."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class Unauthenticated(DevTimeError):
    """No credentials, or credentials that are wrong, expired or revoked."""


class Forbidden(DevTimeError):
    """Known who it is, not allowed to do this."""


class NotFound(DevTimeError):
    """The thing does not exist, or not for this user."""


class Conflict(DevTimeError):
    """It exists already, or changed meanwhile."""


class TooMany(DevTimeError):
    """A rate limit was reached."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(DevTimeError):
    """A part DevTime needs (database, binary) is missing or down; the message says what to do."""
