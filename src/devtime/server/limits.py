"""Rate limits: token buckets in memory, by key, user or address, never by anything a client can choose freely."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from ipaddress import IPv6Address
from uuid import UUID

import msgspec

from devtime.kernel.errors import TooMany
from devtime.kernel.settings import Settings
from devtime.server.identity import Identity

LOGINS_PER_MINUTE = 20
"""Passwords one address may try; `ATTEMPTS_PER_MINUTE` of them for the same account."""
ATTEMPTS_PER_MINUTE = 5
PUBLISHES_PER_MINUTE = 30
"""Plugins and themes one author may publish."""
OPINIONS_PER_MINUTE = 60
"""Stars, reviews and screenshots of one person."""
REPORTS_PER_MINUTE = 10
"""Reports of one person."""

_MOST_BUCKETS = 10_000


class _Bucket(msgspec.Struct):
    tokens: float
    at: float


class Rate:
    """So many a minute, all at once if need be. `per_minute` 0 sets no limit; processes share the limit evenly."""

    def __init__(self, per_minute: int, workers: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = max(per_minute / workers, 1.0) if per_minute > 0 else 0.0
        self._per_second = per_minute / workers / 60.0
        self._clock = clock
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()
        """The longest idle first."""

    def take(self, who: Hashable, what: str) -> None:
        """Count one; TooMany, with the seconds until the next is allowed, when there were too many."""
        if not self._capacity:
            return
        now = self._clock()
        bucket = self._buckets.get(who)
        if bucket is None:
            self._make_room(now)
            bucket = self._buckets[who] = _Bucket(self._capacity, now)
        else:
            bucket.tokens = min(self._capacity, bucket.tokens + (now - bucket.at) * self._per_second)
            bucket.at = now
            self._buckets.move_to_end(who)
        if bucket.tokens < 1.0:
            raise TooMany(f"too many {what}", math.ceil((1.0 - bucket.tokens) / self._per_second))
        bucket.tokens -= 1.0

    def give_back(self, who: Hashable) -> None:
        """Uncount one."""
        if bucket := self._buckets.get(who):
            bucket.tokens = min(self._capacity, bucket.tokens + 1.0)

    def _make_room(self, now: float) -> None:
        """Where there are too many, drop those that are full again, and if none is, the one that was idle longest."""
        if len(self._buckets) < _MOST_BUCKETS:
            return
        whole_s = self._capacity / self._per_second
        self._buckets.popitem(last=False)
        while self._buckets and now - next(iter(self._buckets.values())).at >= whole_s:
            self._buckets.popitem(last=False)


class Limits:
    """The limits of one server process."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        workers = settings.workers
        self._single = Rate(settings.single_per_minute, workers, clock)
        self._bulk = Rate(settings.bulk_per_minute, workers, clock)
        self._rpc = Rate(settings.rpc_per_minute, workers, clock)
        # Not divided: a share of five would punish a single slip, and hashing slows guessing anyway.
        self._logins = Rate(LOGINS_PER_MINUTE, 1, clock)
        self._attempts = Rate(ATTEMPTS_PER_MINUTE, 1, clock)
        self._publishes = Rate(PUBLISHES_PER_MINUTE, workers, clock)
        self._opinions = Rate(OPINIONS_PER_MINUTE, workers, clock)
        self._reports = Rate(REPORTS_PER_MINUTE, workers, clock)

    def take_heartbeat(self, identity: Identity) -> None:
        """A request with a single heartbeat."""
        self._single.take(identity.credential, "heartbeats with this key; send them in batches")

    def take_bulk(self, identity: Identity) -> None:
        """A request with a batch of heartbeats."""
        self._bulk.take(identity.credential, "batches with this key")

    def take_rpc(self, user_id: UUID) -> None:
        """A call of a plugin's endpoint, or a run in the studio, whoever's credential it came with."""
        self._rpc.take(user_id, "calls of plugins")

    def take_publish(self, identity: Identity) -> None:
        """Something published, whatever the key."""
        self._publishes.take(identity.user_id, "things published at once; wait a moment")

    def take_opinion(self, identity: Identity) -> None:
        """A rating, review or screenshot."""
        self._opinions.take(identity.user_id, "opinions at once; wait a moment")

    def take_report(self, identity: Identity) -> None:
        """A report."""
        self._reports.take(identity.user_id, "reports at once; wait a moment")

    def take_login(self, peer: str, account: str) -> None:
        """A password tried from that address for that account (whatever name was typed)."""
        network, name = _network_of(peer), account.strip().lower()[:64]
        self._logins.take(network, "attempts to sign in from this address")
        self._attempts.take((network, name), "attempts to sign in to this account")

    def forgive_login(self, peer: str, account: str) -> None:
        """The password was right: it does not count."""
        network, name = _network_of(peer), account.strip().lower()[:64]
        self._logins.give_back(network)
        self._attempts.give_back((network, name))


def _network_of(peer: str) -> str:
    """What one subscriber holds: an IPv4 address, or the 2^64 addresses of an IPv6 network."""
    try:
        address = IPv6Address(peer.partition("%")[0])
    except ValueError:
        return peer
    return str(address.ipv4_mapped or int(address) >> 64)
