"""The project of a working folder: the name of its repository, as editors' clients call it."""

from __future__ import annotations

from devtime.home.repository import find_repository, last_part


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
            repository = find_repository(cwd)
            name = self._names[cwd] = (repository.name if repository else "") or last_part(cwd)
        return name or folder.strip("-")
