"""Digests of secrets that are random already: enough to find them again, not enough to use them."""

from __future__ import annotations

from hashlib import sha256


def digest_secret(secret: str) -> bytes:
    """SHA-256 of a secret of 122 bits or more. Never for passwords: those a person chose."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
