"""What a path of a probe means on this machine, and which permission it takes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from devtime.plugins.engine import HostError
from devtime.plugins.kinds.probe.surroundings import Surroundings

_MAC_FOLDER = "Library/Application Support"
_SHARED = (
    "",
    ".config",
    ".local",
    ".local/share",
    ".local/state",
    ".cache",
    "Library",
    _MAC_FOLDER,
    "AppData",
    "AppData/Roaming",
    "AppData/Local",
)
"""Folders of the home that many programs share: of these a permission is for one thing in them, never for all."""


class Places:
    """Paths as a plugin writes them, in the surroundings of one run."""

    def __init__(self, surroundings: Surroundings, data_folder: Path) -> None:
        self._home = os.path.normpath(surroundings.home)
        self._platform = surroundings.platform
        self._environment = surroundings.environment
        self._data = os.path.normpath(data_folder)
        self._real_data = os.path.realpath(data_folder)

    def find(self, path: str) -> str:
        """The absolute path: `~` is the home, and another system's place for programs' files is this one's."""
        if "\0" in path:
            raise HostError("invalid", "a path cannot hold a NUL character")
        if path == "~" or path.startswith("~/") or (self._platform == "win32" and path.startswith("~\\")):
            path = self._home + path[1:]
        full = os.path.normpath(os.path.join(self._data, path))  # noqa: PTH118 -- text in, text out
        mac = os.path.join(self._home, *_MAC_FOLDER.split("/"))  # noqa: PTH118
        if self._platform != "darwin" and full.startswith(mac + os.sep) and not os.path.lexists(full):
            return os.path.join(self._programs(), full[len(mac) + 1 :])  # noqa: PTH118
        return full

    def _programs(self) -> str:
        if self._platform == "win32":
            return self._environment.get("APPDATA") or os.path.join(self._home, "AppData", "Roaming")  # noqa: PTH118
        return os.path.join(self._home, ".config")  # noqa: PTH118

    def is_own(self, path: str) -> bool:
        """Whether it is in the plugin's own folder, links followed."""
        real = os.path.realpath(path)
        return _is_below(path, self._data) and (_is_below(real, self._data) or _is_below(real, self._real_data))

    def is_granted(self, path: str, allows: Callable[[str], bool]) -> bool:
        """Whether a permission covers the path and what it leads to, links followed."""
        if not allows(path):
            return False
        real = os.path.realpath(path)
        return real == path or allows(real) or self._is_of_same_name(path, real)

    def _is_of_same_name(self, path: str, real: str) -> bool:
        """Whether only folders above the home are links, as `/tmp` on macOS."""
        home = os.path.realpath(self._home)
        return _is_below(path, self._home) and real == home + path[len(self._home) :]

    def shown(self, path: str) -> str:
        """As people read it: with `~`."""
        return shown(path, self._home)


def shown(path: str, home: str) -> str:
    """A path with `~` for the home."""
    if path == home:
        return "~"
    return f"~{path[len(home) :]}" if path.startswith(home.rstrip("/\\") + os.sep) else path


def permission_for(path: str, home: str) -> str:
    """The folder to ask for so that a file may be read: its own, unless that is one many programs share."""
    folder = os.path.dirname(path)  # noqa: PTH120 -- text in, text out
    shared = {os.path.normpath(os.path.join(home, *name.split("/"))) for name in _SHARED}  # noqa: PTH118
    if folder in shared or len(Path(folder).parts) <= 2 or _is_below(home, folder):
        return path
    return folder


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/\\") + os.sep)
