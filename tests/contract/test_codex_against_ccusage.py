"""Codex's logs as we read them and as the field's most used report does: token sums per day and model are equal.

Where ours are meant to be other, the test says why and what the truth is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ccusage_peer import peer_codex
from codex_histories import make_history
from codex_logs import START_MS, Counts, context, count, line, meta, put, running_counts, stamp, tier, usage
from devtime.readers import codex
from log_reading import Cell, read_days

PARENT = "0199a213-81c0-7800-8aa1-bbab2a035a53"
CHILD = "0199a213-aaaa-7800-8aa1-bbab2a035a53"
SPENT: list[Counts] = [(1000, 0, 200, 50), (2500, 900, 300, 0), (4000, 2400, 250, 100), (6000, 3900, 100, 0)]


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
    assert read_days(codex.READER, tmp_path) == peer_codex(tmp_path)


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
    assert read_days(codex.READER, tmp_path) == truth
    assert peer_codex(tmp_path) != truth, "the report has been mended: move the case to those that are equal"


@pytest.mark.parametrize("seed", range(25))
def test_random_histories_have_the_sums_of_the_report(seed: int, tmp_path: Path) -> None:
    for relative, lines in make_history(seed).items():
        put(tmp_path, relative, lines)
    found = read_days(codex.READER, tmp_path)
    assert found
    assert found == peer_codex(tmp_path)


def test_every_codex_home_is_read(tmp_path: Path) -> None:
    put(tmp_path / "a", "sessions/x.jsonl", parent_lines())
    put(tmp_path / "b", "archived_sessions/x.jsonl", [context(0, "gpt-5"), count(77, (9, 1, 2, 0), None)])
    told = {"CODEX_HOME": f"{tmp_path}/a/.codex, {tmp_path}/b/.codex,,{tmp_path}/none"}
    found = read_days(codex.READER, tmp_path, told)
    assert len(found) == 2
    assert found == peer_codex(tmp_path, told)
