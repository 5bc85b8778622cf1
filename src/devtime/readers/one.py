"""Finding one reader without importing all: a log that grew is read by its own agent's, on the way of a status line."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from devtime.readers.reader import Reader
from devtime.wire.agents import AGENT_TOOLS


def find_reader(agent: str, shape: str) -> Reader | None:
    """The agent's reader of that shape: most lie in the module of the agent's name, the rest is in the registry."""
    if agent not in AGENT_TOOLS:
        return None
    found = _readers_in(import_module(f"devtime.readers.{agent}"))
    if shape not in found:
        found = _readers_in(import_module("devtime.readers.registry"), agent)
    return found.get(shape)


def _readers_in(module: ModuleType, agent: str = "") -> dict[str, Reader]:
    many: tuple[Reader, ...] = getattr(module, "READERS", ()) or (module.READER,)
    return {reader.shape: reader for reader in many if agent in ("", reader.agent)}
