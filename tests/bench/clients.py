"""What editors and agents wait for: a hook from start to end, and the language server's memory and first answer."""

from __future__ import annotations

import fcntl
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from devtime.lsp.messages import read_message

_DEVTIME = Path(sys.executable).with_name("devtime")
_ROUNDS = 40
_CALL = {
    "hook_event_name": "PostToolUse",
    "session_id": "s",
    "cwd": str(Path(__file__).parent),
    "tool_name": "Edit",
    "tool_input": {"file_path": __file__},
}


def measure_clients() -> str:
    """A table of medians, the bare interpreter beside it in the same interleaved rounds."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "DEVTIME_HOME": home}
        hooks, bare = _time_hooks(Path(home), environment)
        answer_ms, memory_mb = _meet_server(environment)
    rows = [
        ("hook, start to end, one heartbeat queued", f"{statistics.median(hooks):.0f} ms", "≤ 60 ms"),
        ("the interpreter alone", f"{statistics.median(bare):.0f} ms", ""),
        ("language server, first answer", f"{answer_ms:.0f} ms", ""),
        ("language server, memory after 500 changes", f"{memory_mb:.0f} MB", "< 45 MB"),
    ]
    lines = ["| what | measured | goal |", "|---|---:|---:|"]
    return "\n".join([*lines, *(f"| {name} | {value} | {goal} |" for name, value, goal in rows)])


def _time_hooks(home: Path, environment: Mapping[str, str]) -> tuple[list[float], list[float]]:
    """A held lock says that somebody sends already, as beside a collector."""
    hooks: list[float] = []
    bare: list[float] = []
    with (home / "collector.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for _ in range(_ROUNDS):
            hooks.append(_run([str(_DEVTIME), "hook", "claude-code"], environment))
            bare.append(_run([sys.executable, "-c", "pass"], environment))
    return hooks, bare


def _run(command: list[str], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, input=json.dumps(_CALL).encode(), env=environment, check=True)
    return (time.perf_counter() - began) * 1_000


def _meet_server(environment: Mapping[str, str]) -> tuple[float, float]:
    began = time.perf_counter()
    process = subprocess.Popen([_DEVTIME, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    assert process.stdout is not None
    document = {"uri": Path(__file__).as_uri(), "languageId": "python", "version": 1, "text": "x = 1\n" * 50_000}
    process.stdin.write(_frame("initialize", {"clientInfo": {"name": "Helix"}}, 1))
    process.stdin.flush()
    read_message(process.stdout)
    answer_ms = (time.perf_counter() - began) * 1_000
    process.stdin.write(_frame("textDocument/didOpen", {"textDocument": document}))
    for _ in range(500):
        process.stdin.write(_frame("textDocument/didChange", {"textDocument": {"uri": document["uri"]}}))
    process.stdin.write(_frame("shutdown", None, 2))
    process.stdin.flush()
    read_message(process.stdout)
    memory_mb = psutil.Process(process.pid).memory_info().rss / 1e6
    process.stdin.write(_frame("exit", None))
    process.stdin.close()
    process.wait(10)
    return answer_ms, memory_mb


def _frame(method: str, params: object, number: int | None = None) -> bytes:
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    content = json.dumps(message if number is None else {**message, "id": number}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(content), content)
