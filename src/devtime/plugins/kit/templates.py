"""The plugins to start from, in `templates/`: one folder each, written and tested as an author would."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from devtime.kernel.errors import NotFound
from devtime.plugins.kit.manifest import Manifest, read_manifest
from devtime.plugins.kit.shape import PluginType

_FOLDER = Path(__file__).parent / "templates"
DECLARATIONS = Path(__file__).parent / "types" / "devtime-plugin.d.ts"


class Template(msgspec.Struct, frozen=True):
    """One of them. `test` is empty where nothing of it runs on the server."""

    id: str
    title: str
    about: str
    manifest: Manifest
    script: str
    test: str = ""
    trigger: str = "widget"
    """What to run it with first."""

    @property
    def plugin_type(self) -> PluginType:
        """Its type, which every template tells."""
        return self.manifest.plugin_type or "widget"


_TEMPLATES = (
    ("counter", "Widget: a number", "Reads the API and shows one figure", "widget"),
    ("bars", "Widget: a chart", "Bars of a week, from the shared components", "widget"),
    ("hooks", "Lifecycle: hooks", "on_install, on_heartbeat and on_tick, with SQL and keys", "on_heartbeat"),
    ("rpc", "Lifecycle: endpoints", "Answers requests of widgets and scripts", "rpc"),
    ("streak", "Lifecycle: a streak", "Keeps a count over days, with an endpoint", "on_tick"),
    ("typed", "Lifecycle: TypeScript", "The same with types", "rpc"),
)


@lru_cache(maxsize=1)
def list_templates() -> tuple[Template, ...]:
    """All of them, the first to start with."""
    return tuple(_read(*each) for each in _TEMPLATES)


def find_template(name: str) -> Template:
    """The one of that name; NotFound tells which there are."""
    for template in list_templates():
        if template.id == name:
            return template
    raise NotFound(f"there is no template {name}; there are {', '.join(each.id for each in list_templates())}")


def _read(name: str, title: str, about: str, trigger: str) -> Template:
    folder = _FOLDER / name
    manifest, problems = read_manifest((folder / "plugin.json").read_text("utf-8"))
    if manifest is None or problems:
        raise ValueError(f"template {name}: {problems}")
    test = folder / "plugin.test.js"
    return Template(
        id=name,
        title=title,
        about=about,
        manifest=manifest,
        script=(folder / manifest.main).read_text("utf-8"),
        test=test.read_text("utf-8") if test.is_file() else "",
        trigger=trigger,
    )
