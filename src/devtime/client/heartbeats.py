"""Heartbeats over the network: one batch, and what the server did with it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from devtime.client.session import Client
from devtime.kernel.errors import Unavailable


class Rejection(msgspec.Struct, frozen=True):
    """A heartbeat the server will never take, by its place in the batch, and why."""

    index: int = 0
    field: str = ""
    reason: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """What became of a batch."""

    inserted: int
    duplicates: int = 0
    excluded: int = 0
    rejected: list[Rejection] = []


class HeartbeatClient:
    """A server that takes heartbeats."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def send(self, bodies: Sequence[str]) -> Receipt:
        """Send heartbeats, each a JSON object. DevTimeError when the server took none, Invalid when it never will."""
        answer = self._client.post_json("/api/heartbeat/batch", f'{{"heartbeats":[{",".join(bodies)}]}}'.encode())
        try:
            return msgspec.json.decode(answer, type=Receipt)
        except msgspec.DecodeError:
            raise Unavailable("what answers there is not DevTime: look at [api] endpoint in config.toml") from None
