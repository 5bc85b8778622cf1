"""What `codex exec --json` prints, saved to a file: one usage a turn, often without time or model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from devtime.readers.codex_models import named_model
from devtime.readers.codex_usage import CodexUsage, usage_of
from devtime.readers.fields import fields_of, instant_of, parse_json, place_rest

_WRAPPINGS = ("data", "result", "response")
_TIMES = ("timestamp", "created_at", "createdAt")


class Turn(NamedTuple):
    """One turn. `time_ms` is 0 and `model` empty where the line does not tell."""

    usage: CodexUsage
    time_ms: int
    model: str


def read_turn(line: bytes) -> Turn | None:
    """The turn a line tells of; None for lines of another kind. Raises Unreadable for counts that are none."""
    value = fields_of(parse_json(line))
    layers = [value, *(fields_of(value.get(name)) for name in _WRAPPINGS)]
    usage = _first_usage(layers)
    if usage is None:
        return None
    return Turn(usage, _first_time(layers), next((model for model in map(_model, layers) if model), ""))


def _first_usage(layers: list[Mapping[str, object]]) -> CodexUsage | None:
    for layer in layers:
        if fields := fields_of(layer.get("usage")):
            usage = usage_of(fields).within()
            if usage.is_empty:
                output, _ = place_rest(usage.total, 0, 0, 0)
                usage = usage._replace(output=output)
            return None if usage.is_empty else usage
    return None


def _first_time(layers: list[Mapping[str, object]]) -> int:
    times = (instant_of(layer.get(name)) for layer in layers for name in _TIMES)
    return next((time_ms for time_ms in times if time_ms), 0)


def _model(layer: Mapping[str, object]) -> str:
    return named_model(layer.get("model"), layer.get("model_name"), layer.get("metadata"))
