"""Something wrong with a plugin's files, at a place an author can go to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True):
    """`line` and `column` count from 1; 0 means the whole file. `code` is a word to look up."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        """As compilers tell it: `plugin.js:3:14: error: …`."""
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{place}: {self.severity}: {self.message}"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them keeps the plugin from being published."""
    return any(problem.severity == "error" for problem in problems)


def place_of(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1
