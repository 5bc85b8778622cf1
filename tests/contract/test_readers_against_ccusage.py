"""Readers and the field's most used report read the same logs: token sums per day and model are equal.

Where ours are meant to be other, the test says why and what the truth is. Codex has a file of its own.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from ccusage_peer import peer_agent, with_extra
from codex_logs import START_MS
from devtime.readers import amp, copilot, copilot_otel, droid, goose, hermes
from log_reading import read_days


def span(name: str, at: int, trace: str, span_id: str, **attributes: Any) -> str:
    named = {key.replace("__", "."): value for key, value in attributes.items()}
    told = {
        "type": "span",
        "name": name,
        "traceId": trace,
        "spanId": span_id,
        "endTime": [1_770_000_000 + at, 5_000_000],
    }
    return json.dumps(told | {"attributes": named})


def asked(read: int, output: int, cached: int = 0, **more: Any) -> dict[str, Any]:
    counts = {"input_tokens": read, "output_tokens": output, "cache_read.input_tokens": cached}
    return {f"gen_ai.usage.{name}": value for name, value in counts.items()} | more


CHAT = {"gen_ai.operation.name": "chat", "gen_ai.response.model": "gpt-5.1", "gen_ai.conversation.id": "chat-1"}
INFERENCE = {"event.name": "gen_ai.client.inference.operation.details", "gen_ai.response.model": "gpt-5.1"}
TURN = {"event.name": "copilot_chat.agent.turn", "turn.index": 3, "gen_ai.request.model": "gpt-5.2"}

EXPORT = [
    span("chat gpt-5.1", 1, "t1", "s1", **CHAT, **asked(1000, 50, 300)),
    span("chat gpt-5.1", 2, "t1", "s2", **CHAT, **asked(2000, 60, 900)),
    span("invoke_agent x", 3, "t1", "s0", **CHAT | {"gen_ai.operation.name": "invoke_agent"}, **asked(3000, 110, 1200)),
    span("invoke_agent y", 4, "t2", "s9", **{"gen_ai.response.model": "claude-sonnet-4.5-1m"}, **asked(70, 7)),
    json.dumps({"hrTime": [1_770_000_009, 0], "attributes": INFERENCE | asked(400, 40, 100), "traceId": "t3"}),
    json.dumps(
        {"hrTime": [1_770_000_010, 0], "attributes": TURN | asked(400, 40, 100), "spanContext": {"traceId": "t3"}}
    ),
    json.dumps(
        {"timestamp": 1_770_000_011_000, "_body": "copilot_chat.agent.turn: 4", "attributes": TURN | asked(5, 5)}
    ),
    json.dumps({"timeUnixNano": "1770000012000000000", "body": "GenAI inference: x", "attributes": asked(0, 0)}),
    json.dumps(
        {"timestamp": 1_770_000_013, "body": "GenAI inference: x", "attributes": {"gen_ai.usage.total_tokens": 9}}
    ),
    '{"attributes": broken',
]


def shutdown(at: str, event_id: str, **models: dict[str, int]) -> str:
    metrics = {name.replace("_", "-"): {"requests": {"count": 1}, "usage": usage} for name, usage in models.items()}
    return json.dumps(
        {"type": "session.shutdown", "id": event_id, "timestamp": at, "data": {"modelMetrics": metrics}},
        separators=(",", ":"),
    )


def run(read: int, output: int, cached: int = 0, written: int = 0) -> dict[str, int]:
    return {"inputTokens": read, "outputTokens": output, "cacheReadTokens": cached, "cacheWriteTokens": written}


RUNS = [
    '{"type":"session.start","id":"e0","timestamp":"2026-02-01T10:00:00.000Z","data":{"context":{"cwd":"/w"}}}',
    shutdown("2026-02-01T12:00:00.000Z", "e1", gpt_5=run(1000, 100, 300, 200)),
    shutdown("2026-02-01T12:00:00.000Z", "e1", gpt_5=run(1000, 100, 300, 200)),
    shutdown("2026-02-03T12:00:00.000Z", "e2", gpt_5=run(1700, 150, 400, 200), claude_haiku=run(10, 1)),
    '{"type":"session.shutdown","id":"e3","timestamp":"2026-02-03T13:00:00.000Z","data":{}}',
]


def write(home: Path, relative: str, content: str) -> None:
    path = home / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")


COPILOT = (copilot_otel.READER, copilot.READER)


def test_copilot_exports_are_read_alike(tmp_path: Path) -> None:
    write(tmp_path, ".copilot/otel/a.jsonl", "\n".join(EXPORT))
    found = read_days(COPILOT, tmp_path)
    assert len(found) == 4
    assert found == with_extra(peer_agent("copilot", tmp_path), found)


def test_copilot_sessions_are_read_alike(tmp_path: Path) -> None:
    write(tmp_path, ".copilot/session-state/s1/events.jsonl", "\n".join([*RUNS, ""]))
    found = read_days(COPILOT, tmp_path)
    assert len(found) == 3
    assert found == peer_agent("copilot", tmp_path)


def test_a_copilot_session_in_both_logs_counts_once(tmp_path: Path) -> None:
    """The report drops the export's requests; we keep them, and count of the run only what they do not tell."""
    requests = [
        span("chat gpt-5", at, "t", f"s{at}", **CHAT | {"gen_ai.response.model": "gpt-5"}, **asked(400, 40, 100))
        for at in (1, 2)
    ]
    write(tmp_path, ".copilot/otel/a.jsonl", "\n".join(requests))
    ended = shutdown("2026-02-02T03:00:00.000Z", "e1", gpt_5=run(1000, 100, 300, 50))
    write(tmp_path, ".copilot/session-state/chat-1/events.jsonl", f"{ended}\n")
    found = read_days(COPILOT, tmp_path)
    assert found == {("2026-02-02", "gpt-5"): (650, 100, 300, 50, 0)}
    assert found == peer_agent("copilot", tmp_path)


