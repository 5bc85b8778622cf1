"""A plugin's script looked over: what is asked, and what was found."""

from __future__ import annotations

import msgspec


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A script to look over. `plugin_type` is found out when it is not told; `hosts` are those it asks to reach."""

    script: str
    plugin_type: str | None = None
    hosts: list[str] = []


class CheckProblem(msgspec.Struct, frozen=True):
    """Something wrong; line and column count from 1, 0 is the whole script. `severity`: error or warning."""

    line: int
    column: int
    severity: str
    code: str
    message: str


class CheckAnswer(msgspec.Struct, frozen=True):
    """All that was found, in the order of the script."""

    problems: list[CheckProblem]
