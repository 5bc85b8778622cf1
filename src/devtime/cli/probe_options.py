"""What the probe commands share: the prober of a home, and the seam for tests of plugins."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from devtime.cli.probe_show import Look
from devtime.cli.terminal import terminal_width, wants_colour
from devtime.home.config import home_folder
from devtime.home.zone import system_zone
from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Invalid
from devtime.kernel.zones import find_zone
from devtime.probes.prober import Prober

HOME_VARIABLE = "DEVTIME_PROBE_HOME"
ORIGINS_VARIABLE = "DEVTIME_PROBE_ORIGINS"

TestHome = Annotated[Path | None, Parameter(name="--test-home", show=False)]
TestOrigins = Annotated[list[str] | None, Parameter(name="--test-origin", show=False, negative=())]


def prober_of(home: Path | None, test_home: Path | None = None, test_origins: list[str] | None = None) -> Prober:
    """The prober. Another home of the person, or other origins, come from a test and need its flag.

    What plugins log is in their book, and not between the lines of the answer: `devtime probe log` shows it.
    """
    logging.getLogger("devtime.probe").addHandler(logging.NullHandler())
    told_home = os.environ.get(HOME_VARIABLE, "")
    told_origins = [one for one in os.environ.get(ORIGINS_VARIABLE, "").split(",") if one.strip()]
    return Prober(
        home_folder(os.environ, home),
        user_home=test_home or (Path(told_home) if told_home else None),
        rewrites=dict(_origin(one) for one in (*told_origins, *(test_origins or ()))),
    )


def _origin(text: str) -> tuple[str, str]:
    ours, found, theirs = text.strip().partition("=")
    if not found or "://" not in ours or "://" not in theirs:
        raise Invalid(
            "--test-origin", f"{text[:100]!r} is not of the form https://api.example.com=http://127.0.0.1:8000"
        )
    return ours.rstrip("/").lower(), theirs.rstrip("/")


def look_of(prober: Prober | None = None, *, is_detailed: bool = True) -> Look:
    """What the terminal can, and how resets are spelled there."""
    is_absolute = prober is not None and prober.settings.resets == "absolute"
    zone = find_zone(system_zone()) if is_absolute else None
    encoding = (sys.stdout.encoding or "ascii").lower()
    is_plain = not encoding.startswith("utf")
    return Look(terminal_width(), wants_colour(None), is_plain, is_detailed, now_ms(), zone)
