"""Who is next: callers take turns by key, and none has more than its share at work. Pure bookkeeping."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from typing import Generic, TypeVar

Ticket = TypeVar("Ticket")


class Turns(Generic[Ticket]):
    """Tickets that wait, by key, and how many of each key are at work."""

    def __init__(self, share: int) -> None:
        self._share = share
        self._waiting: OrderedDict[str, deque[Ticket]] = OrderedDict()
        self._working: Counter[str] = Counter()

    def __len__(self) -> int:
        return sum(len(tickets) for tickets in self._waiting.values())

    def add(self, key: str, ticket: Ticket) -> None:
        """Wait at the end of the key's line; a new key comes after all others."""
        self._waiting.setdefault(key, deque()).append(ticket)

    def take(self) -> tuple[str, Ticket] | None:
        """The next ticket, which is at work from now on: the first of the key whose turn it is."""
        key = next((key for key in self._waiting if self._working[key] < self._share), None)
        if key is None:
            return None
        tickets = self._waiting[key]
        ticket = tickets.popleft()
        if tickets:
            self._waiting.move_to_end(key)
        else:
            del self._waiting[key]
        self._working[key] += 1
        return key, ticket

    def finish(self, key: str) -> None:
        """One of the key is no longer at work."""
        self._working[key] -= 1
        if self._working[key] <= 0:
            del self._working[key]

    def drain(self) -> list[Ticket]:
        """Everyone who waits, who then does no longer."""
        waiting = [ticket for tickets in self._waiting.values() for ticket in tickets]
        self._waiting.clear()
        return waiting

    def leave(self, key: str, ticket: Ticket) -> bool:
        """Wait no longer; False when the ticket is not waiting."""
        tickets = self._waiting.get(key)
        if tickets is None or ticket not in tickets:
            return False
        tickets.remove(ticket)
        if not tickets:
            del self._waiting[key]
        return True
