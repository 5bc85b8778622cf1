"""`devtime status`: whether what this machine records arrives, and if not, why and what to do."""

from __future__ import annotations

import json
import os
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console

from devtime.cli.options import Home
from devtime.client.flusher import send_once
from devtime.client.health import Health, examine_sending
from devtime.home.config import home_folder
from devtime.kernel.clock import now_ms
from devtime.kernel.errors import DevTimeError

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def status(
    *,
    send: Annotated[bool, Parameter(negative=(), help="Send what waits now.")] = False,
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="Answer as JSON.")] = False,
    home: Home = None,
) -> None:
    """Tell how sending stands; SystemExit(1) when something is wrong."""
    folder = home_folder(os.environ, home)
    trouble = ""
    if send:
        try:
            send_once(folder)
        except DevTimeError as error:
            trouble = str(error)
    health = examine_sending(folder)
    if json_:
        print(json.dumps({**msgspec.to_builtins(health), "is_well": health.is_well}, indent=2))
    else:
        _print(health, now_ms())
    if trouble or not health.is_well:
        raise SystemExit(1)


def _print(health: Health, now: int) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for mark, name, told, advice in _lines(health, now):
        console.print(f"{mark} [bold]{name}[/bold]  ", end="")
        console.print(told, markup=False)
        if advice:
            console.print(f"    → {advice}", markup=False)


_OK, _WARNING, _BROKEN = "[green]✓[/green]", "[yellow]![/yellow]", "[red]✗[/red]"


def _lines(health: Health, now: int) -> list[tuple[str, str, str, str]]:
    lines: list[tuple[str, str, str, str]] = []
    if health.config_error:
        lines.append((_BROKEN, "server   ", health.config_error, "Until then privacy rules read last hold."))
    elif not health.endpoint:
        told = "config.toml names no [api] endpoint and key; heartbeats wait in the queue"
        lines.append(
            (_BROKEN, "server   ", told, "`devtime up` writes both; or take a key from the server's page Connect.")
        )
    else:
        lines.append((_OK, "server   ", health.endpoint, ""))
    if health.queue_error:
        lines.append((_BROKEN, "queue    ", health.queue_error, "Is the disk full, or the folder another user's?"))
    else:
        since = f", the oldest {_ago(now - health.oldest_ms)} old" if health.waiting and health.oldest_ms else ""
        waiting = f"{health.waiting:,} heartbeats wait{since}" if health.waiting else "empty"
        lines.append((_WARNING if health.waiting and health.error else _OK, "queue    ", waiting, ""))
    lines.append((_OK, "last sent", f"{_ago(now - health.sent_ms)} ago" if health.sent_ms else "nothing yet", ""))
    if health.error:
        soon = f"Tried again in {_ago(health.retry_ms - now)}; " if health.retry_ms > now else ""
        advice = f"{soon}`devtime status --send` tries now. Nothing is lost."
        lines.append((_BROKEN, "trouble  ", f"{health.error} ({_ago(now - health.error_ms)} ago)", advice))
    if health.rejected:
        told = f"{health.rejected:,} heartbeats the server would not have, the last because of {health.rejection}"
        lines.append((_WARNING, "refused  ", told, ""))
    if health.hook_error:
        lines.append((_BROKEN, "hook     ", health.hook_error, "The next call that works clears this."))
    running = (
        "a collector runs" if health.is_collector_running else "a sender runs" if health.is_flusher_running else ""
    )
    told = running or "none runs; the next heartbeat starts one (`devtime up` and `devtime collect` keep one)"
    lines.append((_OK, "sender   ", told, ""))
    return lines


def _ago(span_ms: int) -> str:
    seconds = max(0, span_ms // 1_000)
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "0 s"
