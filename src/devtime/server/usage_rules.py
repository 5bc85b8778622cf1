"""The privacy rules of heartbeats as usage obeys them: excluded projects, veiled branches and folders, one lock."""

from __future__ import annotations

from uuid import UUID

from devtime.activity.privacy import excludes_project, veil_branch, veil_path
from devtime.activity.settings import ActivitySettings, lock_user
from devtime.store.database import Connection


class SettingsRules:
    """The rules that a user's settings make. A folder tells a path, so it is veiled as one."""

    def __init__(self, settings: ActivitySettings) -> None:
        self._settings = settings

    def excludes(self, project: str) -> bool:
        """Whether the user's patterns name the project."""
        return excludes_project(project, self._settings.exclude_projects)

    def veil_branch(self, branch: str) -> str:
        """As the branch of a heartbeat."""
        return veil_branch(branch, self._settings.branch_privacy, self._settings.privacy_salt)

    def veil_folder(self, folder: str) -> str:
        """As the path of a heartbeat."""
        return veil_path(folder, self._settings.file_privacy, self._settings.privacy_salt)


async def lock_usage(connection: Connection, user_id: UUID) -> SettingsRules:
    """Hold the user's writes until the transaction ends; the rules as they are then."""
    return SettingsRules(await lock_user(connection, user_id))
