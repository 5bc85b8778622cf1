"""Reading and writing `config.toml`. What a person wrote into it, comments included, stays.

A status line reads it every second: whatever only some of the functions need is imported there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from devtime.kernel.errors import Invalid

if TYPE_CHECKING:
    from devtime.kernel.settings import Settings

_FRESH = """\
# Read by every DevTime client on this machine, and by the server started here.

[api]
endpoint = ""
key = ""

# The rest is for editor clients. What the server keeps of a heartbeat is chosen on its page Settings, Privacy.
[privacy]
anonymize_file_paths = false
exclude_projects = []
exclude_file_patterns = []

[tracking]
idle_timeout_minutes = 15
heartbeat_interval_seconds = 120
"""


def home_folder(environment: Mapping[str, str], flag: Path | None = None) -> Path:
    """Where DevTime keeps its things: `--home`, then `DEVTIME_HOME`, then `~/.devtime`; absolute."""
    chosen = flag or Path(environment.get("DEVTIME_HOME") or "~/.devtime")
    return chosen.expanduser().absolute()


def config_path(home: Path) -> Path:
    """The file."""
    return home / "config.toml"


def read_document(home: Path) -> dict[str, Any]:
    """The parsed file, empty if there is none; Invalid, with the place, if it is not TOML."""
    path = config_path(home)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise _not_toml(path, error) from None
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, error) from None


def _not_toml(path: Path, error: ValueError) -> Invalid:
    return Invalid(str(path), f"is not valid TOML: {error}. Mend it or move it away.")


def load_settings(home: Path, flags: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """The settings of this process: flags, then environment, then the file, then defaults."""
    from devtime.kernel.settings import merge_settings

    return merge_settings(home, flags, environment, read_document(home))


def read_api(home: Path) -> tuple[str, str]:
    """Endpoint and key clients use; empty strings where unset."""
    section = read_document(home).get("api")
    if not isinstance(section, dict):
        return "", ""
    table = cast("dict[str, object]", section)
    return str(table.get("endpoint") or ""), str(table.get("key") or "")


def write_api(home: Path, endpoint: str, key: str) -> Path:
    """Set `[api] endpoint` and `key`, keep the rest; written whole or not at all, readable by its owner only."""
    import tomlkit

    path = config_path(home)
    document = tomlkit.parse(path.read_text("utf-8") if path.exists() else _FRESH)
    section: Any = document.setdefault("api", tomlkit.table())
    section["endpoint"] = endpoint
    section["key"] = key
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(tomlkit.dumps(document))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    return path
