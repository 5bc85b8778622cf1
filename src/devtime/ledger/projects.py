"""The project of a working folder: the name of its repository, as editors' clients call it. Runs nothing."""

from __future__ import annotations

import os
import re

_MOST_PARENTS = 64
_MOST_BYTES = 4_096


class Projects:
    """Names of projects by working folder, each looked up once."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name_of(self, cwd: str, folder: str) -> str:
        """The repository's name, else the last part of the path, else the agent's own name for the place."""
        if not cwd:
            return folder.strip("-") or folder
        name = self._names.get(cwd)
        if name is None:
            name = self._names[cwd] = _repository_of(cwd) or _last_part(cwd)
        return name or folder.strip("-")


def _last_part(path: str) -> str:
    """On any system: a log may have been written on another one."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _repository_of(cwd: str) -> str:
    if not os.path.isabs(cwd) or "\0" in cwd or len(cwd) > _MOST_BYTES:  # noqa: PTH117 - any text may come here
        return ""
    place = os.path.normpath(cwd)
    try:
        for _ in range(_MOST_PARENTS):
            mark = os.path.join(place, ".git")  # noqa: PTH118
            if os.path.isdir(mark):  # noqa: PTH112
                return _last_part(place)
            if os.path.isfile(mark):  # noqa: PTH113
                return _last_part(_main_of_worktree(place, mark) or place)
            above = os.path.dirname(place)  # noqa: PTH120
            if above == place:
                return ""
            place = above
    except (OSError, ValueError):
        return ""
    return ""


def _main_of_worktree(place: str, mark: str) -> str:
    """The main folder of a linked worktree; nothing for a submodule, which is a project of its own.

    Only a worktree's git folder has a file `commondir`, which points to the repository all its worktrees share.
    """
    pointer = _first_line(mark)
    if not pointer.startswith("gitdir:"):
        return ""
    git_folder = os.path.normpath(os.path.join(place, pointer.removeprefix("gitdir:").strip()))  # noqa: PTH118
    shared = _first_line(os.path.join(git_folder, "commondir"))  # noqa: PTH118
    if not shared:
        return ""
    repository = os.path.normpath(os.path.join(git_folder, shared))  # noqa: PTH118
    is_inside = os.path.basename(repository) == ".git"  # noqa: PTH119
    return os.path.dirname(repository) if is_inside else repository.removesuffix(".git")  # noqa: PTH120


def _first_line(path: str) -> str:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            return os.fsdecode(stream.readline(_MOST_BYTES)).strip()
    except OSError:
        return ""
