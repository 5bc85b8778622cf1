"""Droid's sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.readers.droid import READER, model_of
from devtime.readers.reader import LogFile, Piece, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import byte_mutations, check_document, json_mutations, log_file

FILE = log_file("/nowhere/.factory/sessions/p/s1.settings.json", "p/s1.settings.json")
SETTINGS: dict[str, Any] = {
    "model": "custom:Claude-Opus-4.5-[Factory]-0",
    "providerLock": "vertex",
    "providerLockTimestamp": "2026-02-02T02:40:00Z",
    "tokenUsage": {
        "inputTokens": 100,
        "outputTokens": 50,
        "cacheCreationTokens": 20,
        "cacheReadTokens": 30,
        "thinkingTokens": 5,
    },
}


def read(settings: Any, file: LogFile = FILE) -> list[UsageEvent]:
    return READER.read(Piece(file=file, data=json.dumps(settings).encode())).events


def test_a_session_is_one_event_that_grows() -> None:
    (event,) = read(SETTINGS)
    assert event == UsageEvent(
        key=event.key,
        rank=205,
        agent="droid",
        time_ms=1_770_000_000_000,
        session="s1",
        model="claude-opus-4-5-0",
        provider="google",
        input_tokens=100,
        output_tokens=50,
        cache_read_tokens=30,
        cache_write_tokens=20,
        extra_tokens=5,
        reasoning_tokens=5,
    )
    (later,) = read({**SETTINGS, "tokenUsage": {**SETTINGS["tokenUsage"], "outputTokens": 60}})
    assert later.key == event.key
    assert later.rank > event.rank


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("custom:GPT 5.1 Codex", "gpt-5-1-codex"),
        ("claude-opus-4-5-20251101", "claude-opus-4-5-20251101"),
        ("Kimi K2 [0905]", "kimi-k2"),
        ("[x", ""),
    ],
)
def test_models_are_named_as_prices_name_them(name: str, model: str) -> None:
    assert model_of(name) == model


def test_a_model_nobody_names_is_unknown_but_for_its_provider(tmp_path: Path) -> None:
    usage = {"tokenUsage": {"inputTokens": 1}}
    assert [event.model for event in read({"providerLock": "openai", **usage})] == ["gpt-unknown"]
    assert [event.model for event in read(usage)] == ["unknown"]
    (tmp_path / "s.jsonl").write_bytes(b'\xff\n{"text":"Model: Gemini 3 Pro [x]"}')
    (event,) = read(usage, LogFile(tmp_path / "s.settings.json", "s.settings.json", 1_770_000_000_000))
    assert (event.model, event.provider, event.time_ms) == ("gemini-3-pro", "google", 1_770_000_000_000)


def test_roots_are_those_told(tmp_path: Path) -> None:
    for name in ("a", ".factory/sessions"):
        (tmp_path / name).mkdir(parents=True)
    assert READER.find_roots(Surroundings(tmp_path, {"DROID_SESSIONS_DIR": "~/a,~/b"})) == [tmp_path / "a"]
    assert READER.find_roots(Surroundings(tmp_path, {})) == [tmp_path / ".factory/sessions"]
    assert [READER.is_log(path) for path in ("p/s.settings.json", "p/s.jsonl")] == [True, False]


@given(settings=json_mutations(SETTINGS))
def test_any_value_in_any_field_is_survived(settings: Any) -> None:
    check_document(READER, FILE, json.dumps(settings).encode())


@given(data=st.binary(max_size=200) | byte_mutations(json.dumps(SETTINGS).encode()))
def test_any_bytes_are_survived(data: bytes) -> None:
    check_document(READER, FILE, data)
