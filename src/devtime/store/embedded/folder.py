"""Names of what an embedded server keeps under `$DEVTIME_HOME/postgres`. Only `prepare` touches the disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from devtime.kernel.errors import Unavailable


@dataclass(frozen=True)
class Folder:
    """`$DEVTIME_HOME/postgres`: mode 0700 and ours, whoever PostgreSQL itself runs as."""

    root: Path

    @property
    def data(self) -> Path:
        """The cluster. Appears by one rename, complete, or not at all."""
        return self.root / "data"

    @property
    def staging(self) -> Path:
        """A cluster being made; left over only when its maker was killed."""
        return self.root / "data.new"

    @property
    def lock(self) -> Path:
        """Whoever holds its flock owns the server."""
        return self.root / "lock"

    @property
    def run(self) -> Path:
        """The usual folder of the socket."""
        return self.root / "run"

    @property
    def socket_pointer(self) -> Path:
        """Where the socket's folder is when `run` is too long a name for one."""
        return self.root / "socket-folder"

    @property
    def published(self) -> Path:
        """Present while the server takes connections: what `attach` reads."""
        return self.root / "server.json"

    @property
    def passwords(self) -> Path:
        """The roles' passwords, mode 0600."""
        return self.root / "passwords.json"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.root / "log"

    @property
    def upgraded(self) -> Path:
        """A finished upgrade that has not taken the place of `data` yet."""
        return self.root / "data.upgraded"

    def previous(self, major: int) -> Path:
        """The cluster of an older major version, kept after an upgrade until the next start that needs none."""
        return self.root / f"data.{major}.old"

    def all_previous(self) -> list[Path]:
        """Every kept cluster of an older major version."""
        return sorted(self.root.glob("data.*.old"))

    def prepare(self) -> None:
        """Make the folder, mode 0700; refuse one that is not ours."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self.root.stat()
        except OSError as error:
            raise Unavailable(
                f"cannot use {self.root}: {error.strerror}. Set DEVTIME_HOME to a folder of yours."
            ) from error
        if status.st_uid != os.geteuid():
            raise Unavailable(
                f"{self.root} belongs to another user (uid {status.st_uid}). "
                "Run DevTime as that user, or set DEVTIME_HOME to a folder of yours."
            )
        if status.st_mode & 0o077:
            self.root.chmod(0o700)
