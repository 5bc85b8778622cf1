"""What is run, what it may ask for, and how it ended. Values cross as JSON text only; nobody here reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.engine.limits import SOURCE_BYTES, Limits

ENTRY = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)
_PLACE = re.compile(r"(?:at |\()([^\s()]+):(\d{1,9}):(\d{1,9})\)?$")

Level = Literal["debug", "log", "info", "warn", "error"]
Kind = Literal["ok", "thrown", "missing", "deadlock", "timeout", "memory", "stack", "limit", "crashed"]


class Execution(msgspec.Struct, frozen=True):
    """One call into a plugin, in a VM of its own.

    A plugin is a `script`, whose top-level names are found, or `modules` by path, of which `file` is the main one.
    `foreign` are modules every plugin may import by a bare name. `entry` is a path of names such as `default.probe`;
    `args_json` is an array. `prelude` is trusted JavaScript of the kind of plugin: a function that gets the bridge
    (`args`, `call`, `callSync`, `log`, `inspect`) and answers `{globals, arguments, enter, isStrict, evaluating}`,
    each optional: names to define, what makes the entry's arguments of `args_json`, what runs instead of the entry,
    whether a script is in strict mode, and what is handed a script's evaluation to do. `capabilities` are the host
    calls it may make.
    """

    entry: str
    script: str | None = None
    modules: Mapping[str, str] | None = None
    file: str = "plugin.js"
    args_json: str = "[]"
    prelude: str = ""
    foreign: Mapping[str, str] = {}
    capabilities: frozenset[str] = frozenset()
    limits: Limits = Limits()
    is_check: bool = False

    def validate(self) -> None:
        """Raise `Invalid` for what no run can be made of."""
        if (self.script is None) == (self.modules is None):
            raise Invalid("source", "a plugin is either a script or modules")
        if self.modules is not None and self.file not in self.modules:
            raise Invalid("source", f"there is no module {self.file}")
        if any(name.startswith("<") for name in (self.file, *(self.modules or ()))):
            raise Invalid("source", "a file's name cannot begin with <")
        if not ENTRY.fullmatch(self.entry):
            raise Invalid("entry", "must be a path of names, such as default.probe")
        try:
            size = self._source_bytes()
            msgspec.json.decode(self.args_json.encode(), type=list[msgspec.Raw])
        except UnicodeEncodeError:
            raise Invalid("source", "is not valid Unicode") from None
        except msgspec.DecodeError:
            raise Invalid("arguments", "must be an array of JSON values") from None
        if size > SOURCE_BYTES:
            raise Invalid("source", f"is {size:,} bytes long; {SOURCE_BYTES:,} is the most")
        if len(self.args_json) > self.limits.message_bytes:
            raise Invalid("arguments", f"are longer than {self.limits.message_bytes:,} bytes")

    def _source_bytes(self) -> int:
        modules = self.modules or {}
        return sum(len(text.encode()) for text in (self.script or "", self.file, *modules, *modules.values()))


class Failure(msgspec.Struct, frozen=True):
    """What a plugin threw, and where. `name` is empty when it was not an Error; the place is empty when unknown."""

    name: str
    message: str
    stack: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def cut(self) -> Failure:
        """No longer than a page can show."""
        return msgspec.structs.replace(
            self, name=self.name[:100], message=self.message[:2_000], stack=self.stack[:4_000]
        )

    def placed(self) -> Failure:
        """With the place that the first frame of the stack names."""
        for frame in self.stack.splitlines():
            place = _PLACE.search(frame[:1_000])
            if place:
                return msgspec.structs.replace(self, file=place[1], line=int(place[2]), column=int(place[3]))
        return self


class LogLine(msgspec.Struct, frozen=True):
    """A line a plugin wrote."""

    level: Level
    text: str


class Outcome(msgspec.Struct, frozen=True):
    """How a run ended. `value_json` is there when it is ok, `failure` when it is thrown, `told` says the rest."""

    kind: Kind
    value_json: str = ""
    failure: Failure | None = None
    told: str = ""
    logs: tuple[LogLine, ...] = ()
    duration_ms: float = 0.0
    memory_bytes: int = 0
    host_calls: int = 0


class HostError(Exception):
    """A refusal a plugin may read: a code and a sentence that tells nothing of the inside."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class HostCalls(Protocol):
    """What a run may ask for. The one who implements it knows whose run it is; nothing the guest says decides that."""

    async def call(self, name: str, args_json: str) -> str:
        """The answer as JSON text; HostError is passed on, any other exception becomes a generic one."""
        ...


class NoHost:
    """Refuses everything: for plugins that need no host, and for checks."""

    async def call(self, name: str, args_json: str) -> str:
        """Refuse."""
        raise HostError("forbidden", f"{name} is not available here")
