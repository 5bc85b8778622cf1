"""What an importer yields: one row of the file at a time, read or refused. Resuming is skipping rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.heartbeat import Heartbeat

Item = TypeVar("Item")


class Row(msgspec.Struct, frozen=True):
    """Row `index` (from 0) of a file: a heartbeat, or the problem that kept it from being one."""

    index: int
    heartbeat: Heartbeat | None
    problem: Invalid | None


def read_rows(items: Iterator[Item], build: Callable[[Item], Heartbeat], skip: int) -> Iterator[Row]:
    """Number the items and build each; the first `skip` are passed over. A bad item is a row with a problem.

    An Invalid raised by `items` itself (the file breaks off) is the last row.
    """
    index = 0
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except Invalid as problem:
            yield Row(index, None, problem)
            return
        if index >= skip:
            yield _build_row(index, item, build)
        index += 1


def _build_row(index: int, item: Item, build: Callable[[Item], Heartbeat]) -> Row:
    try:
        return Row(index, build(item), None)
    except Invalid as problem:
        return Row(index, None, problem)
