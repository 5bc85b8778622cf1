"""Hand-made logs of many agents, below a home folder, as the agents lay them out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DAY_1 = 1_780_000_000_000
"""2026-05-28T20:26:40Z"""

DAY_2 = DAY_1 + 86_400_000

SECRET = "what was asked and answered"
"""Stands where logs hold what people wrote: no reading may hold it."""


def iso(time_ms: int) -> str:
    """RFC 3339 with milliseconds and `Z`, as most agents write it."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write(path: Path, content: str | bytes) -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(records: Iterable[Any]) -> str:
    """JSONL, as compact as JavaScript writes it."""
    return "".join(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n" for record in records)


def write_database(path: Path, schema: str, rows: Sequence[tuple[str, Sequence[Any]]] = ()) -> Path:
    """A database: its schema, and statements with their values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema)
        for statement, values in rows:
            connection.execute(statement, values)
        connection.commit()
    return path


def opencode_message(id_: str, session: str, time_ms: int, **changes: Any) -> dict[str, Any]:
    """An assistant's message as OpenCode keeps it."""
    return {
        "id": id_,
        "sessionID": session,
        "role": "assistant",
        "time": {"created": time_ms, "completed": time_ms + 4_000},
        "modelID": "claude-sonnet-4-5",
        "providerID": "anthropic",
        "mode": "build",
        "path": {"cwd": "/home/ann/web/api", "root": "/home/ann/web"},
        "cost": 0.0215,
        "tokens": {"input": 1_200, "output": 340, "reasoning": 0, "cache": {"read": 9_000, "write": 450}},
        **changes,
    }


OPENCODE_SCHEMA = """
CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT, parent_id TEXT, directory TEXT, title TEXT);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, time_updated INTEGER, data TEXT);
"""


def opencode_row(message: dict[str, Any]) -> tuple[str, list[Any]]:
    """The message as a row: the data lacks what has a column."""
    data = {name: value for name, value in message.items() if name not in {"id", "sessionID"}}
    created = message["time"].get("created")
    values = [message["id"], message["sessionID"], created, created, json.dumps(data)]
    return "INSERT INTO message VALUES (?, ?, ?, ?, ?)", values


def opencode_session(id_: str, folder: str, parent: str | None = None) -> tuple[str, list[Any]]:
    """A session as a row."""
    return "INSERT INTO session VALUES (?, 'p', ?, ?, 'title')", [id_, parent, folder]


def opencode_home(home: Path) -> Path:
    """Messages in the database and in files, one of them in both."""
    root = home / ".local/share/opencode"
    both = opencode_message("msg_b", "ses_1", DAY_1 + 60_000)
    open_weights = {"modelID": "glm-4.7", "providerID": "zai", "cost": 0}
    rows = [
        opencode_session("ses_1", "/home/ann/web"),
        opencode_session("ses_2", "/home/ann/web", parent="ses_1"),
        opencode_row(opencode_message("msg_a", "ses_1", DAY_1)),
        opencode_row(both),
        opencode_row(
            opencode_message("msg_c", "ses_2", DAY_2, tokens={"input": 5, "output": 6, "reasoning": 70}, **open_weights)
        ),
        opencode_row({**opencode_message("msg_u", "ses_1", DAY_1), "role": "user", "tokens": None}),
    ]
    write_database(root / "opencode.db", OPENCODE_SCHEMA, rows)
    write(root / "storage/message/ses_1/msg_b.json", json.dumps(both))
    old = opencode_message("msg_d", "ses_3", DAY_2 + 1, tokens={"total": 500}, **open_weights)
    write(root / "storage/message/ses_3/msg_d.json", json.dumps(old))
    kept = {"id": "ses_3", "projectID": "p9", "directory": "/home/ann/old", "parentID": "ses_0"}
    write(root / "storage/session/p9/ses_3.json", json.dumps(kept))
    return root


def kilo_home(home: Path) -> Path:
    """Kilo's database."""
    root = home / ".local/share/kilo"
    rows = [
        opencode_session("ses_1", "/home/ann/web"),
        opencode_row(opencode_message("msg_a", "ses_1", DAY_1)),
        opencode_row(opencode_message("msg_b", "ses_1", DAY_2, tokens={"input": 7, "output": 8, "total": 20}, cost=0)),
    ]
    write_database(root / "kilo.db", OPENCODE_SCHEMA, rows)
    return root


def gemini_message(id_: str, time_ms: int, model: str = "gemini-2.5-pro", **tokens: int) -> dict[str, Any]:
    """A model's message as Gemini CLI keeps it."""
    return {"id": id_, "timestamp": iso(time_ms), "type": "gemini", "content": SECRET, "model": model, "tokens": tokens}


GEMINI_INSIDE = {"input": 900, "output": 50, "cached": 600, "thoughts": 30, "tool": 20, "total": 1_000}
"""The total counts the cached part once: it is inside the input."""

GEMINI_APART = {"input": 100, "output": 10, "cached": 40, "thoughts": 5, "tool": 0, "total": 155}


def gemini_home(home: Path) -> Path:
    """A chat as a document, one as lines with a message written twice, and a headless run's sums."""
    root = home / ".gemini/tmp"
    project = "ab" * 32
    chat = {
        "sessionId": "5e551011-0000",
        "projectHash": project,
        "startTime": iso(DAY_1),
        "lastUpdated": iso(DAY_1 + 99_000),
        "messages": [
            {"id": "u1", "timestamp": iso(DAY_1), "type": "user", "content": SECRET},
            gemini_message("g1", DAY_1 + 1_000, **GEMINI_INSIDE),
            gemini_message("g2", DAY_1 + 2_000, **GEMINI_APART),
        ],
    }
    write(root / project / "chats/session-2026-05-28T20-26-5e551011.json", json.dumps(chat, indent=2))
    write(root / project / "logs.json", json.dumps([{"sessionId": "5e551011-0000", "type": "user", "message": SECRET}]))
    grown = {**GEMINI_APART, "output": 25, "total": 170}
    records = [
        {"sessionId": "5e552022-0000", "projectHash": "web", "startTime": iso(DAY_2), "kind": "main"},
        gemini_message("g3", DAY_2 + 1_000, model="gemini-3-pro-preview", **GEMINI_APART),
        gemini_message("g4", DAY_2 + 2_000, **GEMINI_INSIDE),
        gemini_message("g3", DAY_2 + 1_000, model="gemini-3-pro-preview", **grown),
    ]
    write(root / "web/chats/session-2026-05-29T20-26-5e552022.jsonl", lines(records))
    tokens = {"prompt": 800, "candidates": 60, "total": 900, "cached": 500, "thoughts": 40, "tool": 0}
    sums = {
        "session_id": "5e553033",
        "timestamp": iso(DAY_2),
        "stats": {"models": {"gemini-2.5-flash": {"tokens": tokens}}},
    }
    write(root / "web/run.json", json.dumps(sums))
    return root


def pi_message(time_ms: int, **usage: Any) -> dict[str, Any]:
    """An assistant's line of Pi's and of OpenClaw's sessions."""
    message = {
        "role": "assistant",
        "content": [{"type": "text", "text": SECRET}],
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "usage": usage,
        "timestamp": time_ms,
    }
    return {"type": "message", "id": f"{time_ms:x}", "parentId": None, "timestamp": iso(time_ms), "message": message}


def pi_home(home: Path) -> Path:
    """A session, and a fork of it that repeats its first answer."""
    root = home / ".pi/agent/sessions"
    first = pi_message(
        DAY_1, input=10, output=20, cacheRead=300, cacheWrite=40, totalTokens=370, cost={"total": 0.0125}
    )
    second = pi_message(DAY_2, input=11, output=21, cacheRead=0, cacheWrite=0, totalTokens=50, cost={"total": 0.5})
    third = pi_message(DAY_2 + 5, input=0, output=0, cacheRead=0, cacheWrite=0, totalTokens=33)
    header = {"type": "session", "version": 3, "id": "s-1", "timestamp": iso(DAY_1), "cwd": "/home/ann/web"}
    user = {"type": "message", "timestamp": iso(DAY_1), "message": {"role": "user", "content": "usage"}}
    write(root / "--home-ann-web--/2026-05-28T20-26-40-000Z_s-1.jsonl", lines([header, user, first, second, third]))
    return root


def codebuff_home(home: Path) -> Path:
    """A chat whose messages tell their usage in all three places."""
    root = home / ".config/manicode"
    counts = {"inputTokens": 100, "outputTokens": 50, "cacheCreationInputTokens": 20, "cacheReadInputTokens": 10}
    options = {"codebuff": {"model": "openai/gpt-5", "usage": {"prompt_tokens": 90, "completion_tokens": 30}}}
    history = [{"role": "user"}, {"role": "assistant", "providerOptions": options}]
    state = {"sessionState": {"mainAgentState": {"messageHistory": history}}}
    model = "claude-sonnet-4-20250514"
    messages = [
        {"id": "u", "role": "user", "content": SECRET},
        {"id": "a", "role": "assistant", "timestamp": iso(DAY_1), "metadata": {"model": model, "usage": counts}},
        {"id": "b", "variant": "ai", "timestamp": DAY_2, "metadata": {"codebuff": {"usage": {"totalTokens": 700}}}},
        {"id": "c", "variant": "agent", "timestamp": "9:41 AM", "metadata": {"runState": state}},
    ]
    write(root / "projects/web/chats/2026-05-30T01-02-03.004Z/chat-messages.json", json.dumps(messages))
    return root


def kimi_status(time_s: float, id_: str | None, **usage: int) -> dict[str, Any]:
    """A step's status as Kimi CLI writes it."""
    payload = {"context_usage": 0.1, "token_usage": usage, "message_id": id_}
    return {"timestamp": time_s, "message": {"type": "StatusUpdate", "payload": payload}}


def kimi_record(time_ms: int, scope: str, **usage: int) -> dict[str, Any]:
    """A usage record as Kimi Code writes it."""
    return {"type": "usage.record", "model": "kimi-code/k3", "usage": usage, "usageScope": scope, "time": time_ms}


def kimi_home(home: Path) -> Path:
    """A session of each of the two programs."""
    root = home / ".kimi"
    first = kimi_status(DAY_1 / 1000, "c1", input_other=10, output=20, input_cache_creation=0, input_cache_read=30)
    records = [
        {"type": "metadata", "protocol_version": "1.3"},
        first,
        first,
        kimi_status(DAY_1 / 1000 + 1.5, None, input_other=0, output=5, input_cache_read=77, input_cache_creation=8),
        kimi_status(DAY_2 / 1000, "c2", total=432),
    ]
    write(root / "sessions/0a0b/s-old/wire.jsonl", lines(records))
    write(root / "config.json", json.dumps({"model": "kimi-k2.5"}))
    used = {"inputOther": 100, "output": 200, "inputCacheRead": 300, "inputCacheCreation": 400}
    records = [kimi_record(DAY_2, "turn", **used), kimi_record(DAY_2, "session", **used)]
    write(home / ".kimi-code/sessions/ws/s-new/agents/main/wire.jsonl", lines(records))
    write(
        home / ".kimi-code/sessions/ws/s-new/agents/agent-1/wire.jsonl",
        lines([kimi_record(DAY_2 + 9, "turn", output=7)]),
    )
    return root


def qwen_line(time_ms: int, **usage: int) -> dict[str, Any]:
    """An assistant's line of Qwen Code's chats."""
    return {
        "uuid": f"u-{time_ms}",
        "sessionId": "q-1",
        "timestamp": iso(time_ms),
        "type": "assistant",
        "cwd": "/home/ann/web",
        "version": "0.9.1",
        "gitBranch": "main",
        "model": "qwen3-coder-plus",
        "message": {"role": "model", "parts": [{"text": SECRET}]},
        "usageMetadata": usage,
    }


def qwen_home(home: Path) -> Path:
    """A chat without cached tokens, of which more in the tests."""
    root = home / ".qwen"
    plain = {"promptTokenCount": 100, "candidatesTokenCount": 20, "thoughtsTokenCount": 0, "cachedContentTokenCount": 0}
    records = [
        {**qwen_line(DAY_1, **plain), "type": "user"},
        qwen_line(DAY_1, **plain, totalTokenCount=120),
        qwen_line(DAY_1, **plain, totalTokenCount=120),
        qwen_line(DAY_2, totalTokenCount=321),
    ]
    write(root / "projects/-home-ann-web/chats/q-1.jsonl", lines(records))
    return root


OPENCLAW_SCHEMA = """
CREATE TABLE transcript_events (
  session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (session_id, seq));
"""


def openclaw_home(home: Path) -> Path:
    """A session, an archived one, one in the folder of an older name."""
    root = home / ".openclaw"
    change = {"type": "model_change", "provider": "openai-codex", "modelId": "gpt-5.2"}
    answer = pi_message(DAY_1, input=1_660, output=55, cacheRead=108_928, cost={"total": 0.02})
    del answer["message"]["model"], answer["message"]["provider"]
    write(root / "agents/main/sessions/s-1.jsonl", lines([change, answer, answer]))
    other = pi_message(DAY_2, input=1, output=2, totalTokens=9)
    write(root / "agents/main/sessions/s-0.jsonl.reset.2026-03-20T06-34-44.520Z", lines([other]))
    write(home / ".clawdbot/agents/main/sessions/s-9.jsonl", lines([pi_message(DAY_2 + 1, totalTokens=4)]))
    return root


def grok_turn(time_ms: int, event: str | None, **usage: Any) -> dict[str, Any]:
    """A finished turn as Grok writes it."""
    update = {"sessionUpdate": "turn_completed", "usage": usage}
    about = {"eventId": event, "agentTimestampMs": time_ms}
    params = {"sessionId": "019f-1", "update": update, "_meta": about}
    return {"timestamp": time_ms // 1000, "method": "session/update", "params": params}


def grok_home(home: Path) -> Path:
    """A session: a turn of two models, one told twice, one without a table of models."""
    root = home / ".grok"
    used = {"inputTokens": 900, "outputTokens": 70, "cachedReadTokens": 600, "reasoningTokens": 30, "totalTokens": 970}
    small = {"inputTokens": 9, "outputTokens": 1, "cachedReadTokens": 0, "totalTokens": 10}
    models = {"grok-4.5-build": {**used, "costUsdTicks": 12_500_000}, "grok-code-fast-1": small}
    first = grok_turn(DAY_1, "e-1", **used, modelUsage=models)
    folder = root / "sessions/%2Fhome%2Fann%2Fweb/019f-1"
    write(folder / "updates.jsonl", lines([first, first, grok_turn(DAY_2, "e-2", **small)]))
    write(folder / "summary.json", json.dumps({"info": {"id": "019f-1"}, "current_model_id": "grok-4.3"}))
    write(folder / "events.jsonl", lines([first]))
    return root


ZCODE_SCHEMA = """
CREATE TABLE session (id TEXT PRIMARY KEY, directory TEXT, version TEXT);
CREATE TABLE model_usage (
  id TEXT PRIMARY KEY, session_id TEXT, started_at INTEGER, model_id TEXT, provider_id TEXT, status TEXT,
  input_tokens INTEGER, output_tokens INTEGER, reasoning_tokens INTEGER, cache_creation_input_tokens INTEGER,
  cache_read_input_tokens INTEGER, computed_total_tokens INTEGER);
"""


def zcode_row(id_: str, time_ms: int, *counts: int | None, status: str = "completed") -> tuple[str, list[Any]]:
    """A request: input, output, reasoning, cache writes, cache reads and total."""
    values = [id_, "z-1", time_ms, "GLM-5.2", "builtin:zai-coding-plan", status, *counts]
    return f"INSERT INTO model_usage VALUES ({', '.join('?' * 12)})", values


def zcode_home(home: Path) -> Path:
    """Requests that were finished, and one that was not."""
    root = home / ".zcode"
    rows = [
        ("INSERT INTO session VALUES ('z-1', '/home/ann/web', '1')", []),
        zcode_row("a", DAY_1, 16_507, 59, 0, 0, 11_712, 16_566),
        zcode_row("b", DAY_2, 1_000, 300, 0, 100, 200, 1_300),
        zcode_row("c", DAY_2, 10, 5, 0, 0, 40, 25),
        zcode_row("d", DAY_2, 10, 5, 0, 0, 0, 15, status="cancelled"),
    ]
    write_database(root / "cli/db/db.sqlite", ZCODE_SCHEMA, rows)
    return root


def proto(**fields: Any) -> bytes:
    """A protocol buffer: `f7=b"x"` is bytes in field 7, `f2=5` a number in field 2, a list several of them."""
    data = b""
    for name, value in fields.items():
        for part in value if isinstance(value, list) else [value]:
            number = int(name[1:]) << 3
            data += (
                _varint(number) + _varint(part)
                if isinstance(part, int)
                else _varint(number | 2) + _varint(len(part)) + part
            )
    return data


def _varint(value: int) -> bytes:
    data = bytearray()
    while value >= 0x80:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*data, value])


