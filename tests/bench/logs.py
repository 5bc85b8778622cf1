"""Made-up logs of Claude Code, true to the format, with books of what they add up to. The same seed, the same bytes.

Responses are streamed into several lines of one id whose output grows; sub-agents have files of their own; side
conversations replay responses of the main one; resumed sessions begin with a copy of older lines; lines break off.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

_BEGINNING = datetime(2026, 5, 1, 6, tzinfo=UTC)
_DAYS = 200
_LINE_BYTES = 1_010
"""What a line takes on average, to know how many make a megabyte."""

_MODELS = (
    ("claude-opus-4-5-20251101", 30),
    ("claude-sonnet-4-5-20250929", 40),
    ("claude-haiku-4-5-20251001", 15),
    ("claude-opus-4-6", 10),
    ("claude-sonnet-4-6", 5),
)
_TEXT = (
    "the harbour lamp keeps turning while ferries wait for tide and wind to agree about a crossing nobody planned "
    "return value index buffer slice error handler request parser lock queue worker retry offset digest schema"
)

Counts = list[int]
"""Events, input, output, cache read, cache written for 5 minutes, for 1 hour."""


@dataclass
class Books:
    """What was written, and what it must add up to by UTC day and model."""

    files: int = 0
    lines: int = 0
    size: int = 0
    usage_lines: int = 0
    replays: int = 0
    resumed: int = 0
    broken: int = 0
    cells: dict[tuple[str, str], Counts] = field(default_factory=lambda: defaultdict(lambda: [0] * 6))

    def count(self, response: Response) -> None:
        """One response; called once for each, however many lines tell it."""
        cell = self.cells[response.told_at[:10], response.model]
        counts = (1, response.given, response.answered, response.read, response.write_5m, response.write_1h)
        for place, amount in enumerate(counts):
            cell[place] += amount

    def save(self, path: Path) -> None:
        """Write them down."""
        rows = [[*key, *counts] for key, counts in sorted(self.cells.items())]
        facts = {name: value for name, value in vars(self).items() if name != "cells"}
        path.write_text(json.dumps({**facts, "cells": rows}))

    @classmethod
    def load(cls, path: Path) -> Books:
        """Read them back."""
        facts = json.loads(path.read_text())
        books = cls(**{name: value for name, value in facts.items() if name != "cells"})
        books.cells.update({(day, model): counts for day, model, *counts in facts["cells"]})
        return books


@dataclass
class Response:
    """One response of a model. `told_at` is the time on the first line that tells it in full."""

    id: str
    request: str
    model: str
    given: int
    answered: int
    read: int
    write_5m: int
    write_1h: int
    told_at: str = ""


class LogWriter:
    """Writes one seed's logs."""

    def __init__(self, projects: Path, seed: int) -> None:
        self._projects = projects
        self._random = random.Random(seed)
        self._text = " ".join(self._random.choices(_TEXT.split(), k=60_000))
        self._past: list[list[bytes]] = []
        self._responses: list[Response] = []
        self._model = ""
        self._prompt = 0
        self.books = Books()

    def write(self, files: int, lines: int) -> Books:
        """Fill the folder with about so many lines in so many files."""
        sizes = [self._random.lognormvariate(0, 0.9) for _ in range(files)]
        scale = lines / sum(sizes)
        for number, size in enumerate(sizes):
            self._write_file(number, max(4, round(size * scale)))
        return self.books

    @staticmethod
    def more_lines(number: int) -> list[bytes]:
        """Some lines that no log has, to append to one."""
        writer = LogWriter(Path(), 1_000_000 + number)
        writer._model, writer._prompt = _MODELS[0][0], 20_000
        now = _BEGINNING + timedelta(days=_DAYS)
        return [line + b"\n" for line in writer._turn("appended", "-home-ada-work", now, is_sidechain=False)]

    def _write_file(self, number: int, lines: int) -> None:
        chance = self._random.random
        folder = self._projects / f"-home-ada-work-project-{self._random.randrange(40):02d}"
        session = self._uuid()
        is_subagent = number > 20 and chance() < 0.12
        path = (
            folder / session / "subagents" / f"agent-{number:04x}.jsonl" if is_subagent else folder / f"{session}.jsonl"
        )
        now = _BEGINNING + timedelta(seconds=self._random.randrange(_DAYS * 86_400))
        models, weights = zip(*_MODELS, strict=True)
        self._model, self._prompt = self._random.choices(models, weights)[0], self._random.randrange(12_000, 30_000)
        written: list[bytes] = []
        if not is_subagent and self._past and chance() < 0.045:
            copied = self._random.choice(self._past)
            written += [line.replace(b'"sessionId":"', b'"sessionId":"r', 1) for line in copied]
            self.books.resumed += 1
        fresh: list[bytes] = []
        while len(fresh) < lines:
            now += timedelta(milliseconds=self._random.randrange(800, 60_000))
            fresh += self._turn(session, folder.name, now, is_sidechain=is_subagent)
        written += fresh
        if not is_subagent and len(self._past) < 60 and chance() < 0.2:
            self._past.append(fresh[:120])
        data = b"".join(line + b"\n" for line in written)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.books.files += 1
        self.books.lines += len(written)
        self.books.size += len(data)

    def _turn(self, session: str, folder: str, now: datetime, *, is_sidechain: bool) -> Iterator[bytes]:
        """A question or a tool's result, and the lines of the response to it."""
        chance = self._random.random
        head = self._head(session, folder, is_sidechain=is_sidechain)
        if chance() < 0.85:
            yield self._user_line(head, now)
        if chance() < 0.02 and self._responses and is_sidechain:
            self.books.replays += 1
            yield self._line(head, self._random.choice(self._responses), 1.0, now)
        if chance() < 0.004:
            self.books.broken += 1
            broken = self._line(head, self._response(), 1.0, now)
            yield broken[: self._random.randrange(40, len(broken) - 2)]
        response = self._response()
        parts = self._random.choices((1, 2, 3, 4), (40, 32, 18, 10))[0]
        for part in range(1, parts + 1):
            now += timedelta(milliseconds=self._random.randrange(50, 4_000))
            yield self._line(head, response, part / parts, now)
        self.books.count(response)
        if not is_sidechain and len(self._responses) < 50_000:
            self._responses.append(response)

    def _response(self) -> Response:
        """The next one of the session: its prompt grows until it is compacted; now and then a small model helps."""
        draw, is_side_job = self._random.randrange, self._random.random() < 0.04
        write, read = draw(200, 4_000), self._prompt
        self._prompt += write
        if self._prompt > 165_000:
            self._prompt = draw(20_000, 40_000)
        is_long = self._random.random() < 0.8
        return Response(
            id=f"msg_01{self._random.getrandbits(110):028x}",
            request=f"req_011{self._random.getrandbits(100):026x}",
            model=_MODELS[2][0] if is_side_job else self._model,
            given=draw(1, 300),
            answered=draw(2, 2_400),
            read=draw(0, 3_000) if is_side_job else read,
            write_5m=0 if is_long else write,
            write_1h=write if is_long else 0,
        )

    def _head(self, session: str, folder: str, *, is_sidechain: bool) -> str:
        sidechain = "true" if is_sidechain else "false"
        return (
            f'{{"parentUuid":"{self._uuid()}","isSidechain":{sidechain},"userType":"external",'
            f'"cwd":"{folder.replace("-", "/")}","sessionId":"{session}","version":"2.1.7","gitBranch":"main",'
        )

    def _line(self, head: str, response: Response, part: float, now: datetime) -> bytes:
        self.books.usage_lines += 1
        told_at = _spell(now)
        answered = max(1, int(response.answered * part))
        if answered == response.answered and not response.told_at:
            response.told_at = told_at
        write = response.write_5m + response.write_1h
        return (
            f'{head}"message":{{"model":"{response.model}","id":"{response.id}","type":"message","role":"assistant",'
            f'"content":[{{"type":"text","text":"{self._words(40, 500)}"}}],"stop_reason":null,"stop_sequence":null,'
            f'"usage":{{"input_tokens":{response.given},"cache_creation_input_tokens":{write},'
            f'"cache_read_input_tokens":{response.read},"cache_creation":{{"ephemeral_5m_input_tokens":'
            f'{response.write_5m},"ephemeral_1h_input_tokens":{response.write_1h}}},"output_tokens":{answered},'
            f'"service_tier":"standard"}}}},"requestId":"{response.request}","type":"assistant","uuid":"{self._uuid()}",'
            f'"timestamp":"{told_at}"}}'
        ).encode()

    def _user_line(self, head: str, now: datetime) -> bytes:
        text = self._words(60, 900)
        if self._random.random() < 0.05:
            text += ' {\\"usage\\":{\\"input_tokens\\":5}}'
        return (
            f'{head}"type":"user","message":{{"role":"user","content":[{{"tool_use_id":"toolu_01{self._uuid()}",'
            f'"type":"tool_result","content":"{text}"}}]}},"uuid":"{self._uuid()}","timestamp":"{_spell(now)}"}}'
        ).encode()

    def _words(self, least: int, most: int) -> str:
        length = self._random.randrange(least, most)
        begin = self._random.randrange(len(self._text) - length)
        return self._text[begin : begin + length]

    def _uuid(self) -> str:
        digits = f"{self._random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _spell(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1_000:03d}Z"


def write_logs(folder: Path, megabytes: int, seed: int = 7) -> Books:
    """Logs of about that size below `folder/projects`, kept there for the next time with their books."""
    kept = folder / "books.json"
    if kept.exists():
        return Books.load(kept)
    lines = megabytes * 1_000_000 // _LINE_BYTES
    books = LogWriter(folder / "projects", seed).write(max(2, megabytes * 2), lines)
    books.save(kept)
    return books
