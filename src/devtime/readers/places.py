"""Where agents keep their logs: environment variables, XDG folders and comma lists. Opens no log."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devtime.readers.reader import Surroundings


def is_folder(path: Path) -> bool:
    """Whether the folder is there; False where it cannot be asked."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def existing(folders: list[Path]) -> list[Path]:
    """Those that are there, each once, in order."""
    return [folder for folder in dict.fromkeys(folders) if is_folder(folder)]


def listed(surroundings: Surroundings, variable: str) -> list[Path]:
    """The folders of a variable that lists them with commas; none when it is unset or blank. `~` is the home folder."""
    parts = (part.strip() for part in surroundings.environment.get(variable, "").split(","))
    return [_expand(part, surroundings.home) for part in parts if part]


def _expand(text: str, home: Path) -> Path:
    return home / text[2:] if text.startswith(("~/", "~\\")) else home if text == "~" else Path(text)


def data_home(surroundings: Surroundings) -> Path:
    """`$XDG_DATA_HOME`, else `~/.local/share`, on every system: the agents that use it do the same."""
    return _xdg(surroundings, "XDG_DATA_HOME", ".local/share")


def config_home(surroundings: Surroundings) -> Path:
    """`$XDG_CONFIG_HOME`, else `~/.config`."""
    return _xdg(surroundings, "XDG_CONFIG_HOME", ".config")


def application_home(surroundings: Surroundings) -> Path:
    """Where desktop programs keep theirs: `~/Library/Application Support`, `%APPDATA%` or `$XDG_CONFIG_HOME`."""
    if surroundings.platform == "darwin":
        return surroundings.home / "Library" / "Application Support"
    if surroundings.platform == "win32":
        roaming = surroundings.environment.get("APPDATA", "")
        return Path(roaming) if roaming else surroundings.home / "AppData" / "Roaming"
    return config_home(surroundings)


def _xdg(surroundings: Surroundings, variable: str, default: str) -> Path:
    text = surroundings.environment.get(variable, "")
    return Path(text) if os.path.isabs(text) else surroundings.home / default  # noqa: PTH117 -- may hold any character
