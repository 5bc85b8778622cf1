"""`python -m devtime.collector.probing HOME`: one round of probes, as a child of the collector.

It asks the probes whose time has come and writes down what is new, also what `devtime probe` found meanwhile. A child
because the sandbox and its libraries would be most of the collector, which is idle nearly always.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from devtime.collector.limit_outbox import LimitOutbox, Snapshot
from devtime.kernel.clock import MINUTE_MS, Clock, now_ms
from devtime.kernel.errors import DevTimeError
from devtime.kernel.logs import configure_logging
from devtime.kernel.settings import Settings
from devtime.probes.prober import Prober, State

log = logging.getLogger("devtime.collector")

_LATEST_MS = 60 * MINUTE_MS
"""A probe that fails again and again is asked this often at the least."""
_UNUSED_MS = 30 * MINUTE_MS
"""So is one that never had an answer: most people use two of the eight services."""


async def probe_round(home: Path, prober: Prober | None = None, clock: Clock = now_ms) -> int:
    """Ask the probes whose time has come; answers how many snapshots are new."""
    prober = prober or Prober(home)
    outbox = LimitOutbox(home)
    every_ms = prober.settings.every_minutes * MINUTE_MS
    try:
        pairs = prober.pairs(prober.enabled())
        due = [pair for pair in pairs if _is_due(prober.state(*pair), outbox, every_ms, clock())]
        await prober.ask(due, cool_down_ms=0)
        states = [prober.state(*pair) for pair in pairs]
    finally:
        await prober.close()
    return outbox.add(spell(each, every_ms) for each in states if is_worth_telling(each))


def is_worth_telling(state: State) -> bool:
    """Whether anybody wants to hear it: a login that was never there is no news."""
    return bool(state.tried_at_ms) and state.snapshot is not None and not state.snapshot.is_failed


def spell(state: State, every_ms: int) -> Snapshot:
    """The latest attempt as the server takes it; one that failed carries the lines of the last good one."""
    plugin, good = state.plugin, state.snapshot
    lines = () if good is None else good.lines
    failure = state.failure
    fields = {
        "plugin": plugin.id,
        "instance": state.instance.id if state.instance.id != plugin.id else "",
        "at_ms": state.tried_at_ms,
        "display_name": plugin.name if not state.instance.name else state.instance.name,
        "plan": None if good is None else good.plan,
        "lines": lines,
        "error": None if failure is None else failure.error or _first_error(failure.lines),
        "fetched_at_ms": None if failure is None or good is None else good.fetched_at_ms,
        "overview": [line.label for line in plugin.lines if line.scope == "overview"],
        "icon": plugin.icon_url,
        "brand_color": plugin.brand_color,
        "links": plugin.links,
        "next_at_ms": max(state.wait_until_ms, state.tried_at_ms + every_ms),
    }
    return Snapshot(state.instance.id, state.tried_at_ms, msgspec.json.encode(fields).decode())


def _first_error(lines: Iterable[object]) -> str:
    return next((text for line in lines if (text := getattr(line, "text", ""))), "The plugin failed.")


def _is_due(state: State, outbox: LimitOutbox, every_ms: int, at_ms: int) -> bool:
    """Its time has come; failures in a row double the wait, up to an hour."""
    if at_ms < state.wait_until_ms:
        return False
    wait_ms = every_ms
    if state.snapshot is not None and state.snapshot.is_failed:
        wait_ms = max(every_ms, _UNUSED_MS)
    elif state.failure is not None:
        wait_ms = min(max(_LATEST_MS, every_ms), every_ms * 2 ** min(_failures(outbox, state), 6))
    # A round comes a little early or late; what was asked just before it by hand is fresh enough.
    return at_ms - state.tried_at_ms >= wait_ms * 0.6


def _failures(outbox: LimitOutbox, state: State) -> int:
    """How many of the latest attempts in a row failed, the first not counted."""
    count = 0
    for each in reversed(outbox.history(state.instance.id)):
        if b'"error":null' in each.body.encode():
            break
        count += 1
    return max(0, count - 1)


def main() -> None:
    """Run one round."""
    home = Path(sys.argv[1])
    configure_logging(Settings(home=home))
    try:
        asyncio.run(probe_round(home))
    except DevTimeError as error:
        log.warning("limits: %s", error)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
