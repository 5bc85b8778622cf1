"""What a user allows a plugin beyond what every plugin may: foreign hosts, and scopes of its token."""

from __future__ import annotations

import msgspec


class Grants(msgspec.Struct, frozen=True):
    """Hosts a plugin may reach, and scopes its token has besides reading."""

    hosts: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
