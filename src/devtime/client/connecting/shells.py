"""Shells: a marked block at the end of what bash, zsh or fish read when they start."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from devtime.client.connecting.edits import Edit, read_file
from devtime.client.connecting.target import Here
from devtime.readers.places import config_home

_BEGIN, _END = "# >>> devtime >>>", "# <<< devtime <<<"
_BLOCK = re.compile(rb"\n?# >>> devtime >>>\n.*?# <<< devtime <<<\n", re.DOTALL)
_FILES = Path(__file__).with_name("files")


class Shell:
    """One kind of shell; terminal time is told at most once a minute, in the background."""

    after = "Shells that are open take it up when they are started anew."

    def __init__(self, name: str, startup: str) -> None:
        self.name = name
        self.title = name
        self._startup = startup

    def is_here(self, here: Here) -> bool:
        """Whether the shell is installed and its startup file is there."""
        return shutil.which(self.name, path=here.surroundings.environment.get("PATH")) is not None

    def edits(self, here: Here) -> list[Edit]:
        """The startup file with the block at its end."""
        path = self._path(here)
        before = read_file(path)
        text = (_FILES / f"hook.{self.name}").read_text("utf-8").replace("@devtime@", shlex.quote(str(here.program)))
        block = f"{_BEGIN}\n{text.strip()}\n{_END}\n".encode()
        rest = _BLOCK.sub(b"", before or b"")
        gap = b"\n" if rest and not rest.endswith(b"\n") else b""
        after = rest + gap + (b"\n" if rest else b"") + block
        return [] if after == before else [Edit(str(path), before, after)]

    def strip(self, path: Path, now: bytes) -> bytes:
        """The file without the block."""
        del path
        return _BLOCK.sub(b"", now)

    def _path(self, here: Here) -> Path:
        if self.name == "fish":
            return config_home(here.surroundings) / "fish" / "config.fish"
        folder = here.surroundings.environment.get("ZDOTDIR", "") if self.name == "zsh" else ""
        return (Path(folder) if folder else here.surroundings.home) / self._startup


SHELLS = (Shell("bash", ".bashrc"), Shell("zsh", ".zshrc"), Shell("fish", "config.fish"))
