"""Which model a Codex log means: names under several keys, what to assume where it names none, and hidden models."""

from __future__ import annotations

from bisect import bisect_right

from devtime.readers.fields import fields_of, first_text

ASSUMED = "gpt-5"
"""The model of logs that name none: they are of the time when there was no other."""

_AUTO_REVIEW = "codex-auto-review"
_DAY_MS = 86_400_000
_NEWEST = (
    (20_307, "gpt-5"),
    (20_346, "gpt-5-codex"),
    (20_405, "gpt-5.1-codex"),
    (20_433, "gpt-5.2-codex"),
    (20_489, "gpt-5.3-codex"),
    (20_517, "gpt-5.4"),
    (20_664, "gpt-5.6-luna"),
)
"""From which day on (since 1970-01-01, UTC) which model stands behind `codex-auto-review`, as other reports assume."""


def named_model(model: object, model_name: object, metadata: object) -> str:
    """The model under the three keys it is told by, `""` if under none."""
    if model is None and model_name is None and metadata is None:
        return ""
    return first_text(model, model_name, fields_of(metadata).get("model"))


def real_model(model: str, time_ms: int) -> tuple[str, bool]:
    """The model that answered, and whether that is a guess: a hidden model's name tells no price."""
    if model != _AUTO_REVIEW:
        return model, False
    found = bisect_right(_NEWEST, time_ms // _DAY_MS, key=lambda row: row[0])
    return _NEWEST[max(found - 1, 0)][1], True
