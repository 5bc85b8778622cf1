"""What a process that helps to build a ledger runs: read logs as they come, fill a database, tell how much it was."""

from __future__ import annotations

import gc
import marshal
import os
import sys
import threading
import time
from pathlib import Path

from devtime.ledger.bulk import Bulk
from devtime.ledger.hands import take_tasks
from devtime.ledger.logs import Log
from devtime.readers.registry import READERS


def run() -> None:
    """Do what standard input says, with the tasks of the pipe whose number is the one argument."""
    gc.disable()
    threading.Thread(target=_die_with_parent, args=(os.getppid(),), daemon=True).start()
    order = marshal.loads(sys.stdin.buffer.read())  # noqa: S302 - from the process that started this one
    logs = {number: Log(number, *rest) for number, *rest in order["logs"]}
    readers = {(reader.agent, reader.shape): reader for reader in READERS}
    bulk = Bulk(Path(order["draft"]), order["share"], logs)
    for number in take_tasks(int(sys.argv[1])):
        log = logs[number]
        bulk.take(readers[log.agent, log.shape], log)
    bulk.sum_up()
    bulk.connection.execute("COMMIT")
    bulk.close()
    facts = {"read": bulk.read, "read_bytes": bulk.read_bytes, "skipped": bulk.skipped}
    sys.stdout.buffer.write(marshal.dumps(facts))
    sys.stdout.buffer.flush()


def _die_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
