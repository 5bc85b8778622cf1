"""What a stranger's plugin wants: by its manifest, by a dry run in which everything is refused, and by its text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.host.places import Places, permission_for, shown
from devtime.plugins.kinds.probe.host.requests import host_of
from devtime.plugins.kinds.probe.manifest import ProbePlugin
from devtime.plugins.kinds.probe.permissions import DEFAULT_VARIABLES, EVERYTHING, Permissions
from devtime.plugins.kinds.probe.run import probe
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.plugins.kinds.probe.surroundings import Surroundings
from devtime.plugins.kinds.probe.touches import Touch

_HOST = re.compile(r"""["'`](https?://[A-Za-z0-9.-]+(?::\d+)?)(?=[/"'`?#]|$)""")
_PATH = re.compile(r"""["'`](~/[^"'`\n$]{1,200})["'`]""")
_KEYCHAIN = re.compile(r"""GenericPassword(?:ForCurrentUser)?\(\s*["'`]([^"'`\n]{1,200})["'`]""")
_VARIABLE = re.compile(r"""env\.get\(\s*["'`]([A-Za-z_][A-Za-z0-9_]{0,99})["'`]""")


async def wishes_of(plugin: ProbePlugin, surroundings: Surroundings, pool: Pool) -> tuple[Permissions, Snapshot]:
    """Everything it is known to want, paths with `~`, and the dry run."""
    dry = await probe(plugin, surroundings, pool, permissions=Permissions())
    named = named_in(plugin.script, surroundings)
    return plugin.permissions | named | asked_in(dry.touches, surroundings), dry


def asked_in(touches: Iterable[Touch], surroundings: Surroundings) -> Permissions:
    """The permissions for what a run was refused."""
    home = os.path.normpath(surroundings.home)
    folders, writes, variables, hosts, keychain, processes = (set[str]() for _ in range(6))
    for touch in touches:
        if not touch.is_refused:
            continue
        match touch.act:
            case "read" | "look":
                folders.add(shown(permission_for(touch.what, home), home))
            case "list":
                folders.add(shown(touch.what, home))
            case "write":
                writes.add(shown(touch.what, home))
            case "variable":
                variables.add(touch.what)
            case "request":
                hosts.add(touch.what)
            case "keychain":
                keychain.add(touch.what)
            case "process":
                processes.add(touch.what)
            case "usage":
                pass
    return Permissions(*map(frozenset, (folders, writes, variables, hosts, keychain, processes)))


def named_in(script: str, surroundings: Surroundings) -> Permissions:
    """The addresses, paths, variables and keychain items that are written in a script."""
    home = os.path.normpath(surroundings.home)
    places = Places(surroundings, Path(home))
    paths = {shown(permission_for(places.find(path.rstrip("/")), home), home) for path in _PATH.findall(script)}
    return Permissions(
        folders=frozenset(path for path in paths if path != "~"),
        variables=frozenset(_VARIABLE.findall(script)) - DEFAULT_VARIABLES,
        hosts=frozenset(host_of(origin) for origin in origins_in(script)),
        keychain=frozenset(_KEYCHAIN.findall(script)),
    )


def origins_in(script: str) -> list[str]:
    """The origins of the addresses written in a script."""
    return _HOST.findall(script)


def expand(permissions: Permissions, home: Path) -> Permissions:
    """The same with absolute paths."""

    def full(paths: frozenset[str]) -> frozenset[str]:
        return frozenset(
            os.path.normpath(os.path.join(home, path[2:])) if path.startswith("~/") else path  # noqa: PTH118
            for path in paths
        )

    return msgspec.structs.replace(permissions, folders=full(permissions.folders), writes=full(permissions.writes))


def all_but_writing(plugin: ProbePlugin) -> Permissions:
    """What a plugin that came with DevTime may do, and any for one run that was said yes to."""
    return msgspec.structs.replace(EVERYTHING, writes=plugin.permissions.writes)


def describe(permissions: Permissions) -> list[tuple[str, list[str]]]:
    """For people: what kind of thing, and which."""
    kinds = (
        ("read files in", permissions.folders),
        ("write files", permissions.writes),
        ("read the variables", permissions.variables),
        ("ask the servers", permissions.hosts),
        ("use the keychain items", permissions.keychain),
        ("look for the running programs", permissions.processes),
    )
    return [(title, sorted(things)) for title, things in kinds if things]
