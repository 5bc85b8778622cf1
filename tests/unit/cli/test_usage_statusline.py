"""The status line: what it says of whom, and that nothing on its standard input can make it fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devtime.cli.statusline_input import Status, context_of
from generated_logs import OPUS, claude_line

USAGE = {"input_tokens": 1_000_000, "cache_read_input_tokens": 0, "output_tokens": 0}
_RUN = "from devtime.cli.main import run; run()"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder whose one session cost $5 half an hour ago and $5 five minutes ago."""
    now = datetime.now(UTC)
    lines = [claude_line("s1", now - timedelta(minutes=ago), OPUS, f"m{ago}", f"r{ago}", USAGE) for ago in (30, 5)]
    log = tmp_path / ".claude" / "projects" / "web" / "s1.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    return tmp_path


def ask(home: Path, status: Any, *words: str, config: str = "") -> str:
    """The line for a status; it must be one line and no failure."""
    if config:
        (home / ".devtime").mkdir(exist_ok=True)
        (home / ".devtime" / "config.toml").write_text(config)
    data = status if isinstance(status, bytes) else json.dumps(status).encode()
    environment = {
        "HOME": str(home),
        "DEVTIME_HOME": str(home / ".devtime"),
        "PATH": os.environ["PATH"],
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", _RUN, "statusline", *words],
        input=data,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
    return done.stdout.decode().rstrip("\n")


STATUS = {
    "session_id": "s1",
    "model": {"id": "claude-opus-4-5", "display_name": "Opus"},
    "cost": {"total_cost_usd": 1.2},
    "context_window": {
        "context_window_size": 200_000,
        "current_usage": {"input_tokens": 2, "cache_read_input_tokens": 11_998},
    },
    "rate_limits": {"five_hour": {"used_percentage": 23.5}},
    "workspace": {"project_dir": "/home/ada/web"},
}


def test_the_line_says_what_is_known_and_leaves_out_the_rest(home: Path) -> None:
    line = ask(home, STATUS)
    assert line.startswith("Opus | $1.20 session / ")
    assert " today / $10.00 block (" in line
    assert line.endswith(" | $24.00/hr | 12,000 (6%) ctx")
    assert "coded" not in line


def test_the_time_coded_today_is_shown_while_it_is_fresh(home: Path) -> None:
    cache = home / ".devtime" / "cache"
    cache.mkdir(parents=True)
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    (cache / "today.json").write_text(json.dumps({"active_seconds": 8_040.0, "at_ms": now_ms - 1}))
    assert ask(home, STATUS, "--timezone", "UTC").endswith("| 2h 14m coded")
    (cache / "today.json").write_text(json.dumps({"active_seconds": 8_040.0, "at_ms": now_ms - 3_600_000}))
    assert "coded" not in ask(home, STATUS)
    (cache / "today.json").write_text('{"active_seconds": true, "at_ms": "now"}')
    assert "coded" not in ask(home, STATUS)


@pytest.mark.parametrize(
    ("source", "told"), [("cc", "$1.20"), ("ledger", "$10.00"), ("auto", "$1.20"), ("both", "$1.20 cc, $10.00 ledger")]
)
def test_the_session_costs_what_the_chosen_source_says(home: Path, source: str, told: str) -> None:
    assert ask(home, STATUS, "--cost-source", source, "--format", "{session}") == told


def test_format_and_emoji_and_the_rest_can_be_set_in_the_file(home: Path) -> None:
    config = '[statusline]\nformat = "{folder}: {limit} | {model}"\ncost_source = "ledger"\n'
    assert ask(home, STATUS, config=config) == "web: 24% | Opus"
    assert ask(home, STATUS, config="[statusline]\nemoji = true\n").startswith("🤖 Opus | 💰 ")
    assert "must be true or false" in ask(home, STATUS, config='[statusline]\nemoji = "yes"\n')
    assert "is not valid TOML" in ask(home, STATUS, config="[statusline")


def test_a_part_nobody_knows_is_named(home: Path) -> None:
    assert "{moon} is no part" in ask(home, STATUS, "--format", "{moon}")
    assert ask(home, STATUS, "--format", "{model} {") == "Opus {"
    assert ask(home, STATUS, "--format", "{model} | {coded} | x") == "Opus | x"


def test_colours_tell_how_full_the_context_is(home: Path) -> None:
    line = ask(home, STATUS, "--color", "--format", "{context}")
    assert line == "12,000 (\x1b[32m6%\x1b[0m)"
    line = ask(home, STATUS, "--color", "--format", "{context}", "--context-low-threshold", "5")
    assert line == "12,000 (\x1b[33m6%\x1b[0m)"


@pytest.mark.parametrize(
    "status",
    [b"", b"   ", b"{", b"null", b"[]", b"42", b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 50_000, b"x" * 5_000_000],
    ids=["empty", "blank", "half", "null", "list", "number", "binary", "deep list", "deep object", "huge"],
)
def test_a_status_that_is_none_still_gives_the_rest_of_the_line(home: Path, status: bytes) -> None:
    line = ask(home, status)
    assert " today / $10.00 block (" in line
    assert ("could not be read" in line) == bool(status.strip())


def test_words_it_does_not_know_are_told_in_the_line(home: Path) -> None:
    assert "is no option" in ask(home, STATUS, "--moon")
    assert "is not a time zone" in ask(home, STATUS, "--timezone", "Mars/Olympus")


def test_a_ledger_that_cannot_be_kept_is_told_in_the_line(home: Path) -> None:
    (home / ".devtime").write_text("a file where the folder should be")
    assert ask(home, STATUS) != ""


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = [
    "session_id",
    "transcript_path",
    "model",
    "cost",
    "context_window",
    "rate_limits",
    "workspace",
    "cwd",
    "version",
]


@given(
    st.dictionaries(
        st.sampled_from(_FIELDS),
        _JSON
        | st.dictionaries(
            st.sampled_from(
                [
                    "display_name",
                    "id",
                    "total_cost_usd",
                    "context_window_size",
                    "current_usage",
                    "used_percentage",
                    "five_hour",
                ]
            ),
            _JSON,
        ),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_type_in_any_field_is_borne(fields: dict[str, Any]) -> None:
    status = Status(json.dumps(fields).encode("utf-8", "surrogatepass"))
    context = context_of(status)
    assert context is None or context.tokens >= 0
    for path in (("model", "display_name"), ("session_id",), ("cwd",)):
        assert status.text(*path) is None or isinstance(status.text(*path), str)
    for path in (("cost", "total_cost_usd"), ("rate_limits", "five_hour", "used_percentage")):
        number = status.number(*path)
        assert number is None or number >= 0


def test_the_context_is_read_from_the_end_of_a_long_transcript(tmp_path: Path) -> None:
    usage = {"input_tokens": 7, "cache_creation_input_tokens": 13, "cache_read_input_tokens": 80, "output_tokens": 1}
    line = json.dumps({"message": {"usage": usage}}, separators=(",", ":"))
    side = json.dumps(
        {"isSidechain": True, "message": {"usage": usage | {"input_tokens": 9_999}}}, separators=(",", ":")
    )
    transcript = tmp_path / "t.jsonl"
    transcript.write_text("x" * 3_000_000 + "\n" + line + "\n" + side + "\n" + '{"type":"user"}\n' + '{"usage"')
    context = context_of(Status(json.dumps({"transcript_path": str(transcript)}).encode()))
    assert context is not None
    assert (context.tokens, context.percent) == (100, 0.05)


@pytest.mark.parametrize("path", ["/dev/zero", "/nowhere", "/", "a\0b", "/proc/self/mem"])
def test_a_transcript_that_is_none_tells_nothing(path: str) -> None:
    assert context_of(Status(json.dumps({"transcript_path": path}).encode())) is None


def test_a_window_of_a_million_is_known_by_the_models_name() -> None:
    fields = {"model": {"id": "claude-sonnet-4-6[1m]"}, "context_window": {"current_usage": {"input_tokens": 10_000}}}
    context = context_of(Status(json.dumps(fields).encode()))
    assert context is not None
    assert context.percent == 1
