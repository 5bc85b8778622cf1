"""How the reading of logs went: what `--verbose` tells, on standard error."""

from __future__ import annotations

import sys

from devtime.cli.terminal import clean
from devtime.cli.usage_books import Books

_MOST_TOLD = 200


def show_reading(books: Books) -> None:
    """What was read just now, and every place that was not understood, with the reason."""
    done = books.refreshed
    lines = [""]
    if done.is_other_running:
        lines.append("Another process is reading the logs just now; this is as of the last time.")
    elif done.logs:
        lines.append(
            f"Read {done.read:,} of {done.logs:,} logs ({done.read_bytes / 1e6:,.1f} MB): "
            f"{done.events:,} requests new or changed, {done.skipped:,} places skipped."
        )
    else:
        lines.append("No log changed since the last time.")
    if done.set_aside:
        lines.append(f"The ledger was broken and was made anew; the broken one is {clean(done.set_aside)}.")
    count, places = books.ledger.skipped(_MOST_TOLD)
    if count:
        lines.append(f"Not understood, {count:,} places in all:")
        lines += [f"  {clean(place.path)}, at {place.place:,}: {clean(place.reason)}" for place in places]
        if count > len(places):
            lines.append(f"  … and {count - len(places):,} more")
    print("\n".join(lines), file=sys.stderr)
