"""Real agents, set up by `devtime connect`, with a model on loopback: what they do and use arrives, to the token."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from database import TestServer
from instances import Instance, run_instance
from machines import wait_until
from model_servers import INPUT, OUTPUT, ModelServer, model_server
from npm_programs import install
from seats import Seat

CLAUDE_CODE, CODEX = "2.1.197", "0.171.0"


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory):
    """A running DevTime."""
    address = asyncio.run(test_server.create_database())
    with run_instance(address, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def seat(tmp_path: Path, instance: Instance) -> Seat:
    return Seat(tmp_path, instance)


def program(name: str, version: str, package: str, path: str) -> Path:
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip("the agents are run on Linux on x86-64")
    found = install(f"{name}-{version}", [f"{package}@{version}"], Path("node_modules") / path)
    if isinstance(found, str):
        pytest.skip(found)
    return found


def run(seat: Seat, model: ModelServer, words: list[object], **environment: str) -> None:
    done = subprocess.run(
        [str(word) for word in words], cwd=seat.project, env={**seat.environment, **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Done." in done.stdout
    assert model.told


def tokens(instance: Instance, seat: Seat) -> tuple[int, int]:
    """Input and output tokens the server knows of."""
    with instance.client(seat.resident) as client:
        sums = client.get("/api/usage", params={"range": "all", "group": "agent"}).json()["totals"]
    return (sums["input_tokens"], sums["output_tokens"])


def check_undone(seat: Seat, client: str, before: dict[str, bytes]) -> None:
    seat.devtime("connect", client, "--undo", "--yes")
    now = seat.files()
    assert {name: now.get(name) for name in before} == before


@pytest.mark.slow
def test_claude_code_tells_prompts_tools_and_tokens(instance: Instance, seat: Seat) -> None:
    claude = program(
        "claude", CLAUDE_CODE, "@anthropic-ai/claude-code-linux-x64", "@anthropic-ai/claude-code-linux-x64/claude"
    )
    settings = seat.home / ".claude/settings.json"
    settings.parent.mkdir()
    settings.write_text('{ "permissions": {"allow": ["Write"]},  "cleanupPeriodDays": 30 }')
    before = seat.files()
    seat.devtime("connect", "claude-code", "--yes")
    with model_server(str(seat.project / "lamp.py")) as model:
        run(
            seat, model, [claude, "-p", "write the lamp", "--permission-mode", "acceptEdits"],
            ANTHROPIC_BASE_URL=model.address, ANTHROPIC_API_KEY="sk-ant-none", DISABLE_AUTOUPDATER="1",
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        )  # fmt: skip
        answers = len(model.told)
    assert (seat.project / "lamp.py").exists()
    wait_until(lambda: len(seat.arrived()) >= 5)
    seat.devtime("collect", "--once")
    rows = seat.arrived()
    assert {(row["tool"], row["project"], row["branch"]) for row in rows} == {("claude-code", "lamp", "main")}
    assert len({row["session"] for row in rows}) == 1
    kinds = [row["activity_type"] for row in rows]
    assert kinds[0] == "prompting"
    assert [row["file"] for row in rows if row.get("is_write")] == [str(seat.project / "lamp.py")]
    assert kinds.count("coding") == 2
    assert tokens(instance, seat) == (answers * INPUT, answers * OUTPUT)
    assert b"write the lamp" not in b"".join(file.read_bytes() for file in seat.data.iterdir() if file.is_file())
    check_undone(seat, "claude-code", before)


@pytest.mark.slow
def test_codex_tells_turns_and_tokens_and_still_calls_the_program_it_called_before(
    instance: Instance, seat: Seat, tmp_path: Path
) -> None:
    codex = program("codex", CODEX, "@openai/codex", ".bin/codex")
    heard = tmp_path / "heard"
    bell = tmp_path / "bell"
    bell.write_text(f'#!/bin/sh\necho "$1" > {heard}\n')
    bell.chmod(0o755)
    configuration = seat.home / ".codex/config.toml"
    configuration.parent.mkdir()
    with model_server("") as model:
        provider = f'name = "loop"\nbase_url = "{model.address}/v1"\nenv_key = "LOOP_KEY"\nwire_api = "responses"\n'
        text = f'notify = ["{bell}"] # mine\nmodel_provider = "loop"\n\n[model_providers.loop]\n{provider}'
        configuration.write_text(text)
        seat.devtime("connect", "codex", "--yes")
        run(seat, model, [codex, "exec", "--skip-git-repo-check", "say done"], LOOP_KEY="none")
        answers = len(model.told)
    wait_until(heard.exists)
    wait_until(lambda: len(seat.arrived()) == 1)
    seat.devtime("collect", "--once")
    (row,) = seat.arrived()
    assert (row["tool"], row["project"], row["activity_type"]) == ("codex", "lamp", "prompting")
    assert "agent-turn-complete" in heard.read_text()
    assert tokens(instance, seat) == (answers * INPUT, answers * OUTPUT)
    left = configuration.read_text()
    seat.devtime("connect", "codex", "--undo", "--yes")
    now = configuration.read_text()
    # The agent itself notes there which folders it trusts.
    assert now.startswith(text) if left.startswith("notify") else now == text
