"""Making the ledger where there is none: in a file beside it, by several processes if there is much, then renamed.

Each process reads logs as it gets to them and fills a database of its own; this one then takes the others' rows over.
"""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import gc
import os
from pathlib import Path

from devtime.kernel.slots import SLOT_MS
from devtime.ledger import schema
from devtime.ledger.bulk import Bulk, open_share
from devtime.ledger.connection import publish
from devtime.ledger.hands import Hand, Tasks, start_hands
from devtime.ledger.logs import Log
from devtime.ledger.merging import roll_up
from devtime.ledger.outcome import Refreshed
from devtime.ledger.scanning import Scan, scan_text
from devtime.readers.surroundings import Surroundings

MUCH_BYTES = 100 << 20
"""From here on another process is worth its start."""

_MOST_HANDS = 3


def build(path: Path, scan: Scan, surroundings: Surroundings, outcome: Refreshed, *, may_share: bool) -> None:
    """Make the ledger from all logs of the scan. Another process helps if `may_share` and there is much to read."""
    remove_drafts(path)
    logs = {
        number: Log(number, found.reader.agent, found.reader.shape, found.path, found.relative)
        for number, found in enumerate(scan.logs, 1)
    }
    size = sum(found.stamp.size for found in scan.logs)
    hands = min((os.cpu_count() or 1) - 1, _MOST_HANDS) if may_share and size > MUCH_BYTES else 0
    is_collecting = gc.isenabled()
    gc.disable()  # nothing here has cycles, and looking for some among a million rows takes a third of the time
    try:
        _fill(path, scan, logs, surroundings, outcome, hands)
    finally:
        if is_collecting:
            gc.enable()
        remove_drafts(path)


def draft_path(path: Path, share: int) -> Path:
    """Where a process's share is made."""
    return path.with_name(f"{path.name}.new-{os.getpid()}-{share}")


def remove_drafts(path: Path) -> None:
    """Remove what a build that was cut off left behind; only one process builds at a time."""
    for draft in path.parent.glob(f"{path.name}.new-*"):
        draft.unlink(missing_ok=True)


def _fill(
    path: Path, scan: Scan, logs: dict[int, Log], surroundings: Surroundings, outcome: Refreshed, count: int
) -> None:
    # The largest first: the last ones, which decide who waits for whom, are small.
    order = sorted(logs, key=lambda number: -scan.logs[number - 1].stamp.size)
    with Tasks(order) as tasks, start_hands(tasks, list(logs.values()), path, count) as hands:
        bulk = Bulk(draft_path(path, 0), 0, logs)
        try:
            for number in tasks:
                bulk.take(scan.logs[number - 1].reader, logs[number])
            bulk.sum_up()
            bulk.connection.execute("COMMIT")
            for hand in hands:
                _take_over(bulk, hand, logs)
            _finish(bulk, scan, surroundings)
            (outcome.events,) = bulk.connection.execute("SELECT count(*) FROM events").fetchone()
        finally:
            bulk.close()
    outcome.logs, outcome.read, outcome.read_bytes = len(logs), bulk.read, bulk.read_bytes
    outcome.skipped = bulk.skipped
    publish(draft_path(path, 0), path)


def _take_over(bulk: Bulk, hand: Hand, logs: dict[int, Log]) -> None:
    """Bring another process's share into this one's."""
    share = hand.wait()
    bulk.read += share.read
    bulk.read_bytes += share.read_bytes
    bulk.skipped += share.skipped
    connection = bulk.connection
    open_share(connection, hand.path)
    connection.execute("BEGIN")
    _settle_doubles(bulk, share.ids, logs)
    for table in ("contexts", "rates", "files", "skipped", "events", "slots"):
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM share.{table}")
    connection.execute("INSERT OR IGNORE INTO main.echoes SELECT * FROM share.echoes")
    connection.execute("COMMIT")
    connection.execute("DETACH DATABASE share")


def _settle_doubles(bulk: Bulk, theirs: dict[int, int], logs: dict[int, Log]) -> None:
    """Events that both shares have: the one that does not count is taken out of its share, and of its sums.

    `theirs`, key to id, is what the other share holds; afterwards `bulk.ids` knows of those too, for the next share.
    """
    connection, ids = bulk.connection, bulk.ids
    doubles = [(key, theirs[key]) for key in ids.keys() & theirs.keys()]
    touched: dict[tuple[str, int], set[tuple[int, int]]] = {}
    for key, their_id in doubles:
        asked = "SELECT rank, file, time_ms, rate FROM {}.events WHERE id = ?"
        ours = connection.execute(asked.format("main"), (ids[key],)).fetchone()
        other = connection.execute(asked.format("share"), (their_id,)).fetchone()
        is_ours_better = (-ours[0], logs[ours[1]].order) < (-other[0], logs[other[1]].order)
        name, id, loser = ("share", their_id, other) if is_ours_better else ("main", ids[key], ours)
        connection.execute(f"DELETE FROM {name}.events WHERE id = ?", (id,))
        if is_ours_better:
            del theirs[key]
        bulk.echo(key, loser[1])
        place = (loser[2] // SLOT_MS, loser[3])
        touched.setdefault((name, id >> schema.CONTEXT_BITS), set()).add(place)
    for (name, context), places in touched.items():
        roll_up(connection, context, places, name)
    ids.update(theirs)


def _finish(bulk: Bulk, scan: Scan, surroundings: Surroundings) -> None:
    connection = bulk.connection
    connection.execute("BEGIN")
    schema.create_indexes(connection)
    connection.executemany("INSERT INTO folders VALUES (?, ?)", scan.folders.items())
    meta = [("scan", scan_text(scan, surroundings)), ("seq", bulk.seq + (_MOST_HANDS + 1 << 32))]
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta)
    troubles = [(0, 0, f"{reason}: {os.fsdecode(path)}") for path, reason in scan.troubles]
    connection.executemany("INSERT OR IGNORE INTO skipped VALUES (?, ?, ?)", troubles)
    connection.execute("COMMIT")
    connection.execute("PRAGMA locking_mode = NORMAL")
    connection.execute("PRAGMA journal_mode = WAL")
