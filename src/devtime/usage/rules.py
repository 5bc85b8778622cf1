"""What a user does not want kept of their agents' usage. The rules are another feature's, and handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

import msgspec

from devtime.store.database import Connection
from devtime.wire.usage import UsageEvent


class Rules(Protocol):
    """A user's choices, as far as usage is concerned."""

    def excludes(self, project: str) -> bool:
        """Whether events of the project are not kept at all."""
        ...

    def veil_branch(self, branch: str) -> str:
        """What is kept of a branch's name."""
        ...

    def veil_folder(self, folder: str) -> str:
        """What is kept of the folder, which tells a path."""
        ...


Lock = Callable[[Connection, UUID], Awaitable[Rules]]
"""Holds the user's writes until the transaction ends, and answers the rules as they are then; NotFound for a deleted
account. It is the same lock that heartbeats and settings are written under."""


class KeepAll:
    """The rules of whoever keeps everything."""

    def excludes(self, project: str) -> bool:
        """Nothing is excluded."""
        return False

    def veil_branch(self, branch: str) -> str:
        """As it is."""
        return branch

    def veil_folder(self, folder: str) -> str:
        """As it is."""
        return folder


class Veil:
    """Applies rules to many events; what a name becomes is worked out once."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._excluded: dict[str, bool] = {}
        self._branches: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def apply(self, event: UsageEvent) -> UsageEvent | None:
        """What is kept of the event; None: nothing."""
        if self.excludes(event.project) or self.excludes(event.folder):
            return None
        branch, folder = self.branch(event.branch), self.folder(event.folder)
        if branch == event.branch and folder == event.folder:
            return event
        return msgspec.structs.replace(event, branch=branch, folder=folder)

    def excludes(self, name: str) -> bool:
        """Whether the project or folder is not kept; one without a name is."""
        if not name:
            return False
        if name not in self._excluded:
            self._excluded[name] = self._rules.excludes(name)
        return self._excluded[name]

    def branch(self, name: str) -> str:
        """What is kept of a branch's name."""
        if name not in self._branches:
            self._branches[name] = self._rules.veil_branch(name)
        return self._branches[name]

    def folder(self, name: str) -> str:
        """What is kept of a folder's name."""
        if name not in self._folders:
            self._folders[name] = self._rules.veil_folder(name)
        return self._folders[name]
