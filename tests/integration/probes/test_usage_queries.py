"""`ccusage.query` from inside the sandbox, answered by the real ledger from logs as the agents write them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import claude_logs
import codex_logs
from devtime.plugins.kinds.probe.permissions import Permissions
from devtime.probes import days
from devtime.probes.days import LedgerDays
from devtime.probes.instances import Instance
from devtime.probes.prober import Prober
from devtime.readers.surroundings import Surroundings
from probe_running import of_body, write_plugin

if TYPE_CHECKING:
    from devtime.plugins.engine.pool import Pool
    from probe_running import ProbeBench

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=1, microsecond=0)
MODEL = "claude-opus-4-5-20251101"


def day(ago: int) -> str:
    """A day as the envelope spells it."""
    return (TODAY - timedelta(days=ago)).strftime("%Y-%m-%d")


def write_claude(folder: Path, days_ago: tuple[int, ...], given: int = 1_000) -> None:
    """A session of Claude Code below its configuration folder, one response a day."""
    file = folder / "projects" / "-work-shop" / "one.jsonl"
    file.parent.mkdir(parents=True)
    written = [
        claude_logs.line(
            f"msg_{ago}",
            claude_logs.usage(given, 200, 30, 4_000),
            timestamp=(TODAY - timedelta(days=ago)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            requestId=f"req_{ago}",
        )
        for ago in days_ago
    ]
    file.write_bytes(claude_logs.lines(*written))


def write_codex(home: Path, ago: int) -> None:
    """A rollout of Codex below `.codex`."""
    since_ms = round((TODAY - timedelta(days=ago)).timestamp() * 1_000) - codex_logs.START_MS
    lines = [
        codex_logs.meta(since_ms, "c0de"),
        codex_logs.context(since_ms, "gpt-5"),
        *codex_logs.running_counts(since_ms + 1_000, 1_000, [(900, 400, 60, 20), (100, 0, 40, 0)]),
    ]
    codex_logs.put(home, "sessions/2026/11/01/rollout-2026-11-01T00-00-00-c0de.jsonl", lines)


@pytest.fixture
def logs(bench: ProbeBench) -> ProbeBench:
    """A home with logs of both providers, and a ledger that answers."""
    write_claude(bench.home / ".claude", (0, 3, 30, 31))
    write_codex(bench.home, 2)
    answering = LedgerDays(bench.folder / "devtime", Surroundings(bench.home, {}), "UTC")
    bench.vary(usage=answering)
    return bench


async def daily(bench: ProbeBench, options: str) -> list[dict[str, Any]]:
    """The days of an answer that is well."""
    answer = await bench.value(f"ctx.host.ccusage.query({options})")
    assert isinstance(answer, dict)
    assert (set(answer), answer["status"], set(answer["data"])) == ({"status", "data"}, "ok", {"daily"})
    return answer["data"]["daily"]


async def test_days_of_claude_are_told_in_ccusages_fields(logs: ProbeBench) -> None:
    first = (await daily(logs, ""))[0]
    cost = first.pop("totalCost")
    (model,) = first.pop("modelBreakdowns")
    assert first == {
        "date": day(0),
        "inputTokens": 1_000,
        "outputTokens": 200,
        "cacheCreationTokens": 30,
        "cacheReadTokens": 4_000,
        "totalTokens": 5_230,
        "modelsUsed": [model["modelName"]],
    }
    assert (model["inputTokens"], model["cost"]) == (1_000, cost)
    assert cost == pytest.approx((1_000 * 5 + 200 * 25 + 30 * 6.25 + 4_000 * 0.5) / 1e6)


async def test_days_of_codex_are_told_in_its_own_fields(logs: ProbeBench) -> None:
    (one,) = await daily(logs, "{provider:'codex'}")
    assert (one["date"], one["reasoningOutputTokens"], one["totalTokens"]) == (day(2), 20, 1_100)
    assert (one["outputTokens"], one["inputTokens"] + one["cacheReadTokens"]) == (100, 1_000)
    assert one["costUSD"] > 0
    assert one["models"]["gpt-5"]["totalTokens"] == 1_100


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [0, 3, 30]),
        (f"{{since:'{day(31)}'}}", [0, 3, 30, 31]),
        (f"{{since:'{day(30).replace('-', '')}',until:'{day(1).replace('-', '')}'}}", [3, 30]),
        (f"{{since:'{day(3)}',until:'{day(3)}'}}", [3]),
        (f"{{since:'{day(1)}',until:'{day(2)}'}}", []),
        (f"{{since:'{day(3)}',provider:'codex'}}", [2]),
        (f"{{since:'{day(1)}',provider:'codex'}}", []),
    ],
)
async def test_the_newest_day_comes_first_of_31_or_of_those_asked_for(
    logs: ProbeBench, options: str, expected: list[int]
) -> None:
    assert [each["date"] for each in await daily(logs, options)] == [day(ago) for ago in expected]


async def test_the_provider_is_the_plugins_where_it_names_none(logs: ProbeBench) -> None:
    body = "return { lines: [ctx.line.text({ label: 'v', value: ctx.host.ccusage.query({}).data.daily[0].date })] }"
    snapshot = await logs.run(of_body(body).replace("'trial'", "'codex'"), id="codex")
    assert getattr(snapshot.lines[0], "value", "") == day(2)


async def test_another_home_has_days_of_its_own(logs: ProbeBench) -> None:
    write_claude(logs.home / "work", (1,), given=77)
    for option in ("homePath", "claudePath"):
        (one,) = await daily(logs, f"{{{option}:'~/work'}}")
        assert (one["date"], one["inputTokens"]) == (day(1), 77)
    assert len(await daily(logs, "{}")) == 3
    assert await daily(logs, "{homePath:'~/nothing'}") == []
    (codex,) = await daily(logs, "{provider:'codex',homePath:'~/.codex',claudePath:'~/work'}")
    assert codex["totalTokens"] == 1_100


@pytest.mark.parametrize(
    "options",
    [
        "{since:'2026-02-31'}",
        "{since:'26-1-1'}",
        "{until:'20261301'}",
        "{provider:'gemini'}",
        "{homePath:5}",
        "{homePath:'~/.claude,/etc'}",
        "{homePath:'~/.claude/,/etc'}",
        "{homePath:'~/a\\0b'}",
    ],
)
async def test_what_cannot_be_asked_fails_and_does_not_throw(logs: ProbeBench, options: str) -> None:
    assert await logs.value(f"ctx.host.ccusage.query({options})") == {"status": "runner_failed"}


async def test_a_home_that_was_not_granted_is_not_read(logs: ProbeBench) -> None:
    asked = "ctx.host.ccusage.query({homePath:'~/.claude'}).status"
    assert await logs.value(asked, Permissions()) == "runner_failed"
    assert await logs.value(asked, Permissions(folders=frozenset({str(logs.home / ".claude")}))) == "ok"
    assert (
        await logs.value("ctx.host.ccusage.query({homePath:'~/.claude/../'}).status", Permissions()) == "runner_failed"
    )


async def test_broken_logs_and_a_broken_ledger_do_not_throw(logs: ProbeBench) -> None:
    file = logs.home / ".claude" / "projects" / "-work-shop" / "two.jsonl"
    file.write_bytes(b'\xff\xfe{"nope\n[]\nnull\n' + b'{"message":{"usage":7}}\n')
    assert len(await daily(logs, "")) == 3
    (logs.folder / "blocked").write_text("a file")
    logs.vary(usage=LedgerDays(logs.folder / "blocked", Surroundings(logs.home, {}), "UTC"))
    assert await logs.value("ctx.host.ccusage.query()") == {"status": "runner_failed"}


async def test_one_question_of_a_provider_at_a_time(logs: ProbeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, go_on = threading.Event(), threading.Event()
    real = days.open_pricer

    def slowly(*arguments: Any, **more: Any) -> Any:
        if threading.current_thread().name == "first":
            entered.set()
            assert go_on.wait(30)
        return real(*arguments, **more)

    monkeypatch.setattr(days, "open_pricer", slowly)
    ask = logs.surroundings.usage
    first: list[Any] = []
    thread = threading.Thread(target=lambda: first.append(ask("claude", None, None, None)), name="first")
    thread.start()
    try:
        assert entered.wait(30)
        write_claude(logs.home / "work", (1,))
        assert await logs.value("ctx.host.ccusage.query()") == {"status": "runner_failed"}
        assert len(await daily(logs, "{homePath:'~/work'}")) == 1
    finally:
        go_on.set()
        thread.join()
    assert first[0]["status"] == "ok"
    assert len(await daily(logs, "")) == 3


async def test_an_account_has_the_days_of_its_own_logs(tmp_path: Path, pool: Pool) -> None:
    write_claude(tmp_path / "user" / ".claude", (0,), given=1)
    write_claude(tmp_path / "user" / ".claude-work", (0,), given=2)
    body = """return { lines: [ctx.line.text({ label: 'v',
      value: String(ctx.host.ccusage.query({ provider: 'claude' }).data.daily[0].inputTokens) })] }"""
    home = tmp_path / "devtime"
    plugin = write_plugin(home / "plugins" / "probes" / "trial", of_body(body))
    environment = {"DEVTIME_PROBE_TEST": "1"}
    prober = Prober(home, environment=environment, user_home=tmp_path / "user")
    prober._pool = pool
    accounts = (Instance("trial", "trial"), Instance("w", "trial", environment={"CLAUDE_CONFIG_DIR": "~/.claude-work"}))
    states = await prober.ask([(one, plugin) for one in accounts], is_granted=True)
    assert [getattr(state.snapshot and state.snapshot.lines[0], "value", "") for state in states] == ["1", "2"]
