"""Claude Code: hooks in `settings.json` of its configuration folder."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any, cast

from devtime.client.connecting.edits import Edit, read_file
from devtime.client.connecting.target import Here
from devtime.client.hooks.claude_code import EVENTS
from devtime.kernel.errors import Invalid
from devtime.readers.places import listed

_OURS = re.compile(r"devtime(\.exe)?['\"]?\s+hook\s+claude-code\s*$")
_OF_TOOLS = frozenset({"PreToolUse", "PostToolUse"})
_TIMEOUT_S = 10

name = "claude-code"
title = "Claude Code"
after = "Sessions that are open take it up when they are started anew."


def is_here(here: Here) -> bool:
    """Whether one of its folders is there."""
    return any(folder.is_dir() for folder in _folders(here))


def edits(here: Here) -> list[Edit]:
    """One file a folder that is there, or the first folder's."""
    folders = _folders(here)
    chosen = [folder for folder in folders if folder.is_dir()] or folders[:1]
    command = f"{shlex.quote(str(here.program))} hook claude-code"
    found: list[Edit] = []
    for folder in chosen:
        path = folder / "settings.json"
        before = read_file(path)
        after_ = _with_hooks(path, before or b"{}", command)
        if after_ != before:
            found.append(Edit(str(path), before, after_))
    return found


def strip(path: Path, now: bytes) -> bytes:
    """The settings without DevTime's hooks; everything else stays."""
    settings = _parse(path, now)
    _remove_ours(settings)
    return _print(settings, now)


def _folders(here: Here) -> list[Path]:
    return listed(here.surroundings, "CLAUDE_CONFIG_DIR") or [here.surroundings.home / ".claude"]


def _with_hooks(path: Path, before: bytes, command: str) -> bytes:
    settings = _parse(path, before)
    if _commands(settings) == [(event, command) for event in EVENTS]:
        return before
    _remove_ours(settings)
    hooks = cast("dict[str, Any]", settings.setdefault("hooks", {}))
    for event in EVENTS:
        entry: dict[str, object] = {"matcher": "*"} if event in _OF_TOOLS else {}
        entry["hooks"] = [{"type": "command", "command": command, "timeout": _TIMEOUT_S}]
        hooks.setdefault(event, []).append(entry)
    return _print(settings, before)


def _parse(path: Path, text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Invalid(str(path), f"is not valid JSON ({error}); mend it first") from None
    hooks = value.get("hooks", {}) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    if not isinstance(hooks, dict) or not all(isinstance(entries, list) for entries in hooks.values()):  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        raise Invalid(str(path), "has another form than Claude Code's settings; mend it first")
    return cast("dict[str, Any]", value)


def _commands(settings: dict[str, Any]) -> list[tuple[str, str]]:
    """DevTime's commands by event, in the order of EVENTS."""
    hooks = settings.get("hooks", {})
    return [
        (event, hook["command"])
        for event in EVENTS
        for entry in hooks.get(event, [])
        for hook in _hooks_of(entry)
        if _is_ours(hook)
    ]


def _remove_ours(settings: dict[str, Any]) -> None:
    hooks = settings.get("hooks", {})
    for event in list(hooks):
        kept: list[Any] = []
        for entry in hooks[event]:
            own = _hooks_of(entry)
            others = [hook for hook in own if not _is_ours(hook)]
            if len(others) == len(own):
                kept.append(entry)
            elif others:
                kept.append({**entry, "hooks": others})
        if kept or not hooks[event]:
            hooks[event] = kept
        else:
            del hooks[event]
    if not hooks:
        settings.pop("hooks", None)


def _hooks_of(entry: object) -> list[Any]:
    found = cast("dict[str, Any]", entry).get("hooks") if isinstance(entry, dict) else None
    return cast("list[Any]", found) if isinstance(found, list) else []


def _is_ours(hook: object) -> bool:
    command = cast("dict[str, Any]", hook).get("command") if isinstance(hook, dict) else None
    return isinstance(command, str) and bool(_OURS.search(command))


def _print(settings: dict[str, Any], like: bytes) -> bytes:
    """With the indentation and the end of the text it replaces."""
    match = re.search(rb"\n([ \t]+)\S", like)
    indent = match[1].decode() if match else "  "
    end = "" if like.strip() != b"{}" and not like.endswith(b"\n") else "\n"
    return (json.dumps(settings, indent=indent, ensure_ascii=False) + end).encode("utf-8", "surrogatepass")
