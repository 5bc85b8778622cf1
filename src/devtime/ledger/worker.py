"""What a process that helps to build a ledger runs: read logs as they come, fill a database, tell how much it was."""

from __future__ import annotations

import gc
import marshal
import os
import sys
import threading
import time
from array import array
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
    # Both in bulk: row by row from the database, they would take the other process a tenth of its time.
    keys, ids = array("q", bulk.ids), array("q", bulk.ids.values())
    told = (bulk.read, bulk.read_bytes, bulk.skipped, keys.tobytes(), ids.tobytes())
    sys.stdout.buffer.write(marshal.dumps(told))
    sys.stdout.buffer.flush()


def _die_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
