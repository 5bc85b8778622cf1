"""What a script looks like from outside: its hooks, its endpoints, and so what type of plugin it is. Nothing runs."""

from __future__ import annotations

import re
from typing import Literal

PluginType = Literal["widget", "lifecycle"]

HOOKS = ("on_install", "on_heartbeat", "on_tick")
"""The names under which a lifecycle plugin is called."""

_COMMENT_OR_TEXT = re.compile(
    r"/\*.*?\*/|//[^\n]*|`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL
)
_TOP = r"(?:^|[;}])[ \t]*(?:export\s+)?"
_FUNCTION = re.compile(_TOP + r"(?:async\s+)?function\s+(on_[a-z_]+)\b", re.MULTILINE)
_VALUE = re.compile(_TOP + r"(?:const|let|var)\s+(on_[a-z_]+|endpoints)\b", re.MULTILINE)


def blank_texts(script: str) -> str:
    """The script with comments and texts blanked out, every character in its place."""
    return _COMMENT_OR_TEXT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), script)


def find_hooks(script: str) -> list[str]:
    """The `on_…` functions it defines, misspelled ones too, in their order."""
    code = blank_texts(script)
    found = [*_FUNCTION.finditer(code), *_VALUE.finditer(code)]
    names = [match[1] for match in sorted(found, key=lambda match: match.start())]
    return [name for name in dict.fromkeys(names) if name != "endpoints"]


def has_endpoints(script: str) -> bool:
    """Whether it declares `endpoints`."""
    return any(match[1] == "endpoints" for match in _VALUE.finditer(blank_texts(script)))


def infer_type(script: str) -> PluginType:
    """`lifecycle` for a script with hooks or endpoints, else `widget`."""
    is_lifecycle = has_endpoints(script) or any(name in HOOKS for name in find_hooks(script))
    return "lifecycle" if is_lifecycle else "widget"
