"""What a probe may touch: the folders, variables, hosts and keychain items somebody said yes to."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

DEFAULT_VARIABLES = frozenset(
    {
        "CODEX_HOME",
        "CLAUDE_CONFIG_DIR",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "USER_TYPE",
        "USE_STAGING_OAUTH",
        "USE_LOCAL_OAUTH",
        "CLAUDE_CODE_CUSTOM_OAUTH_URL",
        "CLAUDE_CODE_OAUTH_CLIENT_ID",
        "CLAUDE_LOCAL_OAUTH_API_BASE",
        "ZAI_API_KEY",
        "GLM_API_KEY",
        "MINIMAX_API_KEY",
        "MINIMAX_API_TOKEN",
        "MINIMAX_CN_API_KEY",
        "SYNTHETIC_API_KEY",
        "PI_CODING_AGENT_DIR",
    }
)
"""The variables every probe of OpenUsage may read; a manifest names others under `permissions.env`."""


class Permissions(msgspec.Struct, frozen=True):
    """Sets of what may be touched; `*` in one allows all of its kind.

    `folders` are absolute paths, each with all below it, or single files. `writes` are those that may be written
    whatever was read before. `hosts` are names, with a port where it is not the usual one; `*.example.com` are
    all below.
    """

    folders: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    keychain: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()

    def __or__(self, other: Permissions) -> Permissions:
        return Permissions(*(mine | theirs for mine, theirs in zip(_sets(self), _sets(other), strict=True)))

    def __sub__(self, other: Permissions) -> Permissions:
        """What is here and not covered by the other."""
        return Permissions(
            frozenset(one for one in self.folders if not other.allows_path(one)),
            frozenset(one for one in self.writes if not other.allows_write(one)),
            frozenset(one for one in self.variables if not _has(other.variables, one)),
            frozenset(one for one in self.hosts if not other.allows_host(one)),
            frozenset(one for one in self.keychain if not _has(other.keychain, one)),
            frozenset(one for one in self.processes if not _has(other.processes, one)),
        )

    def __bool__(self) -> bool:
        return any(_sets(self))

    def allows_path(self, path: str) -> bool:
        """Whether a file or folder may be read; the path is absolute and has no `..`."""
        return _covers(self.folders | self.writes, path)

    def allows_write(self, path: str) -> bool:
        """Whether it may be written."""
        return _covers(self.writes, path)

    def allows_variable(self, name: str) -> bool:
        """Whether a variable may be read."""
        return name in DEFAULT_VARIABLES or _has(self.variables, name)

    def allows_host(self, host: str) -> bool:
        """Whether a host may be asked."""
        if _has(self.hosts, host):
            return True
        return any(one.startswith("*.") and host.endswith(one[1:]) for one in self.hosts)

    def allows_keychain(self, service: str) -> bool:
        """Whether the item of a service may be used."""
        return _has(self.keychain, service)

    def allows_process(self, name: str) -> bool:
        """Whether a program may be looked for among those that run."""
        return _has(self.processes, name)


_ALL = frozenset({"*"})

EVERYTHING = Permissions(folders=_ALL, variables=_ALL, hosts=_ALL, keychain=_ALL, processes=_ALL)
"""All there is to read. Writing is told one by one."""


def _sets(permissions: Permissions) -> tuple[frozenset[str], ...]:
    return (
        permissions.folders,
        permissions.writes,
        permissions.variables,
        permissions.hosts,
        permissions.keychain,
        permissions.processes,
    )


def _has(allowed: frozenset[str], one: str) -> bool:
    return one in allowed or "*" in allowed


def _covers(allowed: Iterable[str], path: str) -> bool:
    return any(one in ("*", path) or path.startswith(one.rstrip("/\\") + "/") for one in allowed)
