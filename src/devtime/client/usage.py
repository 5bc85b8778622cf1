"""Usage over the network: what the collector sends, and what it asks back."""

from __future__ import annotations

import msgspec

from devtime.client.session import Client


class _Receipt(msgspec.Struct):
    """The part of the server's answer that is of use here."""

    rejected: list[msgspec.Raw] = []


class _Today(msgspec.Struct):
    active_seconds: float = 0.0


class UsageClient:
    """A server that takes usage events."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def send_usage(self, batch: bytes) -> int:
        """Send one batch; answers how many of its items the server refused. DevTimeError when it took nothing."""
        answer = self._client.post_json("/api/usage/events", batch)
        return len(msgspec.json.decode(answer, type=_Receipt).rejected)

    def send_limits(self, batch: bytes) -> int:
        """Send what probes told; answers how many snapshots the server refused. NotFound where it knows no limits."""
        answer = self._client.post_json("/api/limits", batch)
        return len(msgspec.json.decode(answer, type=_Receipt).rejected)

    def fetch_today_seconds(self) -> float:
        """The active time of the key's user today, in their time zone."""
        answer = self._client.get_json("/api/stats?range=today")
        return msgspec.json.decode(answer, type=_Today).active_seconds
