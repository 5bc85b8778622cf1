"""Which operating-system user PostgreSQL runs as. It refuses root, so root hands it to a user nobody else uses.

Another user cannot pass folders of mode 0700 such as `/root`, and those are not ours to open. So a program started as
another user is handed open descriptors of the folders it needs and names them `/proc/self/fd/N`, which asks for no
right on their parents.
"""

from __future__ import annotations

import contextlib
import grp
import hashlib
import os
import pwd
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from devtime.kernel.errors import Unavailable

# Uids that systemd's and Debian's allocation tables both leave to nobody; below 65536, so rootless containers map them.
UNUSED_UIDS = range(60_706, 61_184)


@dataclass(frozen=True)
class OsUser:
    """The user and group of a child process; `uid` None means: the user we are."""

    uid: int | None = None

    @property
    def is_other(self) -> bool:
        """Whether it is a user other than ourselves."""
        return self.uid is not None


OURSELVES = OsUser()


@dataclass(frozen=True)
class Doorway:
    """A folder under the name a child process can reach it by, with the descriptor to pass on, if it needs one."""

    name: str
    descriptor: int | None = None

    def close(self) -> None:
        """Close the descriptor on our side, once the child has its own."""
        if self.descriptor is not None:
            os.close(self.descriptor)


def open_doorway(folder: Path, user: OsUser) -> Doorway:
    """A way for `user` into `folder` that needs no right on the folder's parents."""
    if not user.is_other:
        return Doorway(str(folder))
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    return Doorway(f"/proc/self/fd/{descriptor}", descriptor)


@contextlib.contextmanager
def doorway(folder: Path, user: OsUser) -> Generator[Doorway]:
    """`open_doorway` that closes behind itself."""
    way = open_doorway(folder, user)
    try:
        yield way
    finally:
        way.close()


def initdb_user() -> OsUser:
    """Who may run initdb and pg_upgrade, which want a user with a name: ourselves, or `nobody` if we are root."""
    if os.geteuid() != 0:
        _require_name()
        return OURSELVES
    _require_linux()
    try:
        return OsUser(pwd.getpwnam("nobody").pw_uid)
    except KeyError:
        raise Unavailable(
            "no user named nobody to create the database as; run DevTime as a user that is not root"
        ) from None


def owner_of(data: Path) -> OsUser:
    """Who runs the server of an existing cluster: the owner of its files, if that is a user for nothing else."""
    uid = data.stat().st_uid
    if os.geteuid() == 0:
        _require_linux()
        # Root's after somebody copied it; nobody's when an upgrade was cut short.
        return choose_user(data) if uid in (0, initdb_user().uid) else OsUser(uid)
    if uid != os.geteuid():
        raise Unavailable(f"the database in {data} belongs to uid {uid}: run DevTime as that user, or as root")
    return OURSELVES


def choose_user(data: Path) -> OsUser:
    """A user for a new cluster: ourselves, or for root an unused uid, the same one for the same folder if it can be."""
    if os.geteuid() != 0:
        return OURSELVES
    start = int.from_bytes(hashlib.blake2b(bytes(data), digest_size=4).digest())
    taken = set(_users_of_processes())
    for step in range(len(UNUSED_UIDS)):
        uid = UNUSED_UIDS[(start + step) % len(UNUSED_UIDS)]
        if uid not in taken and not _is_named(uid):
            return OsUser(uid)
    raise Unavailable("no unused user id left for the database; run DevTime as a user that is not root")


def give(folder: Path, user: OsUser) -> None:
    """Hand a folder and all in it to `user`; links are handed over, never followed."""
    if user.uid is None:
        return
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, user.uid, user.uid, dir_fd=descriptor, follow_symlinks=False)
    os.chown(folder, user.uid, user.uid)


def _users_of_processes() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                yield entry.stat().st_uid


def _is_named(uid: int) -> bool:
    for look_up in (pwd.getpwuid, grp.getgrgid):
        with contextlib.suppress(KeyError):
            look_up(uid)
            return True
    return False


def _require_name() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Unavailable(
            f"the user id {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL makes no database without. "
            "Add an entry, run DevTime as a user that has one, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None


def _require_linux() -> None:
    if sys.platform != "linux":
        raise Unavailable("PostgreSQL does not run as root: run DevTime as an ordinary user, or set DATABASE_URL")
