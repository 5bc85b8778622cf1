"""What this machine does not tell: excluded projects and files, digested paths. Applied before anything is kept.

The rules are `[privacy]` of config.toml. While that file cannot be read, the rules that were read last hold, and
without any the path of no file is told: a slip of the pen must not tell more than its writer wants.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple, cast

_ENDING_CHARS = 12


class Rules(NamedTuple):
    """What is kept back. Patterns are matched without regard to case."""

    hashes_paths: bool = False
    projects: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    tells_files: bool = True

    def to_document(self) -> dict[str, object]:
        """As `[privacy]` has it."""
        return {
            "anonymize_file_paths": self.hashes_paths,
            "exclude_projects": list(self.projects),
            "exclude_file_patterns": list(self.files),
        }


STRICT = Rules(tells_files=False)


def read_rules(section: object) -> Rules:
    """The rules of a `[privacy]` table. What has the wrong type counts as the stricter of its meanings."""
    if section is None:
        return Rules()
    if not isinstance(section, Mapping):
        return STRICT
    table = cast("Mapping[str, object]", section)
    projects, files = _texts(table.get("exclude_projects")), _texts(table.get("exclude_file_patterns"))
    if projects is None or files is None:
        return STRICT
    return Rules(table.get("anonymize_file_paths", False) is not False, projects, files)


def _texts(value: object) -> tuple[str, ...] | None:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    values = cast("list[object]", value) if isinstance(value, list) else [None]
    return tuple(str(one) for one in values) if all(isinstance(one, str) for one in values) else None


def is_excluded(project: str, file: str, rules: Rules) -> bool:
    """Whether a heartbeat of this project and file is not to be kept at all."""
    name = project.lower()
    if any(fnmatchcase(name, pattern.lower()) for pattern in rules.projects):
        return True
    whole = file.replace("\\", "/").lower()
    last = whole.rsplit("/", 1)[-1]
    return bool(file) and any(
        fnmatchcase(whole, pattern.lower()) or fnmatchcase(last, pattern.lower()) for pattern in rules.files
    )


def tell_file(path: str, rules: Rules, home: str) -> str:
    """The path as it may be told: itself, a digest that keeps the file's ending, or nothing."""
    if not path or not rules.tells_files:
        return ""
    if not rules.hashes_paths:
        return path
    from hashlib import blake2b

    digest = blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8, key=_salt(home)).hexdigest()
    ending = os.path.splitext(path.replace("\\", "/"))[1]  # noqa: PTH122 - importing pathlib takes time
    return digest + (ending if 1 < len(ending) <= _ENDING_CHARS else "")


def _salt(home: str) -> bytes:
    """This machine's own, so that nobody can look digests of likely paths up."""
    path = f"{home}/path-salt"
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            salt = stream.read(64)
            if len(salt) >= 16:
                return salt
    except FileNotFoundError:
        pass
    draft = f"{path}.{os.getpid()}.new"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:  # noqa: PTH123
        stream.write(os.urandom(32))
    try:
        # Of two processes that make one at once, both take the first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)  # noqa: PTH108
    with open(path, "rb") as stream:  # noqa: PTH123
        return stream.read(64)
