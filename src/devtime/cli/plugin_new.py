"""`devtime plugin new` and `pack`: a plugin on the disk."""

from __future__ import annotations

import json
from pathlib import Path

from devtime.kernel.errors import Invalid
from devtime.plugins.kit.archive import ENDING, Bundle, pack
from devtime.plugins.kit.folder import lay_out, read_plugin
from devtime.plugins.kit.templates import find_template

_FIRST = {"widget": "counter", "lifecycle": "hooks"}


def make_plugin(name: str, kind: str, template: str, folder: Path, as_json: bool) -> None:
    """Lay it out and say what to do next."""
    files = lay_out(folder, find_template(template or _FIRST[kind]), name)
    if as_json:
        print(json.dumps({"folder": str(folder), "files": [path.name for path in files]}, indent=2))
        return
    print(f"{folder}: {', '.join(path.name for path in files)}")
    next_step = "test" if any(path.name.endswith(".test.js") for path in files) else "check"
    print(f"Next: cd {folder} && devtime plugin {next_step}")


def pack_plugin(place: Path, to: Path | None) -> None:
    """Write the one file."""
    plugin = read_plugin(place)
    if plugin.manifest is None or plugin.script is None:
        raise Invalid("", "\n".join(map(str, plugin.problems)))
    file = to or Path(plugin.manifest.name + ENDING)
    file.write_bytes(pack(Bundle(plugin.manifest, plugin.script)))
    print(file)
