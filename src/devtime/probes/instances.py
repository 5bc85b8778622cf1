"""Which probes run, and as whom: `[probes]` of config.toml. An instance is a plugin with its own home or variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.kinds.probe.surroundings import Surroundings

EVERY_MINUTES = (5, 15, 30, 60)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Instance(msgspec.Struct, frozen=True):
    """A plugin, run for one account. Without overrides its id is the plugin's."""

    id: str
    plugin_id: str
    name: str = ""
    home: str = ""
    environment: Mapping[str, str] = {}

    def inside(self, surroundings: Surroundings) -> Surroundings:
        """The surroundings it runs in: its own home, and variables over those of the person."""
        home = surroundings.home
        variables = {name: _expand(value, home) for name, value in self.environment.items()}
        return msgspec.structs.replace(
            surroundings,
            home=Path(_expand(self.home, home)) if self.home else home,
            environment={**surroundings.environment, **variables},
            app_folder=surroundings.app_folder / "instances" / self.id if self.is_other else surroundings.app_folder,
        )

    @property
    def is_other(self) -> bool:
        """Whether anything of it is overridden."""
        return bool(self.home or self.environment)


class _Instance(msgspec.Struct, frozen=True):
    plugin: str
    name: str = ""
    home: str = ""
    environment: dict[str, str] = {}


class ProbeSettings(msgspec.Struct, frozen=True):
    """`[probes]`: what is left out, in which order, where else plugins are, how often they run.

    `resets` is how the command line spells a reset: in how long, or when.
    """

    disabled: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    proxy: str = ""
    every_minutes: int = 15
    port: int = 6736
    resets: Literal["relative", "absolute"] = "relative"
    instances: dict[str, _Instance] = {}

    def instance_list(self, plugin_ids: list[str]) -> list[Instance]:
        """Every instance there can be, in order: those of plugins, then those that were added."""
        plain = [Instance(id, id) for id in plugin_ids if id not in self.instances]
        added = [Instance(id, one.plugin, one.name, one.home, one.environment) for id, one in self.instances.items()]
        places = {id: place for place, id in enumerate(self.order)}
        return sorted([*plain, *added], key=lambda one: (places.get(one.id, len(places)), one.plugin_id, one.id))


def read_probe_settings(document: Mapping[str, Any]) -> ProbeSettings:
    """The section; Invalid, with the key, for what it cannot say."""
    try:
        settings = msgspec.convert(document.get("probes", {}), ProbeSettings)
    except msgspec.ValidationError as error:
        raise Invalid("config.toml", f"[probes] {error}") from None
    if settings.every_minutes not in EVERY_MINUTES:
        raise Invalid("config.toml", f"[probes] every_minutes must be one of {', '.join(map(str, EVERY_MINUTES))}")
    for id in settings.instances:
        if not _ID.fullmatch(id):
            raise Invalid("config.toml", f"[probes.instances] {id!r}: letters, digits, dots, dashes, underscores only")
    return settings


def _expand(value: str, home: Path) -> str:
    if value == "~":
        return str(home)
    return str(home / value[2:]) if value.startswith("~/") else value
