"""The probe plugins of this machine: those that came with DevTime, those of the person's folders, one at a path."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

import devtime.plugins
from devtime.kernel.errors import Invalid
from devtime.plugins.kinds.probe.manifest import MANIFEST, ProbePlugin, load_probe

_BUILTIN = Path(devtime.plugins.__file__).parent / "builtin" / "probes"
_RETIRED = {"windsurf"}


class Trouble(msgspec.Struct, frozen=True):
    """A folder that holds no plugin that can be run, and why."""

    folder: Path
    told: str


class Found(msgspec.Struct, frozen=True):
    """Plugins by id, and what could not be loaded."""

    plugins: dict[str, ProbePlugin]
    troubles: tuple[Trouble, ...] = ()


def plugins_folder(home: Path) -> Path:
    """Where a person puts the folders of plugins: `~/.devtime/plugins/probes`."""
    return home / "plugins" / "probes"


def find_probes(home: Path, more: Iterable[Path] = ()) -> Found:
    """Every plugin, by id. Of two with one id that of DevTime counts, else the first; the other is told."""
    plugins: dict[str, ProbePlugin] = {}
    troubles: list[Trouble] = []
    for root in (_BUILTIN, plugins_folder(home), *more):
        for folder in _folders(root):
            try:
                plugin = load_probe(folder, is_first_party=root == _BUILTIN)
            except Invalid as error:
                troubles.append(Trouble(folder, str(error)))
                continue
            if plugin.id in _RETIRED:
                continue
            other = plugins.get(plugin.id)
            if other is not None:
                troubles.append(Trouble(folder, f"the id {plugin.id!r} is taken by {other.folder}"))
                continue
            plugins[plugin.id] = plugin
    return Found(dict(sorted(plugins.items())), tuple(troubles))


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(folder for folder in root.iterdir() if (folder / MANIFEST).exists())
    except OSError:
        return []
