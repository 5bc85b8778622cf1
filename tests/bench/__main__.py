"""`python -m tests.bench`: fill a store, start a server on it, measure, and print the medians of interleaved rounds."""

from __future__ import annotations

import argparse
import shutil
import socket
import sys
import tempfile
from datetime import date
from pathlib import Path

import psutil
from tests.bench import usage
from tests.bench.clients import measure_clients
from tests.bench.crowd import HEAVY, Crowd, fill_crowd
from tests.bench.engine import measure_engine
from tests.bench.hooks import measure_hooks
from tests.bench.instance import check_totals, meet, memory_mb, running_server, running_store
from tests.bench.machine import busy_percent, describe_machine
from tests.bench.probes import measure_probes
from tests.bench.report import write_into, write_table
from tests.bench.scenarios import askings, sendings

from devtime import __version__
from devtime.kernel.clock import now_ms
from devtime.store.embedded import Running

_SENDERS = 8


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=["server", "engine", "hooks", "probes", "clients"],
        default="server",
        help="what to measure",
    )
    parser.add_argument("--heartbeats", type=int, default=5_000_000, help="in the store, 200,000 or more")
    parser.add_argument("--rounds", type=int, default=5, help="of how many rounds to take the medians")
    parser.add_argument("--write", type=Path, metavar="FILE", help="a document to put the table into")
    parser.add_argument("--folder", type=Path, default=None, help="where to make the temporary store")
    return parser.parse_args()


def main() -> None:
    """Measure this machine."""
    arguments = _arguments()
    if arguments.what == "clients":
        print(measure_clients())
        return
    if arguments.what == "probes":
        print(measure_probes(arguments.rounds))
        return
    if arguments.what == "engine":
        print(measure_engine(arguments.rounds))
        return
    if arguments.what == "hooks":
        print(measure_hooks(arguments.rounds))
        return
    home = Path(tempfile.mkdtemp(prefix="devtime-bench-", dir=arguments.folder))
    busy = busy_percent()
    try:
        with running_store(home) as postgres:
            crowd = fill_crowd(postgres.address.dsn(), arguments.heartbeats, _SENDERS, now_ms())
            table = _measure(home, postgres, crowd, arguments.rounds, busy)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(table)
    if arguments.write:
        write_into(arguments.write, table)


def _measure(home: Path, postgres: Running, crowd: Crowd, rounds: int, busy: float) -> str:
    heavy, *senders = meet(postgres.address.dsn(), [crowd.heavy, *crowd.senders])
    sent, asked = sendings(heavy, senders), askings(heavy)
    numbers = _Numbers()
    port = _free_port()
    with running_server(home, port) as server:
        idle_mb, _ = memory_mb(server)
        for turn in range(rounds + 1):
            print(f"round {turn} of {rounds}" if turn else "warming up", flush=True)
            for sending in sent:
                sending.run(port, numbers.take, is_warm_up=not turn)
            for asking in asked:
                asking.run(port, is_warm_up=not turn)
        busy_mb, processes = memory_mb(server)
        store_mb, backends = memory_mb(psutil.Process(postgres.pid))
    expected = HEAVY + len(senders) + sum(sending.sent for sending in sent)
    check_totals(postgres.address.dsn(), [heavy, *senders], expected)
    heading = [
        f"DevTime {__version__}, {date.today().isoformat()}: {describe_machine(home)}.",
        f"{crowd.heartbeats:,} heartbeats in the store, written in {crowd.seconds:,.0f} s; one server process that "
        f"answers, embedded PostgreSQL with fsync on, load from the same machine over loopback; medians of {rounds} "
        f"interleaved rounds. Before it began, other programs kept the machine {busy:.0f} % busy.",
    ]
    memory = [
        ("server at rest", idle_mb),
        (f"server after the load, {processes} processes", busy_mb),
        (f"PostgreSQL after the load, {backends} processes", store_mb),
    ]
    return write_table(heading, sent, asked, memory)


class _Numbers:
    """Numbers never handed out before."""

    def __init__(self) -> None:
        self._next = 0

    def take(self, count: int) -> int:
        """The first of `count` numbers."""
        first, self._next = self._next, self._next + count
        return first


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    if sys.argv[1:2] == ["usage"]:
        usage.main(sys.argv[2:])
    else:
        main()
