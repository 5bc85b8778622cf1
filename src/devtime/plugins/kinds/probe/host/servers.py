"""`host.ls`: a language server that runs on this machine, found by its command line and the ports it listens on.

Blocks; run in a thread. Nothing of other programs is told.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from devtime.plugins.engine import HostError

_PS = ("/bin/ps", "/usr/bin/ps")
_LSOF = ("/usr/sbin/lsof", "/usr/bin/lsof")
_PATIENCE_S = 10.0
_LONG_NAME = 8
_MARKER_FLAGS = ("--ide_name", "--app_data_dir")


class Wanted(msgspec.Struct, frozen=True, rename="camel"):
    """What a plugin looks for."""

    process_name: str
    markers: tuple[str, ...]
    csrf_flag: str = ""
    port_flag: str | None = None
    extra_flags: tuple[str, ...] | None = None


class Server(msgspec.Struct, frozen=True, rename="camel"):
    """What it found."""

    pid: int
    csrf: str
    ports: tuple[int, ...]
    extra: Mapping[str, str]
    extension_port: int | None


def read_wanted(written: str) -> Wanted:
    """The options of a plugin; HostError for bad ones."""
    try:
        return msgspec.json.decode(written, type=Wanted)
    except msgspec.DecodeError as error:
        raise HostError("ls", f"invalid discover opts: {error}") from None


def discover(wanted: Wanted) -> Server | None:
    """The best of those that match and can be reached; None where there is none."""
    ranked = sorted(
        (rank, order, pid, command)
        for order, (pid, command) in enumerate(list_processes())
        if is_named(command, wanted.process_name) and (rank := rank_of(command, wanted.markers)) is not None
    )
    for _, _, pid, command in ranked:
        csrf = ""
        if wanted.csrf_flag:
            found = flag_of(command, wanted.csrf_flag)
            if found is None:
                continue
            csrf = found
        port = flag_of(command, wanted.port_flag) if wanted.port_flag else None
        extension_port = int(port) if port is not None and port.isascii() and port.isdigit() else None
        ports = list_ports(pid)
        if ports or extension_port is not None:
            extra = {
                flag.lstrip("-"): value
                for flag in wanted.extra_flags or ()
                if (value := flag_of(command, flag)) is not None
            }
            return Server(pid, csrf, ports, extra, extension_port)
    return None


def is_named(command: str, name: str) -> bool:
    """Whether the command is of that program."""
    first = command.split(None, 1)[0] if command.strip() else ""
    base, lowered, name = first.rpartition("/")[2].lower(), command.lower(), name.lower()
    if not name:
        return False
    if base == name:
        return True
    if len(name) >= _LONG_NAME:
        return base.startswith(f"{name}_") or name in lowered
    return lowered.endswith(f"/{name}") or f"/{name} " in lowered


def rank_of(command: str, markers: Iterable[str]) -> int | None:
    """0 where a flag names one of the markers, 1 where a path does; None where neither does. No markers match all."""
    markers = [marker.lower() for marker in markers]
    if not markers:
        return 0
    told = [value.lower() for flag in _MARKER_FLAGS if (value := flag_of(command, flag)) is not None]
    if told:
        return 0 if any(value in markers for value in told) else None
    lowered = command.lower()
    return 1 if any(f"/{marker}/" in lowered for marker in markers) else None


def flag_of(command: str, flag: str) -> str | None:
    """The value of `--flag value` or `--flag=value`."""
    words = command.split()
    for index, word in enumerate(words):
        if word == flag and index + 1 < len(words):
            return words[index + 1]
        if word.startswith(f"{flag}="):
            return word[len(flag) + 1 :]
    return None


def list_processes() -> list[tuple[int, str]]:
    """Process ids and command lines of everything that runs."""
    said = _run(_PS, "-ax", "-o", "pid=,command=")
    found: list[tuple[int, str]] = []
    for line in said.splitlines():
        pid, _, command = line.strip().partition(" ")
        with contextlib.suppress(ValueError):
            found.append((int(pid), command.strip()))
    return found


def list_ports(pid: int) -> tuple[int, ...]:
    """The ports a process listens on, in order."""
    said = _run(_LSOF, "-nP", "-iTCP", "-sTCP:LISTEN", "-a", "-p", str(pid))
    ports: set[int] = set()
    for line in said.splitlines()[1:]:
        address = next((word for word in reversed(line.split()) if ":" in word), "")
        with contextlib.suppress(ValueError):
            ports.add(int(address.rpartition(":")[2]))
    return tuple(sorted(ports))


def _run(programs: Iterable[str], *words: str) -> str:
    program = next((one for one in programs if Path(one).exists()), None)
    if program is None:
        return ""
    try:
        return subprocess.run(
            [program, *words], capture_output=True, encoding="utf-8", errors="replace", timeout=_PATIENCE_S, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
