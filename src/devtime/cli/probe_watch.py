"""`devtime probe --watch`: the probes, redrawn where they stand; asked again when their time has come."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence

from msgspec.structs import replace

from devtime.cli.probe_options import look_of
from devtime.cli.probe_show import Look, draw_states
from devtime.cli.terminal import DIM, terminal_width
from devtime.cli.usage_live import live_screen, redraw
from devtime.kernel.errors import Invalid
from devtime.probes.prober import Prober, State

_LOOK_S = 20.0
_QUIT = {"q", "Q", "\x1b", "\x03", "\x04"}


def watch_probes(prober: Prober, ids: list[str], *, is_detailed: bool, is_granted: bool) -> None:
    """Until q or Ctrl+C. Needs a terminal."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        raise Invalid("--watch", "needs a terminal; for scripts there is `devtime probe --json`")
    pairs = [prober.find(one) for one in ids] if ids else prober.pairs(prober.enabled())
    every_ms = prober.settings.every_minutes * 60_000
    with asyncio.Runner() as runner, live_screen() as read_key:
        try:
            look = look_of(prober, is_detailed=is_detailed)
            known = [prober.state(one, plugin) for one, plugin in pairs]
            shown = _draw([replace(state, is_trusted=is_granted or state.is_trusted) for state in known], look)
            redraw(shown, look.width)
            while True:
                states = runner.run(prober.ask(pairs, is_granted=is_granted, cool_down_ms=every_ms))
                look = look_of(prober, is_detailed=is_detailed)
                picture = _draw(states, look)
                if picture != shown:
                    redraw(picture, look.width)
                    shown = picture
                until = time.monotonic() + _LOOK_S
                while (left := until - time.monotonic()) > 0:
                    key = read_key(left)
                    if key in _QUIT:
                        return
                    if key and terminal_width() != look.width:
                        break
        finally:
            runner.run(prober.close())


def _draw(states: Sequence[State], look: Look) -> str:
    return draw_states(states, look) + "\n" + look.paint("q ends this", DIM) + "\n"
