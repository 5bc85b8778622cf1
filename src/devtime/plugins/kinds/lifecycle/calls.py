"""What a lifecycle plugin is called with. One call is one run in a machine of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from devtime.plugins.engine import Execution, Limits
from devtime.plugins.kinds.lifecycle.host import CAPABILITIES

HOOKS = ("on_install", "on_heartbeat", "on_tick")
"""The functions DevTime calls by itself."""

INSPECT = "inspect"
"""The trigger that calls nothing, and answers what there is to call."""

_FILE = "plugin.js"
_RPC = "rpc:"


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """The heartbeat object of `on_heartbeat`. `time` is in Unix seconds, `duration` in seconds.

    `count` is how many heartbeats it stands for: more than one when many waited.
    """

    project: str = ""
    language: str = ""
    file: str = ""
    editor: str = ""
    branch: str = ""
    os: str = ""
    machine: str = ""
    duration: float = 0
    time: float = 0
    is_write: bool = False
    activity_type: str = "coding"
    count: int = 1


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whose run it is: the host goes by this, whatever the plugin says. `plugin` is the name its keys are under."""

    user_id: UUID
    plugin: str
    version: str = ""
    base_url: str = ""
    settings: Mapping[str, Any] = {}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A hook, or `rpc:NAME` for an endpoint. `heartbeat_json` goes with `on_heartbeat`, `body_json` with endpoints."""

    trigger: str
    heartbeat_json: bytes = b"null"
    body_json: bytes = b"{}"

    @property
    def endpoint(self) -> str | None:
        """The endpoint's name, None for a hook."""
        return self.trigger.removeprefix(_RPC) if self.trigger.startswith(_RPC) else None


def rpc(endpoint: str, body_json: bytes) -> Call:
    """The call of an endpoint."""
    return Call(trigger=f"{_RPC}{endpoint}", body_json=body_json)


class _Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the prelude reads."""

    trigger: str
    endpoint: str | None
    user_id: str
    plugin: Mapping[str, str]
    config: Mapping[str, str]
    settings: Mapping[str, Any]
    heartbeat: msgspec.Raw
    body: msgspec.Raw


def make_execution(script: str, person: Person, call: Call, limits: Limits) -> Execution:
    """The run of one call."""
    order = _Order(
        trigger=call.trigger,
        endpoint=call.endpoint,
        user_id=str(person.user_id),
        plugin={"name": person.plugin, "version": person.version},
        config={"base_url": person.base_url},
        settings=person.settings,
        heartbeat=msgspec.Raw(call.heartbeat_json),
        body=msgspec.Raw(call.body_json),
    )
    return Execution(
        "call",
        script=script,
        file=_FILE,
        args_json=msgspec.json.encode([order]).decode(),
        prelude=_prelude(),
        capabilities=frozenset() if call.trigger == INSPECT else CAPABILITIES,
        limits=limits,
    )


@cache
def _prelude() -> str:
    return files("devtime.plugins.kinds.lifecycle").joinpath("prelude.js").read_text("utf-8")
