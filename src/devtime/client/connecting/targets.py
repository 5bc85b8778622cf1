"""All clients that can be connected, in the order they are listed."""

from __future__ import annotations

from devtime.client.connecting import claude_code, codex
from devtime.client.connecting.shells import SHELLS
from devtime.client.connecting.target import Target
from devtime.client.connecting.vim import VIMS
from devtime.kernel.errors import NotFound

TARGETS: tuple[Target, ...] = (claude_code, codex, *VIMS, *SHELLS)


def find_target(name: str) -> Target:
    """The client of that name. NotFound lists the names."""
    for target in TARGETS:
        if name.lower() in (target.name, target.title.lower()):
            return target
    known = ", ".join(target.name for target in TARGETS)
    raise NotFound(f"DevTime cannot connect {name[:40]!r} by itself; it can connect {known}")
