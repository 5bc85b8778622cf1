"""Codex CLI: its `notify` program in `config.toml`; one that was there before is called as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from devtime.client.connecting.edits import Edit, read_file
from devtime.client.connecting.target import Here
from devtime.kernel.errors import Invalid
from devtime.readers.places import listed

name = "codex"
title = "Codex CLI"
after = "Sessions that are open take it up when they are started anew."


def is_here(here: Here) -> bool:
    """Whether its folder is there."""
    return any(folder.is_dir() for folder in _folders(here))


def edits(here: Here) -> list[Edit]:
    """The configuration of each folder that is there, or of the first."""
    folders = _folders(here)
    found: list[Edit] = []
    for folder in [folder for folder in folders if folder.is_dir()] or folders[:1]:
        path = folder / "config.toml"
        before = read_file(path)
        program = _notify_of(path, before or b"")
        wanted = _chained(here.program, program)
        if wanted != program:
            found.append(Edit(str(path), before, _set_notify(before or b"", wanted)))
    return found


def strip(path: Path, now: bytes) -> bytes:
    """The configuration with the program that was there before, or none."""
    return _set_notify(now, _before_us(_notify_of(path, now)))


def _folders(here: Here) -> list[Path]:
    return listed(here.surroundings, "CODEX_HOME") or [here.surroundings.home / ".codex"]


def _chained(program: Path, other: list[str]) -> list[str]:
    before = _before_us(other)
    return [str(program), "hook", "codex", *(["--then", *before, "--"] if before else [])]


def _before_us(program: list[str]) -> list[str]:
    """The program that DevTime's calls, or the program itself when it is not DevTime's."""
    if program[1:3] != ["hook", "codex"] or not Path(program[0]).name.startswith("devtime"):
        return program
    return program[4:-1] if program[3:4] == ["--then"] else []


def _document(path: Path, text: bytes) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text.decode())
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise Invalid(str(path), f"is not valid TOML ({error}); mend it first") from None


def _notify_of(path: Path, text: bytes) -> list[str]:
    value = _document(path, text).get("notify", [])
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(word, str) for word in cast("list[object]", value)):
        return [str(word) for word in cast("list[str]", value)]
    raise Invalid(str(path), "has a `notify` that is no program and its arguments; mend it first")


def _set_notify(text: bytes, program: list[str]) -> bytes:
    import tomlkit

    document: Any = tomlkit.parse(text.decode())
    if not program:
        document.pop("notify", None)
        return tomlkit.dumps(document).encode()
    if "notify" in document:
        document["notify"] = program
        return tomlkit.dumps(document).encode()
    # Before everything else: behind a table it would be the table's.
    line = tomlkit.dumps({"notify": program})
    return line.encode() + text
