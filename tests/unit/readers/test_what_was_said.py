"""What people and models said stays in the logs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from codex_logs import context, count, line, meta
from devtime.readers import amp, codex, copilot, copilot_otel, cursor, droid
from devtime.readers.reader import LogFile, Piece, Reader
from log_mutations import SECRET, log_file

USAGE = {"inputTokens": 5, "outputTokens": 6}
AT = "2026-02-02T02:40:00Z"
CODEX = "\n".join(
    [
        meta(0, "abcdefgh", instructions=SECRET),
        context(1, "gpt-5", user_instructions=SECRET, summary=SECRET),
        line("event_msg", 2, {"type": "user_message", "message": SECRET, "token_count": SECRET}),
        line("event_msg", 3, {"type": "token_count", "info": SECRET}),
        count(4, (5, 0, 6, 0), None, comment=SECRET),
        f'{{"type":"turn.completed","usage":"{SECRET}","item":"{SECRET}"}}',
        f'{{"broken "token_count" {SECRET}',
    ]
)
RUN = {"gpt-5": {"usage": USAGE}}
SAMPLES: list[tuple[Reader, str, str]] = [
    (codex.READER, "sessions/a.jsonl", CODEX),
    (
        copilot.READER,
        "s1/events.jsonl",
        "\n".join(
            json.dumps({"type": kind, "timestamp": AT, "id": "e", "data": {"modelMetrics": RUN, "summary": SECRET}})
            for kind in ("session.start", "session.shutdown", "user.message")
        ),
    ),
    (
        copilot_otel.READER,
        "a.jsonl",
        json.dumps(
            {
                "body": f"GenAI inference: {SECRET}",
                "timestamp": 1_770_000_000,
                "attributes": {"gen_ai.usage.input_tokens": 5, "gen_ai.prompt": SECRET},
            }
        ),
    ),
    (
        amp.READER,
        "T-1.json",
        json.dumps(
            {
                "id": "T-1",
                "title": SECRET,
                "messages": [
                    {"role": "assistant", "content": SECRET, "usage": USAGE | {"timestamp": AT, "model": "m"}}
                ],
            }
        ),
    ),
    (droid.READER, "a.settings.json", json.dumps({"model": "m", "title": SECRET, "tokenUsage": USAGE})),
]


@pytest.mark.parametrize(("reader", "relative", "content"), SAMPLES)
def test_no_text_of_a_log_gets_out(reader: Reader, relative: str, content: str) -> None:
    reading = reader.read(Piece(file=log_file(f"/nowhere/{relative}", relative), data=content.encode()))
    assert reading.events
    assert SECRET.encode() not in msgspec.json.encode(reading)


def test_no_text_of_a_database_gets_out(tmp_path: Path) -> None:
    bubble = {"createdAt": AT, "text": SECRET, "richText": SECRET, "tokenCount": USAGE}
    with closing(sqlite3.connect(tmp_path / "state.vscdb")) as database:
        database.execute("CREATE TABLE cursorDiskKV (key TEXT, value BLOB)")
        rows = [("bubbleId:c:b", json.dumps(bubble)), ("composerData:c", json.dumps({"name": SECRET}))]
        database.executemany("INSERT INTO cursorDiskKV VALUES (?, ?)", rows)
        database.commit()
    reading = cursor.READERS[1].read(Piece(file=LogFile(tmp_path / "state.vscdb", "state.vscdb")))
    assert reading.events
    assert SECRET.encode() not in msgspec.json.encode(reading)
