"""At which speed Codex was told to work: what a log records, else what the `config.toml` beside the logs says now."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from devtime.readers.fields import fields_of
from devtime.readers.reader import LogFile

SESSION_FOLDERS = ("sessions", "archived_sessions")
"""Below `CODEX_HOME`; the first holds the copy that counts."""

_LARGEST_CONFIG = 1_000_000


class Tier(NamedTuple):
    """How a request was served, as prices tell it apart."""

    speed: str = ""
    tier: str = ""


_TIERS = {
    "default": Tier(),
    "standard": Tier(),
    "fast": Tier(speed="fast"),
    "priority": Tier(speed="fast"),
    "flex": Tier(tier="flex"),
}


def tier_named(name: object) -> Tier | None:
    """The tier; None for a name nobody knows, which says that what was known no longer holds."""
    return _TIERS.get(name) if isinstance(name, str) else None


def configured_tier(file: LogFile) -> Tier:
    """What the `config.toml` of the log's `CODEX_HOME` says; the standard one where it says nothing."""
    path = root_of(file)
    if path.name in SESSION_FOLDERS:
        path = path.parent
    path = path / "config.toml"
    try:
        status = path.stat()
    except (OSError, ValueError):
        return Tier()
    return _read_config(path, status.st_mtime_ns) if status.st_size <= _LARGEST_CONFIG else Tier()


def root_of(file: LogFile) -> Path:
    """The root the log was found below."""
    parents = file.path.parents
    depth = file.relative.count("/")
    return parents[depth] if depth < len(parents) else file.path


@lru_cache(maxsize=16)
def _read_config(path: Path, _: int) -> Tier:
    try:
        config: dict[str, object] = tomllib.loads(path.read_bytes().decode("utf-8", "replace"))
    except (OSError, ValueError, RecursionError):
        return Tier()
    name = config.get("profile")
    profile = fields_of(fields_of(config.get("profiles")).get(name) if isinstance(name, str) else None)
    return tier_named(profile.get("service_tier", config.get("service_tier"))) or Tier()
