"""Where readers look. Apart from `reader`, so that asking whether any log changed imports nothing that takes time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Surroundings(NamedTuple):
    """Where to look: the home folder, the environment, and the platform (`linux`, `darwin`, `win32`)."""

    home: Path
    environment: Mapping[str, str]
    platform: str = "linux"