def test_copilot_is_counted_right_where_the_report_is_wrong(tmp_path: Path) -> None:
    """It loses a run whose counts are below the last one's, counts repeated spans, and cache writes as input too."""
    runs = [
        shutdown("2026-02-01T12:00:00Z", "e1", gpt_5=run(1000, 100)),
        shutdown("2026-02-02T12:00:00Z", "e2", gpt_5=run(70, 5)),
    ]
    write(tmp_path, ".copilot/session-state/s1/events.jsonl", "\n".join([*runs, ""]))
    written = {"gen_ai.usage.cache_creation.input_tokens": 200}
    request = asked(1000, 50, 300, **written)
    again = [span("chat gpt-5.1", 1, "t1", "s1", **CHAT, **request)] * 2
    write(tmp_path, ".copilot/otel/a.jsonl", "\n".join(again))
    truth = {
        ("2026-02-01", "gpt-5"): (1000, 100, 0, 0, 0),
        ("2026-02-02", "gpt-5"): (70, 5, 0, 0, 0),
        ("2026-02-02", "gpt-5.1"): (500, 50, 300, 200, 0),
    }
    assert read_days(COPILOT, tmp_path) == truth
    assert peer_agent("copilot", tmp_path) != truth


def test_amp_threads_are_read_alike(tmp_path: Path) -> None:
    thread = {
        "id": "T-1",
        "messages": [
            {"role": "user", "messageId": 0, "content": "x"},
            {
                "role": "assistant",
                "messageId": 1,
                "usage": {"cacheReadInputTokens": 700, "cacheCreationInputTokens": 30, "inputTokens": 99999},
            },
            {"role": "user", "messageId": 2, "usage": {"cacheReadInputTokens": 5}},
        ],
        "usageLedger": {
            "events": [
                {
                    "id": "a",
                    "timestamp": "2026-02-01T10:00:00.000Z",
                    "model": "claude-opus-4-5",
                    "credits": 1.5,
                    "tokens": {"input": 10, "output": 20},
                    "toMessageId": 1,
                },
                {"id": "b", "timestamp": "2026-02-02T10:00:00.000Z", "model": "gpt-5", "tokens": {"total": 345}},
                {
                    "id": "c",
                    "timestamp": "2026-02-02T11:00:00.000Z",
                    "model": "gpt-5",
                    "tokens": {"input": 1, "output": 2, "total": 10},
                    "toMessageId": 2,
                },
                {"id": "d", "timestamp": "2026-02-02T11:00:00.000Z", "model": "gpt-5", "tokens": {"input": 0}},
                {"id": "e", "timestamp": "never", "model": "gpt-5", "tokens": {"input": 1}},
                {"id": "f", "timestamp": "2026-02-02T11:00:00.000Z", "tokens": {"input": 1}},
                7,
            ]
        },
    }
    usage = {"model": "claude-haiku-4-5", "inputTokens": 10, "outputTokens": 178, "cacheCreationInputTokens": 986}
    told = usage | {"cacheReadInputTokens": 11372, "timestamp": "2026-01-19T11:42:10.652Z"}
    older = {"id": "T-2", "messages": [{"role": "assistant", "usage": told}, {"role": "assistant", "usage": {}}]}
    write(tmp_path, ".local/share/amp/threads/T-1.json", json.dumps(thread))
    write(tmp_path, ".local/share/amp/threads/T-2.json", json.dumps(older))
    found = read_days(amp.READER, tmp_path)
    assert len(found) == 3
    assert found == with_extra(peer_agent("amp", tmp_path), found)


