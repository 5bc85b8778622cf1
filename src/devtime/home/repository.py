"""The repository a place on disk belongs to: its name, as editors' clients call it, and its branch. Runs nothing.

A hook asks this while an agent waits, so nothing here is imported that takes time.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

_MOST_PARENTS = 64
_MOST_BYTES = 4_096
_BRANCHES = "ref: refs/heads/"


class Repository(NamedTuple):
    """A repository's name and folder. `git_folder` holds its HEAD; empty when it cannot be read."""

    name: str
    root: str
    git_folder: str

    def branch(self) -> str:
        """The branch that is checked out; the first digits of the commit when none is; empty when unknown."""
        head = _first_line(os.path.join(self.git_folder, "HEAD")) if self.git_folder else ""  # noqa: PTH118
        if head.startswith(_BRANCHES):
            return head.removeprefix(_BRANCHES)
        return head[:12] if re.fullmatch(r"[0-9a-f]{40,64}", head) else ""


def find_repository(path: str) -> Repository | None:
    """The innermost repository around an absolute path; None where there is none, or the path is no path."""
    if not os.path.isabs(path) or "\0" in path or len(path) > _MOST_BYTES:  # noqa: PTH117 - any text may come here
        return None
    place = os.path.normpath(path)
    try:
        for _ in range(_MOST_PARENTS):
            mark = os.path.join(place, ".git")  # noqa: PTH118
            if os.path.isdir(mark):  # noqa: PTH112
                return Repository(last_part(place), place, mark)
            if os.path.isfile(mark):  # noqa: PTH113
                return _linked(place, mark)
            above = os.path.dirname(place)  # noqa: PTH120
            if above == place:
                return None
            place = above
    except (OSError, ValueError):
        return None
    return None


def last_part(path: str) -> str:
    """The last name of a path of any system: a log may have been written on another one."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _linked(place: str, mark: str) -> Repository:
    """A linked worktree goes by the name of its main folder; a submodule is a project of its own.

    Only a worktree's git folder has a file `commondir`, which points to the repository all its worktrees share.
    """
    pointer = _first_line(mark)
    if not pointer.startswith("gitdir:"):
        return Repository(last_part(place), place, "")
    git_folder = os.path.normpath(os.path.join(place, pointer.removeprefix("gitdir:").strip()))  # noqa: PTH118
    shared = _first_line(os.path.join(git_folder, "commondir"))  # noqa: PTH118
    if not shared:
        return Repository(last_part(place), place, git_folder)
    main = os.path.normpath(os.path.join(git_folder, shared))  # noqa: PTH118
    is_inside = os.path.basename(main) == ".git"  # noqa: PTH119
    name = last_part(os.path.dirname(main) if is_inside else main.removesuffix(".git"))  # noqa: PTH120
    return Repository(name or last_part(place), place, git_folder)


def _first_line(path: str) -> str:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            return os.fsdecode(stream.readline(_MOST_BYTES)).strip()
    except OSError:
        return ""
