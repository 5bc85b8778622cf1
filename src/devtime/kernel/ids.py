"""Ids: random UUIDs for accounts and keys, and secrets."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4


def new_uuid() -> UUID:
    """A random (version 4) UUID."""
    return uuid4()


def new_secret() -> str:
    """A URL-safe secret of 256 bits, for links and cookies."""
    return secrets.token_urlsafe(32)
