"""Noticing that a log grew: the folders of all readers are watched by the system, and looked through now and then."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import watch

log = logging.getLogger(__name__)

_GATHER_MS = 400
_STEP_MS = 200
"""How often the watch looks up: each time costs a little, all day long."""
_POLL_S = 2.0
_LOOK_AGAIN_MS = 60_000


class FolderWatch:
    """Calls `noticed` from a thread of its own whenever something below one of the folders changed.

    Folders may appear later: they are looked for once a minute. Where the system watches no more folders, `noticed` is
    called every two seconds instead.
    """

    def __init__(self, find_folders: Callable[[], Iterable[Path]], noticed: Callable[[], None]) -> None:
        self._find_folders = find_folders
        self._noticed = noticed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="devtime-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stopping.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            folders = sorted({folder.resolve() for folder in self._find_folders() if folder.is_dir()})
            try:
                self._watch(folders)
            except (OSError, RuntimeError) as error:
                log.debug("folders cannot be watched (%s); looking every %s s", error, _POLL_S)
                self._stopping.wait(_POLL_S)
                self._noticed()

    def _watch(self, folders: list[Path]) -> None:
        """Until the folders are to be looked for again."""
        if not folders:
            self._stopping.wait(_POLL_S)
            return
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=_GATHER_MS,
            step=_STEP_MS,
            stop_event=self._stopping,
            rust_timeout=_LOOK_AGAIN_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            if not changes:
                return
            self._noticed()
