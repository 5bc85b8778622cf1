"""From what an editor or agent tells to heartbeats in the outbox: project, branch and language found, privacy applied.

Reads `config.toml`, never the network, and imports little: an agent waits for it. What is kept is metadata only.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from devtime.client.languages import language_of
from devtime.client.outbox import open_outbox
from devtime.client.privacy import STRICT, Rules, is_excluded, read_rules, tell_file
from devtime.home.repository import find_repository, last_part

_RULES = "privacy"
_MOST_CHARS = 4_096
_SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}


class Beat(NamedTuple):
    """An instant of activity as a client on this machine sees it. Empty texts are unknown.

    `file` is a path, made absolute by `folder`, where the tool works. `duration_s` is declared, for time off the
    keyboard.
    """

    tool: str
    activity: str
    time_ms: int
    file: str = ""
    folder: str = ""
    project: str = ""
    branch: str = ""
    language: str = ""
    session: str = ""
    editor: str = ""
    is_write: bool = False
    duration_s: int | None = None


class Queued(NamedTuple):
    """How many heartbeats were kept, and the instant before which sending is not to be tried."""

    kept: int
    retry_ms: int


def queue_beats(home: str, beats: Iterable[Beat], environment: Mapping[str, str]) -> Queued:
    """Keep heartbeats for sending, as far as the privacy rules let. Unavailable when they cannot be kept."""
    with open_outbox(home) as outbox:
        rules = _read_rules_of(home)
        facts = outbox.facts()
        remembered = facts.get(_RULES)
        if rules is None:
            rules = read_rules(json.loads(remembered)) if remembered else STRICT
        else:
            told = json.dumps(rules.to_document())
            if told != remembered:
                outbox.note({_RULES: told})
        bodies = [body for body in (_body_of(beat, rules, home, environment) for beat in beats) if body]
        if bodies:
            outbox.put(bodies)
        return Queued(len(bodies), int(facts.get("retry_ms", "0")))


def _read_rules_of(home: str) -> Rules | None:
    """None while config.toml is there and cannot be understood."""
    try:
        with open(f"{home}/config.toml", "rb") as stream:  # noqa: PTH123 - importing pathlib takes time
            data = stream.read()
    except FileNotFoundError:
        return Rules()
    except OSError:
        return None
    if b"privacy" not in data:
        return Rules()
    import tomllib

    try:
        return read_rules(tomllib.loads(data.decode()).get("privacy"))
    except ValueError:
        return None


def _body_of(beat: Beat, rules: Rules, home: str, environment: Mapping[str, str]) -> str:
    file = _absolute(beat.file, beat.folder)
    repository = find_repository(os.path.dirname(file) if file else beat.folder) if not beat.project else None  # noqa: PTH120
    if repository is None and file and beat.folder and not beat.project:
        repository = find_repository(beat.folder)
    project = beat.project or (repository.name if repository else "") or _folder_name(beat.folder)
    if is_excluded(project, file, rules):
        return ""
    fields: dict[str, object] = {
        "tool": beat.tool,
        "timestamp": beat.time_ms,
        "activity_type": beat.activity,
        "project": project,
        "file": tell_file(file, rules, home),
        "language": beat.language or language_of(file),
        "branch": beat.branch or (repository.branch() if repository else ""),
        "machine": environment.get("DEVTIME_MACHINE") or _host(),
        "os": _SYSTEMS.get(sys.platform, sys.platform),
        "editor": beat.editor,
        "session_id": beat.session,
    }
    told = {name: _clean(value) if isinstance(value, str) else value for name, value in fields.items() if value}
    if beat.is_write:
        told["is_write"] = True
    if beat.duration_s is not None:
        told["duration"] = beat.duration_s
    return json.dumps(told)


def _absolute(file: str, folder: str) -> str:
    if not file or "\0" in file:
        return ""
    return file if os.path.isabs(file) or not folder else os.path.normpath(os.path.join(folder, file))  # noqa: PTH117, PTH118


def _folder_name(folder: str) -> str:
    return "" if folder.rstrip("/") in ("", os.path.expanduser("~")) else last_part(folder)  # noqa: PTH111


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def _clean(text: str) -> str:
    """No lone surrogates (names of files that are no UTF-8), no more than a path may have."""
    return text[:_MOST_CHARS].encode("utf-8", "replace").decode()
