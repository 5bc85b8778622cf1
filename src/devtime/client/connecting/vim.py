"""Vim and Neovim: one plugin file, in the folder each loads plugins from."""

from __future__ import annotations

import shutil
from pathlib import Path

from devtime.client.connecting.edits import Edit, read_file
from devtime.client.connecting.target import Here
from devtime.readers.places import config_home

_SOURCE = Path(__file__).with_name("files") / "devtime.vim"


class Vim:
    """One of the two."""

    after = "It is there when the editor starts next."

    def __init__(self, name: str, title: str, program: str) -> None:
        self.name = name
        self.title = title
        self._program = program

    def is_here(self, here: Here) -> bool:
        """Whether the editor is installed."""
        return shutil.which(self._program, path=here.surroundings.environment.get("PATH")) is not None

    def edits(self, here: Here) -> list[Edit]:
        """The plugin file."""
        home = here.surroundings.home
        folder = config_home(here.surroundings) / "nvim" if self.name == "neovim" else home / ".vim"
        path = folder / "plugin" / "devtime.vim"
        program = str(here.program).replace("'", "''")
        after = _SOURCE.read_text("utf-8").replace("@devtime@", program).encode()
        before = read_file(path)
        return [] if after == before else [Edit(str(path), before, after)]

    def strip(self, path: Path, now: bytes) -> bytes:
        """A file of ours that was changed by hand stays as it is: it cannot be told whose each line is."""
        del path
        return now


VIMS = (Vim("vim", "Vim", "vim"), Vim("neovim", "Neovim", "nvim"))
