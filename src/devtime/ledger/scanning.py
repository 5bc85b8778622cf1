"""Which logs there are: a search through the folders of all agents."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from devtime.ledger.glance import ABSENT, Stamp, stamp_of
from devtime.readers.surroundings import Surroundings

if TYPE_CHECKING:
    from devtime.readers.reader import Reader

_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_500_000_000
"""A folder that changed less than this before it was listed may have changed after it too, and show the same time."""

_OWN_LOGS = "imports"
"""Where below DevTime's own folder people put what agents without logs export."""

_UNTRUSTED = 0


class FoundLog:
    """A log that is there."""

    __slots__ = ("path", "reader", "relative", "stamp")

    def __init__(self, reader: Reader, path: bytes, relative: bytes, stamp: Stamp) -> None:
        self.reader = reader
        self.path = path
        self.relative = relative
        self.stamp = stamp


class Scan:
    """What a search found, and what must stay as it is for the next one to be left out."""

    __slots__ = ("folders", "is_settled", "logs", "troubles", "variables")

    def __init__(self) -> None:
        self.logs: list[FoundLog] = []
        self.folders: dict[bytes, int] = {}
        self.variables: dict[str, str | None] = {}
        self.troubles: list[tuple[bytes, str]] = []
        self.is_settled = True


class _Recorded(Mapping[str, str]):
    """The environment, noting which variables were asked for."""

    def __init__(self, environment: Mapping[str, str], asked: dict[str, str | None]) -> None:
        self._environment = environment
        self._asked = asked

    def __getitem__(self, name: str) -> str:
        self._asked[name] = self._environment.get(name)
        return self._environment[name]

    def __iter__(self) -> Iterator[str]:
        self._asked.update(self._environment)
        return iter(self._environment)

    def __len__(self) -> int:
        return len(self._environment)


def search(readers: Sequence[Reader], surroundings: Surroundings) -> Scan:
    """Find every log of the readers' agents."""
    scan = Scan()
    recorded = surroundings._replace(environment=_Recorded(surroundings.environment, scan.variables))
    roots: list[Path] = []
    for reader in readers:
        found = reader.find_roots(recorded)
        roots += found
        seen: set[tuple[int, int]] = set()
        for root in found:
            _search_folder(scan, reader, os.fsencode(root), seen)
    _watch_places(scan, surroundings, roots)
    return scan


def _search_folder(scan: Scan, reader: Reader, root: bytes, seen: set[tuple[int, int]]) -> None:
    stack = [(root, b"", 0)]
    while stack:
        folder, prefix, depth = stack.pop()
        try:
            status = os.stat(folder)  # noqa: PTH116 - bytes
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=_name_of)
        except OSError as error:
            scan.troubles.append((folder, f"the folder cannot be read: {error.strerror}"))
            _watch(scan, folder, _UNTRUSTED)
            continue
        _watch(scan, folder, status.st_mtime_ns)
        for entry in entries:
            relative = prefix + entry.name
            try:
                if entry.is_dir():
                    if depth < reader.depth:
                        stack.append((entry.path, relative + b"/", depth + 1))
                elif reader.is_log(os.fsdecode(relative)):
                    _take_file(scan, reader, entry, relative, seen)
            except OSError as error:
                scan.troubles.append((entry.path, f"the file cannot be looked at: {error.strerror}"))


def _name_of(entry: os.DirEntry[bytes]) -> bytes:
    return entry.name


def _take_file(
    scan: Scan, reader: Reader, entry: os.DirEntry[bytes], relative: bytes, seen: set[tuple[int, int]]
) -> None:
    status = entry.stat()
    if not stat.S_ISREG(status.st_mode) or (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    scan.logs.append(FoundLog(reader, entry.path, relative, stamp_of(entry.path, status, reader.shape)))


def _watch(scan: Scan, folder: bytes, mtime_ns: int) -> None:
    tick_ns = _COARSE_TICK_NS if mtime_ns % 1_000_000_000 == 0 else _TICK_NS
    if mtime_ns != ABSENT and not 0 < mtime_ns < time.time_ns() - tick_ns:
        mtime_ns = _UNTRUSTED
        scan.is_settled = False
    scan.folders[folder] = mtime_ns


def _watch_places(scan: Scan, surroundings: Surroundings, roots: Sequence[Path]) -> None:
    """Also watch where a folder of an agent that is not there yet would appear."""
    home = surroundings.home
    places = {home, home / ".config", home / ".local", home / ".local/share", home / "Library/Application Support"}
    for value in filter(None, scan.variables.values()):
        for text in value.replace(os.pathsep, ",").split(","):
            place = Path(text.strip())
            if place.is_absolute():
                places |= {place, place.parent}
    for root in roots:
        places |= {root.parent, root.parent.parent}
    # Every refresh changes the ledger's own folder, so only what a reader may find in it is watched.
    own = Path(surroundings.environment.get("DEVTIME_HOME") or home / ".devtime").expanduser()
    places.discard(own)
    places.add(own / _OWN_LOGS)
    for place in places:
        path = os.fsencode(place)
        if path in scan.folders:
            continue
        try:
            _watch(scan, path, os.stat(path).st_mtime_ns)  # noqa: PTH116 - bytes
        except (OSError, ValueError):
            scan.folders[path] = ABSENT


def scan_text(scan: Scan, surroundings: Surroundings) -> str:
    """What `find_grown` compares with, besides folders and files."""
    known = {
        "home": str(surroundings.home),
        "platform": surroundings.platform,
        "at": time.time(),
        "variables": scan.variables,
    }
    return json.dumps(known)
