"""`devtime probe serve`: the local API, and probes asked in turn so that it has something to tell."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterable

from devtime.kernel.errors import Conflict, DevTimeError
from devtime.probes.local_api import LocalApi
from devtime.probes.prober import Prober, State


def serve_probes(prober: Prober, port: int | None) -> None:
    """Until a signal. Conflict when the port is taken."""
    asyncio.run(_serve(prober, prober.settings.port if port is None else port))


async def _serve(prober: Prober, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    api = LocalApi(lambda: states_of(prober), port)
    try:
        await api.start()
    except OSError as error:
        raise Conflict(f"127.0.0.1:{port} cannot be used: {error.strerror}. Choose another with --port.") from None
    print(f"http://127.0.0.1:{api.port}/v1/usage", flush=True)
    asking = asyncio.create_task(_ask_in_turn(prober))
    try:
        await stop.wait()
    finally:
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        await api.close()
        await prober.close()


async def _ask_in_turn(prober: Prober) -> None:
    every_s = prober.settings.every_minutes * 60
    while True:
        try:
            await prober.ask(prober.pairs(prober.enabled()), cool_down_ms=every_s * 1_000)
        except DevTimeError as error:
            print(f"devtime: {error}", flush=True)
        await asyncio.sleep(every_s)


def states_of(prober: Prober) -> Iterable[tuple[State, bool]]:
    """Every instance as it is remembered, and whether it is enabled."""
    enabled = {one.id for one in prober.enabled()}
    for one, plugin in prober.pairs(prober.instances()):
        yield prober.state(one, plugin), one.id in enabled
