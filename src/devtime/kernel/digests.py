"""Stable 64-bit digests for things named by their content."""

from __future__ import annotations

from collections.abc import Iterable

try:
    from _blake2 import blake2b  # what hashlib hands out, without its other families, which take 4 ms to import
except ImportError:
    from hashlib import blake2b


def digest64(kind: bytes, parts: Iterable[str]) -> int:
    """A signed 64-bit BLAKE2b digest of the parts; `kind` (16 bytes at most) keeps the families apart.

    The parts are length-prefixed, so no two different lists of parts share an encoding.
    """
    state = blake2b(digest_size=8, person=kind)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        state.update(len(encoded).to_bytes(4, "little"))
        state.update(encoded)
    return int.from_bytes(state.digest(), "little", signed=True)
