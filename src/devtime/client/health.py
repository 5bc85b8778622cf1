"""How sending stands on this machine: what waits, what went, what is wrong. Reads, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import msgspec

from devtime.client.flusher import LOCK
from devtime.client.outbox import FILE, open_outbox
from devtime.home.config import read_api
from devtime.home.lock import take_lock
from devtime.kernel.errors import DevTimeError


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The state of sending. Instants are milliseconds since 1970, 0 when there was none; texts are empty when well."""

    endpoint: str
    is_collector_running: bool
    is_flusher_running: bool
    waiting: int = 0
    oldest_ms: int = 0
    sent_ms: int = 0
    error: str = ""
    error_ms: int = 0
    retry_ms: int = 0
    rejected: int = 0
    rejection: str = ""
    config_error: str = ""
    queue_error: str = ""
    hook_error: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing keeps heartbeats from arriving."""
        return not (self.error or self.config_error or self.queue_error or self.hook_error) and bool(self.endpoint)


def examine_sending(home: Path) -> Health:
    """Look at the queue, its senders and config.toml."""
    endpoint = key = config_error = ""
    try:
        endpoint, key = read_api(home)
    except (DevTimeError, OSError) as error:
        config_error = str(error)
    health = Health(
        endpoint=endpoint if key else "",
        is_collector_running=_is_held(home / "collector.lock"),
        is_flusher_running=_is_held(home / LOCK),
        config_error=config_error,
        hook_error=_read_hook_error(home),
    )
    if not (home / FILE).exists():
        return health
    try:
        with open_outbox(str(home)) as outbox:
            facts, waiting = outbox.facts(), outbox.count()
            first = outbox.peek(1).entries
    except DevTimeError as error:
        return msgspec.structs.replace(health, queue_error=str(error))
    return msgspec.structs.replace(
        health,
        waiting=waiting,
        oldest_ms=_time_of(first[0][1]) if first else 0,
        sent_ms=int(facts.get("sent_ms", "0")),
        error=facts.get("error", ""),
        error_ms=int(facts.get("error_ms", "0")),
        retry_ms=int(facts.get("retry_ms", "0")),
        rejected=int(facts.get("rejected", "0")),
        rejection=facts.get("rejection", ""),
    )


class _Told(msgspec.Struct):
    timestamp: int = 0


def _time_of(body: str) -> int:
    try:
        return msgspec.json.decode(body, type=_Told).timestamp
    except msgspec.DecodeError:
        return 0


def _is_held(file: Path) -> bool:
    if not file.exists():
        return False
    lock = take_lock(file)
    if lock is None:
        return True
    lock.release()
    return False


def _read_hook_error(home: Path) -> str:
    try:
        return (home / "hook-error").read_text("utf-8", "replace").partition(" ")[2].strip()
    except OSError:
        return ""
