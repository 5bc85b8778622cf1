"""`devtime connect`: set an agent, an editor or a shell up to tell DevTime of its time; `--undo` takes it back."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from devtime.cli.options import Home
from devtime.client.connecting.edits import Edit, apply, finish_undo, plan_undo, was_applied
from devtime.client.connecting.target import Here, Target
from devtime.client.connecting.targets import TARGETS, find_target
from devtime.home.config import home_folder
from devtime.kernel.errors import Conflict, NotFound, Unavailable
from devtime.readers.surroundings import Surroundings


def connect(
    client: Annotated[str, Parameter(help="claude-code, codex, vim, neovim, bash, zsh, fish; none lists them.")] = "",
    *,
    undo: Annotated[bool, Parameter(negative=(), help="Take back what was set up.")] = False,
    dry_run: Annotated[bool, Parameter(negative=(), help="Show the change, and change nothing.")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), help="Do not ask.")] = False,
    home: Home = None,
) -> None:
    """Set a client up."""
    folder = home_folder(os.environ, home)
    here = Here(Surroundings(Path.home(), os.environ, sys.platform), _program())
    console = Console(highlight=False, soft_wrap=True)
    if not client:
        _list(console, folder, here)
        return
    target = find_target(client)
    edits = _undoing(folder, target) if undo else target.edits(here)
    if not undo and not edits:
        console.print(f"{target.title} is connected already.")
        return
    for edit in edits:
        _show(console, edit)
    if dry_run or not (yes or _is_agreed(undo)):
        console.print("Nothing was changed.")
        return
    if undo:
        finish_undo(folder, target.name, edits)
        console.print(f"{target.title} is as it was before.")
        return
    apply(folder, target.name, edits)
    console.print(f"{target.title} is connected. {target.after}".strip())
    console.print(f"`devtime connect {target.name} --undo` takes it back; `devtime status` tells whether all arrives.")


def _undoing(folder: Path, target: Target) -> list[Edit]:
    if not was_applied(folder, target.name):
        raise NotFound(f"{target.title} was not connected from here, so there is nothing to take back")
    plan = plan_undo(folder, target.name)
    mended = [
        Edit(edit.path, edit.before, target.strip(Path(edit.path), edit.before))
        for edit in plan.changed
        if edit.before is not None
    ]
    return [*plan.restored, *(edit for edit in mended if edit.after != edit.before)]


def _list(console: Console, folder: Path, here: Here) -> None:
    for target in TARGETS:
        if was_applied(folder, target.name):
            mark, told = "[green]✓[/green]", "connected"
        elif target.is_here(here):
            mark, told = "[yellow]○[/yellow]", f"found: devtime connect {target.name}"
        else:
            mark, told = "[dim]·[/dim]", "not found here"
        console.print(f"{mark} {target.title:<14} {told}")
    console.print("\nOther editors: the page Connect of your dashboard has what to install and paste.")


def _show(console: Console, edit: Edit) -> None:
    console.print(f"{edit.path}", style="bold", markup=False)
    for line in edit.diff().splitlines()[2:]:
        style = "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"
        console.print(line, style=style, markup=False)


def _is_agreed(is_undo: bool) -> bool:
    if not sys.stdin.isatty():
        raise Conflict("nobody is there to agree: add --yes")
    return input("Take it back? [Y/n] " if is_undo else "Write this? [Y/n] ").strip().lower() in ("", "y", "yes")


def _program() -> Path:
    """The `devtime` that runs, by its full path: agents may have another PATH than a terminal."""
    beside = Path(sys.executable).with_name("devtime")
    found = beside if beside.exists() else Path(shutil.which("devtime") or "")
    if not found.is_absolute():
        raise Unavailable("the program `devtime` is not on the PATH; install the package as a whole")
    return found