def test_droid_sessions_are_read_alike(tmp_path: Path) -> None:
    usage = {
        "inputTokens": 100,
        "outputTokens": 50,
        "cacheCreationTokens": 20,
        "cacheReadTokens": 30,
        "thinkingTokens": 5,
    }
    at = {"providerLockTimestamp": "2026-02-01T10:00:00.000Z"}
    sessions = {
        "a": {"model": "custom:Claude-Opus-4.5-[Factory]-0", "providerLock": "anthropic", "tokenUsage": usage, **at},
        "b": {"model": "gpt-5.1", "tokenUsage": {"totalTokens": 77}, **at},
        "c": {"providerLock": "openai", "tokenUsage": usage},
        "d": {"providerLock": "google", "tokenUsage": {"inputTokens": 7}, **at},
        "e": {"model": "gpt-5", "tokenUsage": {}, **at},
        "f": {"tokenUsage": {"inputTokens": 9, "outputTokens": 1, "totalTokens": 20}, **at},
    }
    for name, session in sessions.items():
        write(tmp_path, f".factory/sessions/p/{name}.settings.json", json.dumps(session))
        os.utime(tmp_path / f".factory/sessions/p/{name}.settings.json", (START_MS / 1000, START_MS / 1000))
    write(tmp_path, ".factory/sessions/p/d.jsonl", '{"text":"Model: Gemini 3.1 Pro [x]"}\n')
    found = read_days(droid.READER, tmp_path)
    assert len(found) == 5
    assert found == with_extra(peer_agent("droid", tmp_path), found)


def test_goose_sessions_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / ".local/share/goose/sessions/sessions.db"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TABLE sessions (id TEXT PRIMARY KEY, model_config_json TEXT, provider_name TEXT, created_at, "
            "total_tokens INT, input_tokens INT, output_tokens INT, accumulated_total_tokens INT, "
            "accumulated_input_tokens INT, accumulated_output_tokens INT)"
        )
        model = '{"model_name":"claude-sonnet-4-5"}'
        rows = [
            ("a", model, "anthropic", "2026-02-01 01:02:03", 5, 3, 2, 180, 100, 50),
            ("b", model, None, 1_770_000_000, 500, 300, 200, None, None, None),
            ("c", '{"model_name":"gpt-5"}', "openai", "2026-02-03T01:02:03Z", 0, 0, 0, 90, None, -4),
            ("d", model, None, "2026-02-03", None, None, None, None, None, None),
            ("e", "{}", None, "2026-02-03", 1, 1, 1, 1, 1, 1),
            ("f", "broken", None, "2026-02-03", 1, 1, 1, 1, 1, 1),
            ("g", None, None, "2026-02-03", 1, 1, 1, 1, 1, 1),
            ("h", model, None, "1770000000000", 7, 3, 4, 0, 0, 0),
        ]
        database.executemany(f"INSERT INTO sessions VALUES ({','.join('?' * 10)})", rows)
        database.commit()
    found = read_days(goose.READER, tmp_path)
    assert len(found) == 3
    assert found == with_extra(peer_agent("goose", tmp_path), found)


def test_hermes_sessions_are_read_alike(tmp_path: Path) -> None:
    """Save those of profiles, which the report does not look for; a session in two databases counts once."""
    for number, place in enumerate((".hermes/state.db", ".hermes/profiles/work/state.db")):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.execute(
                "CREATE TABLE sessions (id TEXT PRIMARY KEY, model TEXT, billing_provider TEXT, started_at REAL, "
                "message_count INT, input_tokens INT, output_tokens INT, cache_read_tokens INT, "
                "cache_write_tokens INT, reasoning_tokens INT, estimated_cost_usd REAL, actual_cost_usd REAL)"
            )
            rows = [
                (
                    f"s{number}",
                    "claude-sonnet-4-5",
                    "anthropic",
                    1_770_000_000.25,
                    4,
                    1200,
                    300,
                    50,
                    20,
                    10,
                    0.12,
                    0.34,
                ),
                (f"t{number}", "gpt-5.5", None, 1_770_100_000, 4, 5.0, 7, 0, 0, 0, None, None),
                (f"u{number}", " ", None, 1_770_100_000, 4, 5, 7, 0, 0, 0, None, None),
                (f"v{number}", "gpt-5.5", None, 1_770_100_000, 4, 0, 0, 0, 0, 0, None, 0.0),
                ("shared", "gpt-5", "openai-codex", 1_770_000_001, 1, 7, 8, 9, 10, 11, None, None),
            ]
            database.executemany(f"INSERT INTO sessions VALUES ({','.join('?' * 12)})", rows)
            database.commit()
    assert read_days(hermes.READER, tmp_path) == {
        ("2026-02-02", "claude-sonnet-4-5"): (2400, 600, 100, 40, 20),
        ("2026-02-03", "gpt-5.5"): (10, 14, 0, 0, 0),
        ("2026-02-02", "gpt-5"): (7, 8, 9, 10, 11),
    }
    (tmp_path / ".hermes/profiles/work/state.db").unlink()
    found = read_days(hermes.READER, tmp_path)
    assert found == with_extra(peer_agent("hermes", tmp_path), found)
