"""Putting PostgreSQL's programs where another user can run them.

Root hands the server to another user, and a virtual environment under `/root` is closed to all but root.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from devtime.kernel.errors import Unavailable
from devtime.store.embedded.binaries import OVERRIDE, Binaries
from devtime.store.embedded.osuser import OsUser
from devtime.store.embedded.program import run_program

CACHES = (Path("/var/cache/devtime"), Path("/var/lib/devtime"), Path("/opt/devtime"))


def place(binaries: Binaries, user: OsUser, caches: tuple[Path, ...] = CACHES) -> Binaries:
    """The same programs where `user` can run them: as they are, or copied once to a system folder of root's."""
    if not user.is_other or is_open_to_all(binaries.bin / "postgres"):
        return binaries
    if binaries.base is None:
        raise Unavailable(
            f"PostgreSQL does not run as root, and other users cannot reach {binaries.bin}. "
            f"Set {OVERRIDE} to programs everybody may run."
        )
    complaints: list[str] = []
    for cache in caches:
        try:
            return _copy_once(binaries, binaries.base, cache, user)
        except (OSError, Unavailable) as error:
            complaints.append(f"{cache}: {error}")
    raise Unavailable(
        "no folder to run PostgreSQL's programs from as another user than root:\n" + "\n".join(complaints)
    )


def is_open_to_all(file: Path) -> bool:
    """Whether any user may run it: it and all folders above grant `x` to others (access lists are not read)."""
    real = file.resolve()
    wanted = stat.S_IXOTH | stat.S_IROTH
    if (real.stat().st_mode & wanted) != wanted:
        return False
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in real.parents)


def _copy_once(binaries: Binaries, base: Path, cache: Path, user: OsUser) -> Binaries:
    cache.mkdir(mode=0o755, parents=True, exist_ok=True)
    _require_trusted(cache)
    home = cache / f"postgresql-{binaries.version}-{_fingerprint(binaries)}"
    placed = Binaries(home / binaries.bin.relative_to(base), binaries.version)
    if home.exists():
        _require_trusted(home)
        return placed
    staging = Path(tempfile.mkdtemp(prefix="copy-", dir=cache))
    try:
        for part in binaries.parts:
            if (base / part).is_dir():
                shutil.copytree(base / part, staging / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _open_to_all(staging)
        run_program([staging / binaries.bin.relative_to(base) / "postgres", "--version"], user)
        _rename_unless_there(staging, home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return placed


def _rename_unless_there(staging: Path, home: Path) -> None:
    try:
        staging.rename(home)
    except OSError:
        # Another DevTime was quicker with the same copy.
        if not home.is_dir():
            raise


def _require_trusted(folder: Path) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise Unavailable("others than root can change it")
    if not is_open_to_all(folder):
        raise Unavailable("other users cannot reach it")


def _open_to_all(folder: Path) -> None:
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in files:
            file = Path(parent, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


def _fingerprint(binaries: Binaries) -> str:
    status = (binaries.bin / "postgres").stat()
    text = f"{binaries.bin}|{status.st_size}|{status.st_mtime_ns}"
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
