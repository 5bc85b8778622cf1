"""`devtime export`: taking everything away."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress

from devtime.cli.options import Home, settings_of
from devtime.client.session import Client
from devtime.home.config import read_api
from devtime.kernel.errors import Conflict

Format = Literal["json", "csv", "archive"]


def export(
    target: Annotated[Path | None, Parameter(help="Where to write (default: standard output).")] = None,
    /,
    *,
    format_: Annotated[
        Format, Parameter(name="--format", help="json: JSON lines, lossless; csv; archive: the account as a zip.")
    ] = "json",
    force: Annotated[bool, Parameter(negative=(), help="Overwrite the file if it is there.")] = False,
    home: Home = None,
) -> None:
    """Write all of one's heartbeats, or the whole account, to a file."""
    with Client(*read_api(settings_of(home).home)) as client:
        if target is None:
            client.download(f"/api/export/{format_}", sys.stdout.buffer, lambda _: None)
            return
        if target.exists() and not force:
            raise Conflict(f"{target} is there already; --force overwrites it")
        draft = target.with_name(f".{target.name}.part")
        with draft.open("wb") as file:
            _download(client, f"/api/export/{format_}", file)
        draft.replace(target)
    Console(highlight=False, soft_wrap=True).print(f"[green]✓[/green] {target}: {target.stat().st_size:,} bytes")


def _download(client: Client, path: str, file: BinaryIO) -> None:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Exporting", total=None)
        client.download(path, file, lambda count: progress.advance(task, count))
