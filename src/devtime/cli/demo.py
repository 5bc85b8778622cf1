"""`devtime demo`: a look around."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress

from devtime.cli.options import Host, Log, Port
from devtime.cli.up import tell_started
from devtime.kernel.settings import merge_settings
from devtime.running.demo import Demo, run_demo
from devtime.running.up import Started


def demo(
    *,
    seed: Annotated[int, Parameter(help="Another seed makes other people.")] = 1,
    days: Annotated[int, Parameter(help="How many days of history.")] = 365,
    people: Annotated[int, Parameter(help="How many accounts; the first is yours.")] = 1,
    zone: Annotated[str, Parameter(help="IANA time zone of the first account (default: this machine's).")] = "",
    host: Host = None,
    port: Port = 0,
    log: Log = None,
) -> None:
    """Look around in a throw-away instance filled with a made-up year."""
    flags = {"host": host, "port": port, "log": log}
    settings = merge_settings(Path("/"), flags, {"DEVTIME_LOG": os.environ.get("DEVTIME_LOG", "")}, {})
    progress = Progress(console=Console(stderr=True), transient=True)
    task = progress.add_task("Making up a year", total=None)

    def told(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)

    def started(what: Started) -> None:
        progress.stop()
        tell_started(what)

    progress.start()
    try:
        run_demo(settings, Demo(seed=seed, days=days, people=people, zone=zone), told, started)
    finally:
        progress.stop()
