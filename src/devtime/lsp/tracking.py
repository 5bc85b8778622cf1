"""From documents an editor speaks of to heartbeats in the outbox. Knows no protocol."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

from devtime.client.languages import language_of
from devtime.client.pacing import Moment, Pacing
from devtime.client.queueing import Beat, queue_beats
from devtime.client.senders import ensure_sender
from devtime.kernel.clock import Clock
from devtime.kernel.errors import DevTimeError
from devtime.wire.tools import display_name, tool_slug

log = logging.getLogger(__name__)

Send = Callable[[str], None]


class Tracker:
    """One editor's session. `folder` is its workspace, `tool` what the editor calls itself."""

    def __init__(self, home: str, clock: Clock, ensure: Send = ensure_sender) -> None:
        self._home = home
        self._clock = clock
        self._ensure = ensure
        self._pacing = Pacing()
        self._languages: dict[str, str] = {}
        self.tool = "lsp"
        self.editor = ""
        self.folder = ""

    def name_editor(self, name: str) -> None:
        """What the editor calls itself; nothing is no name."""
        self.tool = tool_slug(name) if name else "lsp"
        self.editor = display_name(name) if name else ""

    def open(self, address: str, language: str) -> None:
        """A document was opened or came to the front."""
        path = path_of(address)
        if path:
            self._languages[path] = language
            self._follow(path, False)

    def change(self, address: str) -> None:
        """A document was edited."""
        self._follow(path_of(address), False)

    def save(self, address: str) -> None:
        """A document was written to disk."""
        self._follow(path_of(address), True)

    def close(self, address: str) -> None:
        """A document was closed: where it was left is told, nothing more."""
        path = path_of(address)
        self._languages.pop(path, None)

    def end(self) -> None:
        """The editor ends."""
        self._queue(self._pacing.leave())

    def _follow(self, path: str, is_write: bool) -> None:
        if path:
            self._queue(self._pacing.follow(Moment(path, self._clock(), is_write)))

    def _queue(self, moments: Sequence[Moment]) -> None:
        if not moments:
            return
        beats = [self._beat(moment) for moment in moments]
        try:
            queued = queue_beats(self._home, beats, os.environ)
            if queued.kept and queued.retry_ms <= self._clock():
                self._ensure(self._home)
        except (DevTimeError, OSError) as error:
            # The editor is not to notice; `devtime status` looks at the same queue and tells.
            log.warning("a heartbeat could not be queued: %s", error)

    def _beat(self, moment: Moment) -> Beat:
        return Beat(
            tool=self.tool,
            activity="coding",
            time_ms=moment.time_ms,
            file=moment.file,
            folder=self.folder,
            language=language_of(moment.file) or self._languages.get(moment.file, ""),
            editor=self.editor,
            is_write=moment.is_write,
        )


def path_of(address: str) -> str:
    """The path of a `file:` address; empty for what is no file on this machine (`untitled:`, `git:`, nonsense)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return ""
    path = unquote(parts.path, errors="surrogateescape")
    is_windows = len(path) > 2 and path[0] == "/" and path[2] == ":"
    return path[1:] if is_windows else path
