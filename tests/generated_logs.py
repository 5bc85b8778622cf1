"""Made-up logs of Claude Code and Codex as they lie below a home folder: seeded, with all that makes counting hard.

Streamed responses of growing output, resumed sessions that copy old lines, sub-agents in files of their own, cache
writes of both durations, long prompts, broken lines, and days on which clocks are changed.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

OPUS, SONNET, HAIKU = "claude-opus-4-5-20251101", "claude-sonnet-4-6", "claude-haiku-4-5-20251001"
UNKNOWN = "claude-unheard-of-9"
LONG = "claude-sonnet-4-5-20250929"
FIRST_DAY = datetime(2026, 10, 21, tzinfo=UTC)
"""Four days before clocks go back in Europe, eleven before they do in America."""

Line = dict[str, Any]


class Logs:
    """Writes logs below a home folder."""

    def __init__(self, home: Path, seed: int, *, days: int = 14) -> None:
        self.home = home
        self.random = random.Random(seed)
        self.days = days
        self._count = 0

    def claude(self, sessions: int = 14, models: tuple[str, ...] = (OPUS, SONNET, HAIKU)) -> None:
        """Sessions of Claude Code in three projects; some are resumed under another name."""
        folders = ["-home-ada-web", "-home-ada-api", "-srv-größe"]
        for number in range(sessions):
            folder = self.random.choice(folders)
            name = f"session-{self.random.getrandbits(48):012x}-{number}"
            lines = self.conversation(name, models)
            self._write(f".claude/projects/{folder}/{name}.jsonl", lines)
            if self.random.random() < 0.3:
                again = f"zz-{name}"
                more = self.conversation(again, models)
                copied = [line | {"sessionId": again} for line in lines]
                self._write(f".claude/projects/{folder}/{again}.jsonl", copied + more)
            if self.random.random() < 0.4:
                side = [line | {"isSidechain": True} for line in self.conversation(name, models)]
                self._write(f".claude/projects/{folder}/{name}/subagents/agent-{number}.jsonl", side)

    def conversation(self, session: str, models: tuple[str, ...], **fields: Any) -> list[Line]:
        """The lines of one session."""
        moment = FIRST_DAY + timedelta(minutes=self.random.randrange(self.days * 24 * 60))
        lines: list[Line] = []
        for _ in range(self.random.randrange(1, 25)):
            moment += timedelta(milliseconds=self.random.choice([1, 900, 60_000, 900_000, 4_000_000, 19_000_000]))
            lines += self.response(session, moment, self.random.choice(models), **fields)
            if self.random.random() < 0.2:
                lines.append({"type": "user", "sessionId": session, "message": {"role": "user", "content": "?"}})
        return lines

    def response(self, session: str, moment: datetime, model: str, **fields: Any) -> list[Line]:
        """One response: one line, or several of growing output."""
        self._count += 1
        name = f"{self._count:06}{self.random.getrandbits(32):08x}"
        prompt, read, output = (self.random.randrange(top) for top in (3_000, 90_000, 4_000))
        five, hour = self.random.choice([(0, 0), (5_000, 0), (0, 7_000), (1_200, 800)])
        lines: list[Line] = []
        shown = [output] if self.random.random() < 0.5 else [1, output // 2, output]
        for part in shown:
            usage = {
                "input_tokens": prompt,
                "cache_creation_input_tokens": five + hour,
                "cache_read_input_tokens": read,
                "cache_creation": {"ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": hour},
                "output_tokens": part,
                "service_tier": "standard",
            }
            lines.append(claude_line(session, moment, model, f"msg_{name}", f"req_{name}", usage, **fields))
            moment += timedelta(milliseconds=self.random.choice([0, 700]))
        return lines

    def codex(self, sessions: int = 6, models: tuple[str, ...] = ("gpt-5", "gpt-5.5")) -> None:
        """Rollouts of Codex."""
        for number in range(sessions):
            moment = FIRST_DAY + timedelta(minutes=self.random.randrange(self.days * 24 * 60))
            name = f"rollout-{moment:%Y-%m-%dT%H-%M-%S}-{number}"
            lines: list[Line] = [
                {
                    "timestamp": _iso(moment),
                    "type": "session_meta",
                    "payload": {"id": name, "cwd": "/home/ada/web", "git": {"branch": "main"}, "cli_version": "0.50.0"},
                }
            ]
            total = [0] * 5
            for _ in range(self.random.randrange(1, 12)):
                moment += timedelta(milliseconds=self.random.choice([1_500, 70_000, 4_000_000]))
                context = {"model": self.random.choice(models), "cwd": "/home/ada/web"}
                lines.append({"timestamp": _iso(moment), "type": "turn_context", "payload": context})
                read, fresh, output = (self.random.randrange(1, top) for top in (50_000, 9_000, 3_000))
                last = [read + fresh, read, output, output // 3, read + fresh + output]
                total = [one + more for one, more in zip(total, last, strict=True)]
                moment += timedelta(milliseconds=1_100)
                lines.append(_codex_line(moment, total, last))
            self._write(f".codex/sessions/{moment:%Y/%m/%d}/{name}.jsonl", lines)

    def _write(self, name: str, lines: list[Line]) -> None:
        written = [json.dumps(line, separators=(",", ":"), ensure_ascii=False) for line in lines]
        if self.random.random() < 0.5:
            written.insert(self.random.randrange(len(written) + 1), '{"type":"assistant","message":{"usage":{"inp')
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(written) + "\n", "utf-8")


def claude_line(
    session: str, moment: datetime, model: str, message: str, request: str, usage: dict[str, Any], **fields: Any
) -> Line:
    """A line of Claude Code's."""
    return {
        "parentUuid": None,
        "isSidechain": False,
        "cwd": "/home/ada/web",
        "sessionId": session,
        "version": "2.1.7",
        "gitBranch": "main",
        "message": {"model": model, "id": message, "type": "message", "role": "assistant", "usage": usage},
        "requestId": request,
        "type": "assistant",
        "uuid": f"{message}-{usage['output_tokens']}",
        "timestamp": _iso(moment),
        **fields,
    }


def _codex_line(moment: datetime, total: list[int], last: list[int]) -> Line:
    names = ["input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens", "total_tokens"]
    info = {
        "total_token_usage": dict(zip(names, total, strict=True)),
        "last_token_usage": dict(zip(names, last, strict=True)),
        "model_context_window": 272_000,
    }
    payload = {"type": "token_count", "info": info, "rate_limits": None}
    return {"timestamp": _iso(moment), "type": "event_msg", "payload": payload}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
