"""Readers and the field's most used report read the same logs: token sums per day and model are equal.

Where ours are meant to be other, the test says why and what the truth is.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ccusage_peer import ask_ccusage
from codex_logs import START_MS, Counts, context, count, line, meta, put, running_counts, stamp, tier, usage
from devtime.readers import amp, codex, copilot, copilot_otel, droid, goose, hermes
from devtime.readers.reader import Reader
from log_reading import Cell, read_home, sum_days

PARENT = "0199a213-81c0-7800-8aa1-bbab2a035a53"
CHILD = "0199a213-aaaa-7800-8aa1-bbab2a035a53"
SPENT: list[Counts] = [(1000, 0, 200, 50), (2500, 900, 300, 0), (4000, 2400, 250, 100), (6000, 3900, 100, 0)]


def peer_codex(home: Path, environment: dict[str, str] | None = None) -> dict[tuple[str, str], Cell]:
    """What the report says of Codex."""
    answer = ask_ccusage(["codex", "daily"], home, environment)
    return {(day["date"], model): _cell(row) for day in answer["daily"] for model, row in day["models"].items()}


def peer_agent(agent: str, home: Path, environment: dict[str, str] | None = None) -> dict[tuple[str, str], Cell]:
    """What the report says of another agent."""
    answer = ask_ccusage([agent, "daily", "--breakdown"], home, environment)
    return {(day["date"], row["modelName"]): _cell(row) for day in answer["daily"] for row in day["modelBreakdowns"]}


def _cell(row: dict[str, Any]) -> Cell:
    return row["inputTokens"], row["outputTokens"], row["cacheReadTokens"], row["cacheCreationTokens"], 0


def ours(reader: Reader | tuple[Reader, ...], home: Path, environment: dict[str, str] | None = None) -> Any:
    """What our readers say."""
    return sum_days(read_home(reader, home, environment).events)


def parent_lines(step_ms: int = 60_000) -> list[str]:
    return [meta(0, PARENT), context(10, "gpt-5.2-codex"), *running_counts(5_000, step_ms, SPENT)]


def spawned(**more: Any) -> dict[str, Any]:
    return {"source": {"subagent": {"thread_spawn": {"parent_thread_id": PARENT, "depth": 1}}}} | more


TOTALS = ((1, 100), (2, 200), (3, 50))
SPACED = (
    f'{{"timestamp": "{stamp(5)}", "type": "event_msg", "payload": {{"type": "token_count", "info": '
    '{"last_token_usage": {"input_tokens": 5, "output_tokens": 1}}}}'
)
OWN: list[Counts] = [(7000, 5900, 77, 7), (8000, 6900, 88, 8)]
TOTAL: Counts = (13500, 7200, 850, 150)
FORK_MS = 600_000

CODEX_CASES: dict[str, dict[str, list[str]]] = {
    "one session": {f"sessions/2026/02/02/rollout-{PARENT}.jsonl": parent_lines()},
    "totals only": {
        "sessions/a.jsonl": [
            context(0, "gpt-5"),
            count(10, None, (100, 0, 10, 0)),
            count(20, None, (350, 50, 40, 5)),
            count(30, None, (350, 50, 40, 5)),
            count(40, None, (500, 60, 41, 5)),
        ]
    },
    "last only": {"sessions/a.jsonl": [count(10, (5, 1, 2, 0), None), count(20, (5, 1, 2, 0), None)]},
    "repeated events": {
        "sessions/a.jsonl": [
            context(0, "gpt-5"),
            count(10, (100, 0, 10, 0), (100, 0, 10, 0)),
            count(900, (100, 0, 10, 0), (100, 0, 10, 0)),
            count(1900, (50, 0, 10, 0), (150, 0, 20, 0)),
            count(1900, (50, 0, 10, 0), (150, 0, 20, 0)),
        ]
    },
    "no info and nothing spent": {
        "sessions/a.jsonl": [count(5, None, None), count(10, (0, 0, 0, 0), (500, 100, 60, 0)), *parent_lines()]
    },
    "more cached than input": {"sessions/a.jsonl": [count(10, (10, 50, 3, 9), (10, 50, 3, 9))]},
    "models by other keys": {
        "sessions/a.jsonl": [
            count(10, (1, 0, 1, 0), (1, 0, 1, 0)),
            count(20, (2, 0, 1, 0), (3, 0, 2, 0), model="gpt-5.1"),
            count(30, (4, 0, 1, 0), (7, 0, 3, 0)),
            count(40, (8, 0, 1, 0), (15, 0, 4, 0), model_name="gpt-5.2"),
            count(50, (16, 0, 1, 0), (31, 0, 5, 0), metadata={"model": "gpt-5.4"}),
            line(
                "event_msg",
                60,
                {"type": "token_count", "model": "o9", "info": {"last_token_usage": usage((3, 0, 0, 0))}},
            ),
        ]
    },
    "a hidden model": {
        "sessions/a.jsonl": [
            context(0, "codex-auto-review"),
            count(10, (1, 0, 1, 0), None),
            count(86_400_000 * 7, (2, 0, 1, 0), None),
            count(86_400_000 * 190, (4, 0, 1, 0), None),
            count(-86_400_000 * 190, (8, 0, 1, 0), None),
        ]
    },
    "times as numbers": {
        "sessions/a.jsonl": [
            f'{{"timestamp":{at},"type":"event_msg","payload":{{"type":"token_count","info":'
            f'{{"last_token_usage":{{"input_tokens":{spent},"output_tokens":1}}}}}}}}'
            for at, spent in ((1_770_000_000, 5), (1_770_000_100_000, 6))
        ]
    },
    "an archived copy": {
        "sessions/2026/a.jsonl": parent_lines(),
        "archived_sessions/2026/a.jsonl": parent_lines()[:4],
        "archived_sessions/b.jsonl": [context(0, "gpt-5"), count(77, (9, 1, 2, 0), None)],
    },
    "a fork with its parent's times": {
        "sessions/a.jsonl": parent_lines(),
        "sessions/b.jsonl": [*parent_lines(), *running_counts(FORK_MS + 9_000, 20_000, OWN, TOTAL)],
    },
    "a fork stamped anew within a second": {
        f"sessions/a-{PARENT}.jsonl": parent_lines(),
        f"sessions/b-{CHILD}.jsonl": [
            meta(FORK_MS, CHILD, forked_from_id=PARENT),
            meta(FORK_MS, PARENT),
            context(FORK_MS, "gpt-5.2-codex"),
            *running_counts(FORK_MS + 3, 5, SPENT),
            *running_counts(FORK_MS + 9_000, 20_000, OWN, TOTAL),
        ],
    },
    "a fork stamped anew over many seconds": {
        f"sessions/a-{PARENT}.jsonl": parent_lines(),
        f"sessions/b-{CHILD}.jsonl": [
            meta(FORK_MS, CHILD, forked_from_id=PARENT),
            context(FORK_MS, "gpt-5.2-codex"),
            *running_counts(FORK_MS + 1_500, 1_700, SPENT),
            *running_counts(FORK_MS + 9_000, 20_000, OWN, TOTAL),
        ],
    },
    "a sub-agent that repeats its parent": {
        f"sessions/a-{PARENT}.jsonl": parent_lines(),
        f"sessions/b-{CHILD}.jsonl": [
            meta(FORK_MS, CHILD, **spawned()),
            context(FORK_MS, "gpt-5.2-codex"),
            *running_counts(FORK_MS + 1_500, 1_700, SPENT),
            *running_counts(FORK_MS + 9_000, 20_000, OWN, TOTAL),
        ],
    },
    "a sub-agent with a history of its own": {
        f"sessions/a-{PARENT}.jsonl": parent_lines(),
        f"sessions/b-{CHILD}.jsonl": [
            meta(FORK_MS, CHILD, **spawned(forked_from_id=PARENT)),
            context(FORK_MS, "gpt-5.1"),
            *running_counts(FORK_MS + 4_000, 20_000, OWN),
        ],
    },
    "a counter inherited, with nothing spent": {
        f"sessions/a-{PARENT}.jsonl": parent_lines(),
        f"sessions/b-{CHILD}.jsonl": [
            meta(FORK_MS, CHILD, forked_from_id=PARENT),
            context(FORK_MS, "gpt-5.2-codex"),
            count(FORK_MS + 30, (0, 0, 0, 0), TOTAL),
            *running_counts(FORK_MS + 9_000, 20_000, OWN, TOTAL),
        ],
    },
    "a fork whose parent is gone": {
        f"sessions/b-{CHILD}.jsonl": [
            meta(FORK_MS, CHILD, forked_from_id=PARENT),
            context(FORK_MS, "gpt-5.2-codex"),
            *running_counts(FORK_MS + 3, 5, SPENT),
            *running_counts(FORK_MS + 9_000, 20_000, OWN, TOTAL),
        ],
    },
    "a parent that went on after the fork": {
        f"sessions/a-{PARENT}.jsonl": parent_lines(step_ms=200_000),
        f"sessions/b-{CHILD}.jsonl": [
            meta(500_000, CHILD, forked_from_id=PARENT),
            context(500_000, "gpt-5.2-codex"),
            *running_counts(502_000, 1_700, SPENT[:3]),
            *running_counts(520_000, 20_000, [SPENT[3], *OWN], (7500, 3300, 750, 150)),
        ],
    },
    "changes of tier": {
        "sessions/a.jsonl": [
            context(0, "gpt-5.5"),
            tier(1, "priority"),
            count(10, (10, 0, 1, 0), None),
            tier(11, "default"),
            count(20, (11, 0, 1, 0), None),
        ]
    },
    "saved output": {
        "saved/run.jsonl": [
            '{"type":"thread.started","thread_id":"t"}',
            '{"type":"turn.completed","timestamp":"2026-02-03T10:00:00Z","model":"gpt-5.1",'
            '"usage":{"input_tokens":30,"cached_input_tokens":10,"output_tokens":4}}',
            '{"type":"turn.completed","created_at":1770100000,"data":{"usage":{"prompt_tokens":31,"cached_tokens":9,'
            '"completion_tokens":5},"model_name":"gpt-5.2"}}',
            '{"result":{"usage":{"input":7,"output":2},"createdAt":1770100000123}}',
            '{"response":{"usage":{"input_tokens":"8","output_tokens":"3"},"timestamp":"2026-02-04T10:00:00Z"}}',
        ]
    },
    "broken lines between good ones": {
        "sessions/a.jsonl": [
            '{"timestamp":"2026-02-02T02:40:00Z","type":"event_msg","payload":{"type":"token_count","info":{"last_tok',
            '{"type":"event_msg","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":5}}}}',
            '{"timestamp":"2026-02-02T02:40:00Z","type":"event_msg","payload":{"type":"token_count","info":7}}',
            '{"timestamp":"2026-02-02T02:40:00Z","type":"response_item","payload":{"text":"\\"token_count\\""}}',
            *parent_lines(),
        ]
    },
}


@pytest.mark.parametrize("case", CODEX_CASES)
def test_codex_sums_are_those_of_the_report(case: str, tmp_path: Path) -> None:
    for relative, lines in CODEX_CASES[case].items():
        put(tmp_path, relative, lines)
    assert ours(codex.READER, tmp_path) == peer_codex(tmp_path)


RIGHTER: dict[str, tuple[dict[str, list[str]], dict[tuple[str, str], Cell]]] = {
    # The report takes a counter that shows less than before for a standstill and loses the first request after it.
    "a counter that begins anew": (
        {"sessions/a.jsonl": [context(0, "gpt-5"), *(count(n, None, (total, 0, 0, 0)) for n, total in TOTALS)]},
        {("2026-02-02", "gpt-5"): (250, 0, 0, 0, 0)},
    ),
    # It looks for `"type":"event_msg"` to the byte.
    "spaces after colons": (
        {"sessions/a.jsonl": [SPACED]},
        {("2026-02-02", "gpt-5"): (5, 1, 0, 0, 0)},
    ),
    # It gives all turns of saved output that have no time the time of the file, and takes equal ones for one.
    "two equal turns": (
        {"saved/run.jsonl": ['{"type":"turn.completed","usage":{"input_tokens":30,"output_tokens":4}}'] * 2},
        {("2026-02-02", "gpt-5"): (60, 8, 0, 0, 0)},
    ),
    # A history of one request has no second one to recognise a burst by; that no model answers at once tells it too.
    "a fork of one request whose parent is gone": (
        {
            f"sessions/{CHILD}.jsonl": [
                meta(FORK_MS, CHILD, forked_from_id=PARENT),
                context(FORK_MS, "gpt-5.2-codex"),
                *running_counts(FORK_MS + 20, 5, SPENT[:1]),
                *running_counts(FORK_MS + 9_000, 20_000, OWN[:1], SPENT[0]),
            ]
        },
        {("2026-02-02", "gpt-5.2-codex"): (1100, 77, 5900, 0, 0)},
    ),
    # The same counts repeated at once (a change of the rate limits) are no history written in one go.
    "a sub-agent whose first count is repeated": (
        {
            f"sessions/{CHILD}.jsonl": [
                meta(FORK_MS, CHILD, **spawned()),
                context(FORK_MS, "gpt-5.1"),
                count(FORK_MS + 6_000, (700, 0, 70, 0), (700, 0, 70, 0)),
                count(FORK_MS + 6_010, (700, 0, 70, 0), (700, 0, 70, 0)),
                count(FORK_MS + 16_000, (800, 0, 80, 0), (1500, 0, 150, 0)),
            ]
        },
        {("2026-02-02", "gpt-5.1"): (1500, 150, 0, 0, 0)},
    ),
}


@pytest.mark.parametrize("case", RIGHTER)
def test_codex_sums_are_the_true_ones_where_the_report_is_wrong(case: str, tmp_path: Path) -> None:
    logs, truth = RIGHTER[case]
    for relative, lines in logs.items():
        os.utime(put(tmp_path, relative, lines), (START_MS / 1000, START_MS / 1000))
    assert ours(codex.READER, tmp_path) == truth
    assert peer_codex(tmp_path) != truth, "the report has been mended: move the case to those that are equal"


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
    found = ours(COPILOT, tmp_path)
    assert len(found) == 4
    assert found == with_extra(peer_agent("copilot", tmp_path), found)


def test_copilot_sessions_are_read_alike(tmp_path: Path) -> None:
    write(tmp_path, ".copilot/session-state/s1/events.jsonl", "\n".join([*RUNS, ""]))
    found = ours(COPILOT, tmp_path)
    assert len(found) == 3
    assert found == peer_agent("copilot", tmp_path)


def with_extra(theirs: dict[tuple[str, str], Cell], found: dict[tuple[str, str], Cell]) -> dict[tuple[str, str], Cell]:
    """The report shows what is beyond the parts in totals only."""
    return {at: (*cell[:4], found[at][4] if at in found else 0) for at, cell in theirs.items()}


def test_a_copilot_session_in_both_logs_counts_once(tmp_path: Path) -> None:
    """The report drops the export's requests; we keep them, and count of the run only what they do not tell."""
    requests = [
        span("chat gpt-5", at, "t", f"s{at}", **CHAT | {"gen_ai.response.model": "gpt-5"}, **asked(400, 40, 100))
        for at in (1, 2)
    ]
    write(tmp_path, ".copilot/otel/a.jsonl", "\n".join(requests))
    ended = shutdown("2026-02-02T03:00:00.000Z", "e1", gpt_5=run(1000, 100, 300, 50))
    write(tmp_path, ".copilot/session-state/chat-1/events.jsonl", f"{ended}\n")
    found = ours(COPILOT, tmp_path)
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
    assert ours(COPILOT, tmp_path) == truth
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
    found = ours(amp.READER, tmp_path)
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
    found = ours(droid.READER, tmp_path)
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
    found = ours(goose.READER, tmp_path)
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
    assert ours(hermes.READER, tmp_path) == {
        ("2026-02-02", "claude-sonnet-4-5"): (2400, 600, 100, 40, 20),
        ("2026-02-03", "gpt-5.5"): (10, 14, 0, 0, 0),
        ("2026-02-02", "gpt-5"): (7, 8, 9, 10, 11),
    }
    (tmp_path / ".hermes/profiles/work/state.db").unlink()
    found = ours(hermes.READER, tmp_path)
    assert found == with_extra(peer_agent("hermes", tmp_path), found)
