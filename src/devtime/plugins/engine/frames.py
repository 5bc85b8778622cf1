"""What pool and worker say to each other: a length of four bytes, then JSON, which both sides read by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from devtime.plugins.engine.execution import Kind, Level
from devtime.plugins.engine.limits import Limits

LENGTH_BYTES = 4
LARGEST_FRAME_BYTES = 8 << 20

StepState = Literal["on", "off", "absent"]


class Step(msgspec.Struct, frozen=True):
    """One step of the hardening: in force, refused by the system, or not of this system."""

    name: str
    state: StepState
    told: str = ""


class Order(msgspec.Struct, frozen=True):
    """What the boot script begins with."""

    file: str
    entry: str
    args: msgspec.Raw
    script: str | None
    modules: Mapping[str, str] | None
    foreign: Mapping[str, str]
    limits: Limits
    is_check: bool


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """To the worker: run this, in a VM with this prelude."""

    order: Order
    prelude: str


class Transform(msgspec.Struct, frozen=True, tag="transform"):
    """To the worker: make JavaScript of TypeScript."""

    file: str
    source: str
    limits: Limits


class Settle(msgspec.Struct, frozen=True, tag="settle"):
    """To the worker: the answer to a host call."""

    id: int
    is_good: bool
    value: msgspec.Raw


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """From the worker: hardened, waiting for work."""

    steps: tuple[Step, ...]


class Unready(msgspec.Struct, frozen=True, tag="unready"):
    """From the worker: it cannot start."""

    told: str


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """From the worker: a host call."""

    id: int
    name: str
    args: msgspec.Raw


class Logged(msgspec.Struct, frozen=True, tag="logged"):
    """From the worker: a line of the plugin's log."""

    level: Level
    text: str


class Thrown(msgspec.Struct, frozen=True):
    """What a plugin threw, as the guest tells it."""

    name: str
    message: str
    stack: str = ""


class Done(msgspec.Struct, frozen=True, tag="done"):
    """From the worker: the end of a run."""

    kind: Kind
    value: msgspec.Raw
    thrown: Thrown | None
    told: str
    duration_ms: float
    memory_bytes: int
    resident_bytes: int


ToWorker = Begin | Transform | Settle
FromWorker = Ready | Unready | Asked | Logged | Done

_ENCODER = msgspec.json.Encoder()
_TO_WORKER: msgspec.json.Decoder[ToWorker] = msgspec.json.Decoder(ToWorker)
_FROM_WORKER: msgspec.json.Decoder[FromWorker] = msgspec.json.Decoder(FromWorker)


def pack(frame: ToWorker | FromWorker) -> bytes:
    """A frame as it goes over the socket."""
    body = _ENCODER.encode(frame)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def read_order(body: bytes) -> ToWorker:
    """What the pool said; msgspec.DecodeError when it is no frame."""
    return _TO_WORKER.decode(body)


def read_report(body: bytes) -> FromWorker:
    """What the worker said; msgspec.DecodeError when it is no frame."""
    return _FROM_WORKER.decode(body)
