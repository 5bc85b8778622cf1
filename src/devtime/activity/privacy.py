"""What a user does not want kept: excluded projects and files, hashed or dropped paths and branches. Pure."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Protocol

import msgspec

from devtime.activity.patterns import matches
from devtime.wire.heartbeat import Heartbeat

PATH_FIELDS = frozenset(
    {
        "workspace_root",
        "package_path",
        "project_folder",
        "folder",
        "entity",
        "cwd",
        "dependencies",
        "url",
        "title",
    }
)
"""Fields of `extra` that tell a path or a name of a file as plainly as the path does."""

BRANCH_FIELDS = frozenset({"commit", "git_branch", "branch_name"})
"""Fields of `extra` that tell a branch or where it stands."""

_VEILED_PATH = re.compile(r"[0-9a-f]{16}(?:\.[^/\\.]{1,11})?")
_VEILED_BRANCH = re.compile(r"[0-9a-f]{16}")


class PrivacyRules(Protocol):
    """The part of a user's settings that this module reads."""

    @property
    def file_privacy(self) -> str: ...
    @property
    def branch_privacy(self) -> str: ...
    @property
    def privacy_salt(self) -> bytes: ...
    @property
    def exclude_projects(self) -> tuple[str, ...]: ...
    @property
    def exclude_file_patterns(self) -> tuple[str, ...]: ...


def is_excluded(heartbeat: Heartbeat, rules: PrivacyRules) -> bool:
    """Whether the user's patterns keep this heartbeat out of the store altogether (case does not matter)."""
    return excludes_project(heartbeat.project, rules.exclude_projects) or excludes_file(
        heartbeat.file, rules.exclude_file_patterns
    )


def excludes_project(project: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns names the project."""
    name = project.lower()
    return any(matches(name, pattern.lower()) for pattern in patterns)


def excludes_file(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns names the file, by its path or by its last part."""
    whole = path.replace("\\", "/").lower()
    name = whole.rsplit("/", 1)[-1]
    return any(matches(whole, pattern.lower()) or matches(name, pattern.lower()) for pattern in patterns)


def veil(heartbeat: Heartbeat, rules: PrivacyRules) -> Heartbeat:
    """The heartbeat with path and branch as the user wants them kept; its identity stays."""
    extra = heartbeat.extra
    if rules.file_privacy != "keep" and extra:
        extra = {name: value for name, value in extra.items() if name not in PATH_FIELDS}
    if rules.branch_privacy != "keep" and extra:
        extra = {name: value for name, value in extra.items() if name not in BRANCH_FIELDS}
    return msgspec.structs.replace(
        heartbeat,
        file=veil_path(heartbeat.file, rules.file_privacy, rules.privacy_salt),
        branch=veil_branch(heartbeat.branch, rules.branch_privacy, rules.privacy_salt),
        extra=extra,
    )


def veil_path(path: str, privacy: str, salt: bytes) -> str:
    """`keep`: as it is; `drop`: nothing; `hash`: a keyed digest that keeps the file's ending.

    What looks like such a digest stays, so that what was hashed before, or is imported again, meets itself.
    """
    if privacy == "keep" or not path:
        return path
    if privacy == "drop":
        return ""
    if _VEILED_PATH.fullmatch(path):
        return path
    ending = PurePosixPath(path.replace("\\", "/")).suffix
    return _digest(path, salt) + (ending if len(ending) <= 12 else "")


def veil_branch(branch: str, privacy: str, salt: bytes) -> str:
    """As `veil_path`, for a branch name."""
    if privacy == "keep" or not branch:
        return branch
    if privacy == "drop":
        return ""
    return branch if _VEILED_BRANCH.fullmatch(branch) else _digest(branch, salt)


def _digest(text: str, salt: bytes) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=salt).hexdigest()
