"""Running one call of a lifecycle plugin, and telling what of a script can be called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import msgspec

from devtime.plugins.engine import Execution, HostCalls, Limits, NoHost, Outcome
from devtime.plugins.kinds.lifecycle.calls import INSPECT, Call, Person, make_execution
from devtime.plugins.kinds.lifecycle.host import Kv, LifecycleHost, Sql, Statement

_NOBODY = UUID(int=0)


class Runs(Protocol):
    """A pool of sandboxes."""

    async def run(self, execution: Execution, host: HostCalls | None = None, *, key: str = "") -> Outcome: ...


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a call ended. `is_found`: there was such a hook or endpoint. `value_json` is what an ok one answered.

    `met_outage`: the database or the keys were away, which is no fault of the plugin.
    """

    outcome: Outcome
    is_found: bool = True
    met_outage: bool = False
    value_json: str = "null"

    @property
    def is_ok(self) -> bool:
        """Whether it was there and came to its end."""
        return self.outcome.kind == "ok" and self.is_found

    @property
    def is_lost(self) -> bool:
        """Whether it failed for reasons that are not the plugin's."""
        return self.outcome.kind == "crashed" or (self.outcome.kind != "ok" and self.met_outage)

    @property
    def trouble(self) -> str:
        """What went wrong, in a line for the plugin's author; empty when nothing did."""
        return "" if self.outcome.kind == "ok" else describe_end(self.outcome)


class Shape(msgspec.Struct, frozen=True):
    """What of a script can be called: hooks by name, and the names of its endpoints."""

    hooks: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()

    @property
    def is_lifecycle(self) -> bool:
        """Whether there is anything."""
        return bool(self.hooks or self.endpoints)


class _Answer(msgspec.Struct, frozen=True):
    found: bool = False
    value: msgspec.Raw = msgspec.Raw(b"null")


async def run_call(
    pool: Runs,
    script: str,
    person: Person,
    call: Call,
    *,
    sql: Sql,
    kv: Kv,
    limits: Limits | None = None,
    until_s: float | None = None,
    is_dry: bool = False,
    watch: Callable[[Statement], None] | None = None,
) -> Ended:
    """Call a hook or endpoint of the script for the person. Unavailable when no sandbox is free in time.

    What a `LifecycleHost` takes is handed on to it.
    """
    limits = limits or Limits()
    execution = make_execution(script, person, call, limits)
    host = LifecycleHost(person.user_id, person.plugin, sql, kv, until_s=until_s, is_dry=is_dry, watch=watch)
    outcome = await pool.run(execution, host, key=str(person.user_id))
    if outcome.kind != "ok":
        return Ended(outcome=outcome, met_outage=host.met_outage)
    try:
        answer = msgspec.json.decode(outcome.value_json, type=_Answer)
    except msgspec.DecodeError:
        # A script that redefines how objects become JSON spoils its own answer only.
        answer = _Answer(found=True)
    return Ended(outcome=outcome, is_found=answer.found, value_json=bytes(answer.value).decode())


async def inspect_script(pool: Runs, script: str, *, key: str = "") -> Shape | Outcome:
    """What of a script can be called; its top level runs, without anything to ask. An Outcome tells why it cannot."""
    person = Person(user_id=_NOBODY, plugin="")
    execution = make_execution(script, person, Call(trigger=INSPECT), Limits(time_ms=5_000))
    outcome = await pool.run(execution, NoHost(), key=key)
    if outcome.kind != "ok":
        return outcome
    try:
        return msgspec.json.decode(outcome.value_json, type=Shape)
    except msgspec.DecodeError:
        return Shape()


def describe_end(outcome: Outcome) -> str:
    """How a run that was not ok ended, in a line."""
    failure = outcome.failure
    if outcome.kind == "thrown" and failure is not None:
        said = f"{failure.name}: {failure.message}" if failure.name else failure.message
        place = f" ({failure.file}:{failure.line}:{failure.column})" if failure.line else ""
        return f"{said}{place}"
    return _ENDS.get(outcome.kind, outcome.told or outcome.kind)


_ENDS = {
    "timeout": "it took longer than 15 seconds and was stopped",
    "memory": "it used more than 16 MB of memory",
    "stack": "it used more than 512 KB of stack",
    "deadlock": "it waits for a promise that nothing can settle",
    "limit": "it asked for too much: more than 1,000 calls, 1 MB in one call, or 4 MB of result",
}
