"""`python -m tests.bench probes`: what a run of a probe costs, end to end, and twenty with a slow network each."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from tests.bench.machine import busy_percent, describe_machine

from devtime import __version__
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.manifest import ProbePlugin, load_probe
from devtime.plugins.kinds.probe.run import AT_ONCE, probe
from devtime.plugins.kinds.probe.surroundings import Surroundings

_NETWORK_S = 0.2
_QUIET = """const format = { kind: 'percent' }
return { plan: 'Pro', lines: [ctx.line.progress({ label: 'a', used: 1, limit: 100, format })] }"""
_ASKING = "ctx.host.http.request({ url: 'http://127.0.0.1:%d/' }); " + _QUIET


def _plugin(folder: Path, id: str, body: str) -> ProbePlugin:
    folder = folder / id
    folder.mkdir()
    manifest = {"schemaVersion": 1, "id": id, "name": id, "version": "1", "entry": "plugin.js"}
    (folder / "plugin.json").write_text(json.dumps(manifest))
    (folder / "plugin.js").write_text(f"globalThis.__openusage_plugin = {{ probe(ctx) {{ {body} }} }}")
    return load_probe(folder)


async def _answer_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(_NETWORK_S)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
    await writer.drain()
    writer.close()


async def _measure(folder: Path, rounds: int) -> list[tuple[str, str, str]]:
    pool = Pool(folder / "engine", workers=AT_ONCE, share=AT_ONCE, queue_s=60)
    home = folder / "home"
    home.mkdir()
    surroundings = Surroundings(home, {}, folder / "app")
    server = await asyncio.start_server(_answer_late, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    quiet = _plugin(folder, "quiet", _QUIET)
    asking = [_plugin(folder, f"asking{n}", _ASKING % port) for n in range(20)]
    await pool.warm()
    alone: list[float] = []
    crowds: list[float] = []
    for _ in range(4):
        await asyncio.gather(*(probe(quiet, surroundings, pool) for _ in range(AT_ONCE)))
    await probe(asking[0], surroundings, pool)
    for _ in range(rounds):
        for _ in range(40):
            start = time.perf_counter()
            snapshot = await probe(quiet, surroundings, pool)
            alone.append((time.perf_counter() - start) * 1_000)
            if snapshot.error:
                raise SystemExit(snapshot.error)
        start = time.perf_counter()
        snapshots = await asyncio.gather(*(probe(plugin, surroundings, pool) for plugin in asking))
        crowds.append(time.perf_counter() - start)
        if any(snapshot.error for snapshot in snapshots):
            raise SystemExit(next(snapshot.error for snapshot in snapshots if snapshot.error))
    server.close()
    await pool.close()
    return [
        ("a probe without input or output, end to end, warm pool, median", f"{median(alone):.1f} ms", "≤ 10 ms"),
        ("20 probes with 200 ms of network each, four at a time, median", f"{median(crowds):.2f} s", "≤ 1.5 s"),
    ]


def measure_probes(rounds: int) -> str:
    """The table."""
    busy = busy_percent()
    with tempfile.TemporaryDirectory(prefix="devtime-bench-") as made:
        machine = describe_machine(Path(made))
        rows = asyncio.run(_measure(Path(made), rounds))
    head = (
        f"DevTime {__version__}, {date.today().isoformat()}: {machine}. {rounds} rounds. "
        f"Before it began, other programs kept the machine {busy:.0f} % busy."
    )
    return (
        "\n".join([head, "", "| probes | | goal |", "|---|---:|---:|", *(f"| {' | '.join(row)} |" for row in rows)])
        + "\n"
    )
