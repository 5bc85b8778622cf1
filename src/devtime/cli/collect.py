"""`devtime collect`: this machine's AI usage into the ledger and to the server."""

from __future__ import annotations

import os
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from devtime.cli.options import Home, Log, settings_of
from devtime.collector.process import collect_once, run_collector
from devtime.home.config import home_folder, read_api
from devtime.kernel.logs import configure_logging


def collect(
    *,
    once: Annotated[bool, Parameter(negative=(), help="One round, then end.")] = False,
    home: Home = None,
    log: Log = None,
) -> None:
    """Read what agents log, and send it to the server of config.toml."""
    configure_logging(settings_of(home, log=log))
    folder = home_folder(os.environ, home)
    if not once:
        run_collector(folder)
        return
    sent = collect_once(folder)
    console = Console(highlight=False, soft_wrap=True)
    endpoint, _ = read_api(folder)
    if not endpoint:
        console.print("Read into the ledger. No server is named in config.toml, so nothing was sent.")
        return
    console.print(f"Read into the ledger; {sent.events:,} events sent to {endpoint}.")
