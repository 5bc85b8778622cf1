"""A ledger of a made-up home whose logs tests write: refreshed as a new process would, compared with a fresh one."""

from __future__ import annotations

import shutil
from pathlib import Path

from devtime.ledger import answers
from devtime.ledger.ledger import Ledger, open_ledger
from devtime.ledger.outcome import Refreshed
from devtime.readers.surroundings import Surroundings
from devtime.wire.usage_sums import Part, UsageQuestion

Row = tuple[tuple[str | int, ...], tuple[int, ...]]

answers.WORTH_S, answers.LIVE_S = -1.0, 1_000.0
"""Here every answer is remembered: what is forgotten too late comes out wrong."""

PARTS: tuple[Part, ...] = ("slot", "agent", "model", "session", "folder", "project", "branch", "sidechain")


class Trial:
    """A home with logs of Claude Code and a ledger."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ledger_home = home / ".devtime"
        self.logs = home / ".claude/projects"
        self.logs.mkdir(parents=True)

    def put(self, relative: str, data: bytes) -> Path:
        """Write a log, in the place of the one that was there."""
        path = self.logs / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def add(self, relative: str, data: bytes) -> None:
        """Append to a log."""
        with (self.logs / relative).open("ab") as stream:
            stream.write(data)

    @property
    def surroundings(self) -> Surroundings:
        """Where its logs are."""
        return Surroundings(self.home, {})

    def open(self) -> Ledger:
        """The ledger, as another process opens it."""
        return open_ledger(self.ledger_home)

    def refresh(self) -> Refreshed:
        """Bring it up to date; nothing may go wrong."""
        with self.open() as ledger:
            outcome = ledger.refresh(self.surroundings)
        assert outcome.trouble == ""
        return outcome

    def rows(self) -> list[Row]:
        """Everything its sums tell."""
        with self.open() as ledger:
            return read_rows(ledger)

    def rows_of_events(self) -> list[Row]:
        """The same from the events, without the help of sums."""
        with self.open() as ledger:
            events = ledger.events(UsageQuestion(), 1_000_000)
        sums: dict[tuple[str | int, ...], list[int]] = {}
        for event in events:
            names = (event.time_ms // 900_000, event.agent, event.model, event.session, event.folder, event.project)
            counts = (1, event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens)
            more = (event.cache_write_1h_tokens, event.web_searches, event.cost_nusd or 0)
            cell = sums.setdefault((*names, event.branch, event.is_sidechain), [0] * 8)
            for place, count in enumerate((*counts, *more)):
                cell[place] += count
        return sorted((names, tuple(cell)) for names, cell in sums.items())

    def anew(self) -> list[Row]:
        """What a ledger made from the logs as they are now tells."""
        other = self.home / ".devtime-anew"
        shutil.rmtree(other, ignore_errors=True)
        with open_ledger(other) as ledger:
            assert ledger.refresh(self.surroundings).trouble == ""
            return read_rows(ledger)


def read_rows(ledger: Ledger) -> list[Row]:
    """Everything the sums of a ledger tell, in order."""
    rows: dict[tuple[str | int, ...], list[int]] = {}
    for cell in ledger.sums(UsageQuestion(parts=PARTS)):
        tokens = cell.tokens
        counts = (tokens.events, tokens.input, tokens.output, tokens.cache_read, tokens.cache_write)
        more = (tokens.cache_write_1h, tokens.web_searches, cell.logged_nusd)
        known = rows.setdefault(cell.names, [0] * 8)
        for place, count in enumerate((*counts, *more)):
            known[place] += count
    return sorted((names, tuple(counts)) for names, counts in rows.items())
