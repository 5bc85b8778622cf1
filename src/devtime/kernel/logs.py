"""Log lines of a DevTime process: on standard error, time, level, where, what."""

from __future__ import annotations

import logging

from devtime.kernel.errors import Invalid
from devtime.kernel.settings import Settings

_LEVELS = ("debug", "info", "warning", "error")


def configure_logging(settings: Settings) -> None:
    """Set up logging as `settings.log` asks; a line per request only for `debug`."""
    if settings.log.lower() not in _LEVELS:
        raise Invalid("log", f"is one of {', '.join(_LEVELS)}")
    level = settings.log.upper()
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("devtime.access").setLevel(logging.INFO if level == "DEBUG" else logging.WARNING)
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
