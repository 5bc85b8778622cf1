"""`python -m devtime.collector HOME LEVEL`: the collector as a child of `devtime up`. It ends when its input does."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import msgspec

from devtime.collector.process import run_collector, stop_this
from devtime.kernel.errors import Conflict
from devtime.kernel.logs import configure_logging
from devtime.kernel.settings import Settings

ALREADY_RUNS = 3
"""The exit code while another collector works in this home."""


def main() -> None:
    """Collect until the parent is gone."""
    home, level = Path(sys.argv[1]), sys.argv[2]
    configure_logging(msgspec.structs.replace(Settings(home=home), log=level))
    threading.Thread(target=_watch_parent, daemon=True).start()
    try:
        run_collector(home)
    except Conflict:
        raise SystemExit(ALREADY_RUNS) from None


def _watch_parent() -> None:
    sys.stdin.buffer.read()
    stop_this()


if __name__ == "__main__":
    main()