def antigravity_usage(id_: str, input_tokens: int, output: int, thoughts: int = 0, **fields: Any) -> bytes:
    """A request's usage: its ids, and counts."""
    ids = {"f7": b"m-" + id_.encode(), "f11": b"r-" + id_.encode()}
    return proto(**ids, f2=input_tokens, f3=output + thoughts, f9=thoughts, f10=output, **fields)


def antigravity_time(time_ms: int) -> bytes:
    """A time as protocol buffers have it."""
    return proto(f1=time_ms // 1000, f2=time_ms % 1000 * 1_000_000)


def antigravity_generation(usage: bytes, time_ms: int, model: bytes = b"", **fields: Any) -> bytes:
    """A row of `gen_metadata`."""
    return proto(f1=proto(f4=usage, f9=proto(f4=antigravity_time(time_ms)), f19=model, **fields))


ANTIGRAVITY_SCHEMA = """
CREATE TABLE gen_metadata (idx INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE steps (idx INTEGER PRIMARY KEY, metadata BLOB);
CREATE TABLE trajectory_metadata_blob (data BLOB);
"""


def antigravity_home(home: Path) -> Path:
    """A conversation: requests told by steps and by generations, one by both, one with a retry."""
    root = home / ".gemini/antigravity"
    both = antigravity_usage("b", 400, 150, 50, f4=30, f5=500)
    retry = proto(f2=antigravity_usage("d", 80, 25, 5))
    about = proto(f12=b"gemini-3-flash-agent", f7=24)
    generation = "INSERT INTO gen_metadata VALUES (?, ?)"
    step = "INSERT INTO steps VALUES (?, ?)"
    rows = [
        (generation, [1, antigravity_generation(both, DAY_1, b"Gemini 3 Pro (High)", f17=retry)]),
        (generation, [2, antigravity_generation(antigravity_usage("c", 300, 75, 25), DAY_2)]),
        (step, [1, proto(f8=antigravity_time(DAY_1), f9=both)]),
        (step, [2, proto(f8=antigravity_time(DAY_2), f9=antigravity_usage("e", 11, 20, 2), f24=about)]),
        (step, [3, None]),
        ("INSERT INTO trajectory_metadata_blob VALUES (?)", [proto(f2=antigravity_time(DAY_1))]),
    ]
    write_database(root / "conversations/c-1.db", ANTIGRAVITY_SCHEMA, rows)
    write_database(root / "conversation_summaries.db", "CREATE TABLE x (y);")
    return root


HOMES: dict[str, Callable[[Path], Path]] = {
    "opencode": opencode_home,
    "gemini": gemini_home,
    "pi": pi_home,
    "kilo": kilo_home,
    "codebuff": codebuff_home,
    "kimi": kimi_home,
    "qwen": qwen_home,
    "openclaw": openclaw_home,
    "grok": grok_home,
    "zcode": zcode_home,
    "antigravity": antigravity_home,
}
"""What writes each agent's logs; it answers with the agent's folder."""
