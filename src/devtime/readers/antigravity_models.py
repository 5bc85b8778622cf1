"""What Antigravity's names and numbers of models mean. Facts, and no reading of logs."""

from __future__ import annotations

import re

DEFAULT_MODEL = "gemini-internal-model"
"""What a request is said to be of whose model nobody names."""

_FIRST_PLACEHOLDER = 1_000

_NUMBERS = {
    246: "gemini-2.5-pro",
    281: "claude-4-sonnet",
    282: "claude-4-sonnet",
    290: "claude-4-opus",
    291: "claude-4-opus",
    312: "gemini-2.5-flash",
    313: "gemini-2.5-flash-thinking",
    329: "gemini-2.5-flash-thinking",
    330: "gemini-2.5-flash-lite",
    333: "claude-4.5-sonnet",
    334: "claude-4.5-sonnet",
    340: "claude-4.5-haiku",
    341: "claude-4.5-haiku",
    342: "gpt-oss-120b-medium",
}

_PLACEHOLDERS = {
    16: "gemini-3.1-pro",
    18: "gemini-3-flash-preview",
    20: "gemini-3.5-flash-medium",
    26: "claude-opus-4-6",
    35: "claude-sonnet-4-6",
    36: "gemini-3.1-pro",
    37: "gemini-3.1-pro",
    47: "gemini-3-flash-preview",
    71: "gemini-3.6-flash-high",
    72: "gemini-3.6-flash-medium",
    73: "gemini-3.6-flash-low",
    84: "gemini-3-flash-preview",
    132: "gemini-3.5-flash-high",
    133: "gemini-3.5-flash-high",
    187: "gemini-3.5-flash-extra-low",
    298: "gemini-3.7-flash-high",
    299: "gemini-3.7-flash-medium",
    300: "gemini-3.7-flash-low",
    318: "gemini-3.8-flash-high",
    319: "gemini-3.8-flash-medium",
    320: "gemini-3.8-flash-low",
}

_NAMES = {
    "gemini 2 flash": "gemini-2.0-flash",
    "gemini 3 flash": "gemini-3.6-flash",
    "gemini-3-flash": "gemini-3-flash-preview",
    "gemini-3-flash-a": "gemini-3.5-flash-high",
    "gemini-3-flash-agent": "gemini-3.5-flash-high",
    "gemini-3-flash-agent-a": "gemini-3.5-flash-high",
    "gemini-3-flash-agent-b": "gemini-3.5-flash-high",
    "gemini-3-flash-b": "gemini-3.5-flash-high",
    "gemini-3-flash-c": "gemini-3-flash-preview",
    "gemini-3-pro-high": "gemini-3-pro",
    "gemini-3-pro-low": "gemini-3-pro",
    "gemini-3.1-pro-high": "gemini-3.1-pro",
    "gemini-3.1-pro-low": "gemini-3.1-pro",
    "gemini-3.5-flash-low": "gemini-3.5-flash-medium",
    "gemini-pro-agent": "gemini-3.1-pro",
    "gemini-pro-default": "gemini-3.1-pro",
    "model_openai_gpt_oss_120b_medium": "gpt-oss-120b-medium",
    "claude 3 opus": "claude-3-opus",
    "claude 3.5 haiku": "claude-3-5-haiku",
    "claude 3.5 sonnet": "claude-3-5-sonnet",
    "claude 3.7 sonnet": "claude-3-7-sonnet",
}

_EFFORT = re.compile(r"gemini (3\.[678]) flash \((high|medium|low)\)")
_FAMILIES = ("gemini-", "claude-", "gpt-")


def model_of_number(number: int) -> str:
    """The model of a number in a log; `""` for none."""
    if number == 0:
        return ""
    if number >= _FIRST_PLACEHOLDER:
        placeholder = number - _FIRST_PLACEHOLDER
        return _PLACEHOLDERS.get(placeholder, f"model_placeholder_m{placeholder}")
    return _NUMBERS.get(number, f"antigravity-model-{number}")


def model_of_name(name: str) -> str:
    """The model of a name as the program shows or sends it; `""` for none."""
    lower = name.strip().lower()
    effort = _EFFORT.fullmatch(lower)
    if effort:
        return f"gemini-{effort[1]}-flash-{effort[2]}"
    placeholder = re.fullmatch(r"model_placeholder_m(\d{1,6})", lower, re.ASCII)
    if placeholder:
        return model_of_number(_FIRST_PLACEHOLDER + int(placeholder[1]))
    shown = lower.partition("(")[0].strip().removesuffix(" thinking")
    found = _NAMES.get(shown) or shown.replace(" ", "-")
    return found if found.startswith(_FAMILIES) else name.strip()
