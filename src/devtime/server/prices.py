"""The prices of a server process: one pricer with the config.toml of its home, opened anew when that file changes."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from devtime.home.config import config_path, read_document
from devtime.kernel.clock import DAY_MS, Clock
from devtime.kernel.errors import Invalid, Unavailable
from devtime.pricing.overrides import read_overrides
from devtime.pricing.pricer import Pricer, open_pricer
from devtime.pricing.prices import Card
from devtime.wire.rates import Rate

_LOG = logging.getLogger("devtime.server")
_MOST_RATES = 20_000
"""Rates priced by one pricer: their names come from users, and what it remembers of them must not grow for ever."""

Stamp = tuple[int, int] | None


class PriceBook:
    """Cards for rates, asked of one pricer in a thread, one question at a time."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self._asking = asyncio.Lock()
        self._pricer: Pricer | None = None
        self._stamp: Stamp = None
        self._day = 0
        self._priced = 0

    async def cards(self, rates: Mapping[int, Rate]) -> Mapping[int, Card | None]:
        """The cards by the ids the rates came with; None where nobody knows a price.

        Raises Unavailable while config.toml holds prices that cannot be read and never held better ones.
        """
        if not rates:
            return {}
        async with self._asking:
            return await asyncio.to_thread(self._ask, rates)

    def _ask(self, rates: Mapping[int, Rate]) -> Mapping[int, Card | None]:
        pricer = self._open()
        self._priced += len(rates)
        return pricer.cards(rates)

    def _open(self) -> Pricer:
        stamp, day = _stamp(config_path(self._home)), self._clock() // DAY_MS
        if self._pricer is not None and (stamp, day) == (self._stamp, self._day) and self._priced < _MOST_RATES:
            return self._pricer
        try:
            document = read_document(self._home)
            read_overrides(document.get("prices"))
        except (Invalid, OSError) as error:
            _LOG.error("prices in config.toml cannot be read: %s", error)
            if self._pricer is None:
                raise Unavailable("the prices in this server's config.toml cannot be read; its log says why") from None
            return self._pricer
        self._pricer = open_pricer(self._home, document, now_ms=self._clock())
        self._stamp, self._day, self._priced = stamp, day, 0
        return self._pricer


def _stamp(path: Path) -> Stamp:
    """What changes when the file does; None: there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
