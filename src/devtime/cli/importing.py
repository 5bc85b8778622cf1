"""`devtime import`: history from another tracker."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from devtime.cli.options import Home, settings_of
from devtime.client.session import Client
from devtime.home.config import read_api
from devtime.kernel.errors import NotFound
from devtime.wire.import_answers import ImportAnswer

Kind = Literal["auto", "devtime", "wakatime", "wakapi", "activitywatch", "generic"]

_ASK_EVERY_S = 0.5


def import_file(
    file: Annotated[Path, Parameter(help="The file as you got it; gzip and zip are opened.")],
    /,
    *,
    kind: Annotated[Kind, Parameter(help="What the file is; found out from its content when not told.")] = "auto",
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="Answer as JSON.")] = False,
    home: Home = None,
) -> None:
    """Send a file to the server, follow its import, and tell what became of it; SystemExit(1) when it failed."""
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    with Client(*read_api(settings_of(home).home)) as client:
        answer = _follow(client, file, kind)
    if json_:
        print(json.dumps(msgspec.to_builtins(answer), indent=2))
    else:
        _tell(answer)
    if answer.state == "failed":
        raise SystemExit(1)


def _follow(client: Client, file: Path, kind: Kind) -> ImportAnswer:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        sending = progress.add_task("Sending", total=file.stat().st_size)
        answer = client.upload(file, kind, lambda count: progress.advance(sending, count))
        reading = progress.add_task("Importing", total=answer.bytes_total or None)
        while answer.state in ("waiting", "running"):
            time.sleep(_ASK_EVERY_S)
            answer = client.fetch_import(answer.id)
            progress.update(reading, completed=answer.bytes_read)
    return answer


def _tell(answer: ImportAnswer) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if answer.state == "failed":
        console.print(f"[red]✗[/red] {answer.error}")
    else:
        kept_out = f", {answer.excluded:,} kept out by your privacy settings" if answer.excluded else ""
        console.print(
            f"[green]✓[/green] {answer.read:,} rows: {answer.inserted:,} new, {answer.duplicates:,} already there, "
            f"{answer.rejected:,} rejected{kept_out}"
        )
    for reason in answer.reasons[:10]:
        console.print(f"  row {reason.index + 1}: {reason.field} {reason.reason}", markup=False)
    if answer.rejected > 10:
        console.print(f"  … {answer.rejected - 10:,} more; --json tells the first 100")
