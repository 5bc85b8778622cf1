"""Each first-party probe against a loopback service: what it tells, and what it says to do when it cannot."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.lines import Progress, Text
from devtime.plugins.kinds.probe.manifest import ProbePlugin, load_probe
from devtime.plugins.kinds.probe.permissions import Permissions
from devtime.plugins.kinds.probe.run import probe
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.plugins.kinds.probe.surroundings import KeychainError, Surroundings
from first_party import CASES, NOW_MS, Case
from loopback import Reply, Service, serve

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROBES = Path(__file__).parents[3] / "src" / "devtime" / "plugins" / "builtin" / "probes"
REFRESHED = [case for case in CASES if case.refresh]


def named(cases: Any) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


class NoKeychain:
    def read(self, service: str, account: str | None) -> str:
        raise KeychainError(f"keychain item not found: {service}")

    def write(self, service: str, account: str | None, secret: str) -> None:
        raise KeychainError("there is no keychain")

    def delete(self, service: str, account: str | None) -> None:
        raise KeychainError("there is no keychain")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(compiled: Path) -> AsyncIterator[Pool]:
    pool = Pool(compiled, workers=1)
    yield pool
    await pool.close()


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as running:
        yield running


class Desk:
    """A person's home with a probe's login in it, and the service the probe asks."""

    def __init__(self, home: Path, service: Service, pool: Pool, case: Case) -> None:
        self.home, self.service, self.case, self._pool = home, service, case, pool
        self._environment: dict[str, str] = {}
        service.say(case.usage, Reply(case.good))
        for path, body in case.others.items():
            service.say(path, Reply(body))

    def log_in(self, token: str = "t1", *, is_old: bool = False) -> None:
        self.case.write(self.home, token, is_old)
        self._environment = dict(self.case.environment(token))

    async def run(self) -> Snapshot:
        plugin = load_probe(PROBES / self.case.id, is_first_party=True)
        surroundings = Surroundings(
            self.home,
            self._environment,
            self.home / "app",
            now_ns=lambda: NOW_MS * 1_000_000,
            rewrites={origin: self.service.origin for origin in self.case.origins},
            keychain=NoKeychain(),
        )
        return await probe(plugin, surroundings, self._pool, permissions=asked_by(plugin, self.home))

    def asked(self, path: str) -> list[str]:
        """The tokens a path was asked with."""
        return [each.token for each in self.service.heard if each.line.split(" ")[1].split("?")[0] == path]


def asked_by(plugin: ProbePlugin, home: Path) -> Permissions:
    """What the manifest asks for and nothing else, so that no probe needs more than it says."""
    wanted = plugin.permissions
    library = str(home / "Library" / "Application Support")

    def absolute(paths: frozenset[str]) -> frozenset[str]:
        found = {path.replace("~", str(home), 1) if path.startswith("~") else path for path in paths}
        return frozenset(found | {path.replace(library, str(home / ".config"), 1) for path in found})

    return Permissions(
        absolute(wanted.folders),
        absolute(wanted.writes),
        wanted.variables,
        wanted.hosts,
        wanted.keychain,
        wanted.processes,
    )


@pytest.fixture
def desk(tmp_path: Path, service: Service, pool: Pool, case: Case) -> Desk:
    return Desk(tmp_path, service, pool, case)


def figures(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    told: list[tuple[Any, ...]] = []
    for line in snapshot.lines:
        if isinstance(line, Progress):
            told.append((line.label, round(line.used, 4), line.limit))
        elif isinstance(line, Text):
            told.append((line.label, line.value))
    return told


@named(CASES)
async def test_a_login_leads_to_figures_with_a_pace_and_no_word_of_the_token(desk: Desk, case: Case) -> None:
    desk.log_in("t1-secret")
    snapshot = await desk.run()
    assert (snapshot.error, snapshot.plan, figures(snapshot)) == ("", case.plan, list(case.figures))
    assert any(line.resets_at for line in snapshot.progress)
    assert not any(touch.is_refused for touch in snapshot.touches), snapshot.touches
    assert "t1-secret" not in repr(snapshot)


@named(CASES)
async def test_without_a_login_it_says_how_to_log_in_and_asks_nobody(desk: Desk, case: Case) -> None:
    snapshot = await desk.run()
    assert case.log_in in snapshot.error
    assert desk.service.heard == []


@named(REFRESHED)
async def test_an_old_token_is_refreshed_and_saved_where_it_came_from(desk: Desk, case: Case) -> None:
    desk.log_in(is_old=True)
    file = desk.home / case.login_file
    mode = stat.S_IMODE(file.stat().st_mode)
    desk.service.say(case.refresh, Reply(case.renewed))
    snapshot = await desk.run()
    assert (snapshot.error, figures(snapshot)) == ("", list(case.figures))
    assert desk.asked(case.usage) == ["t2"]
    assert case.saved is not None
    assert case.saved(desk.home) == "t2"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert [each.name for each in file.parent.iterdir() if each.name.startswith(file.name)] == [file.name]


@named(REFRESHED)
async def test_a_refused_token_is_refreshed_once(desk: Desk, case: Case) -> None:
    desk.log_in()
    desk.service.say(case.refresh, Reply(case.renewed))
    desk.service.say(case.usage, Reply({}, 401), Reply(case.good))
    snapshot = await desk.run()
    assert (snapshot.error, figures(snapshot)) == ("", list(case.figures))
    assert desk.asked(case.usage)[-1] == "t2"
    assert len(desk.asked(case.refresh)) == 1


@named(REFRESHED)
async def test_a_login_that_cannot_be_refreshed_is_to_be_made_anew_and_stays_as_it_is(desk: Desk, case: Case) -> None:
    desk.log_in(is_old=True)
    before = (desk.home / case.login_file).read_bytes()
    desk.service.say(case.refresh, Reply({"error": "invalid_grant"}, 400))
    assert case.log_in in (await desk.run()).error
    assert (desk.home / case.login_file).read_bytes() == before


@named(REFRESHED)
async def test_a_refresh_that_fails_for_now_leaves_the_token_to_be_tried(desk: Desk, case: Case) -> None:
    desk.log_in(is_old=True)
    desk.service.say(case.refresh, Reply("busy", 503))
    assert (await desk.run()).error == ""


@named(CASES)
async def test_a_token_nobody_takes_is_to_be_made_anew(desk: Desk, case: Case) -> None:
    desk.log_in()
    desk.service.say(case.usage, Reply({}, 401))
    if case.refresh:
        desk.service.say(case.refresh, Reply(case.renewed))
    error = (await desk.run()).error
    assert "Run `" in error or "Sign in" in error or "Make a new one" in error, error


@named(CASES)
async def test_429_waits_as_long_as_it_is_told(desk: Desk, case: Case) -> None:
    desk.log_in()
    desk.service.say(case.usage, Reply("", 429, {"Retry-After": "1800"}))
    snapshot = await desk.run()
    assert "patience; tried again in 30m" in snapshot.error
    assert snapshot.retry_after_s == 1800


@named(CASES)
async def test_429_without_a_time_and_5xx_are_told_plainly(desk: Desk, case: Case) -> None:
    desk.log_in()
    desk.service.say(case.usage, Reply("", 429), Reply("<h1>Bad gateway</h1>", 502))
    assert (await desk.run()).error.endswith("asks for patience.")
    assert "HTTP 502. It is tried again by itself" in (await desk.run()).error


@named(CASES)
@pytest.mark.parametrize("body", ["", "<html>a proxy</html>", "null", "5", '"text"'], ids=repr)
async def test_what_is_no_answer_is_said_to_be_none(desk: Desk, body: str) -> None:
    desk.log_in()
    desk.service.say(desk.case.usage, Reply(body))
    assert "something else than figures" in (await desk.run()).error


@named(CASES)
async def test_odd_answers_make_no_wrong_lines(desk: Desk, case: Case) -> None:
    desk.log_in()
    for path in case.others:
        if path.endswith(("credits", "list")):
            desk.service.say(path, Reply("no", 403))
    for body in case.odd:
        desk.service.say(case.usage, Reply(body))
        snapshot = await desk.run()
        assert snapshot.error == "", body
        assert snapshot.progress == (), body


@named(CASES)
async def test_a_service_out_of_reach_is_said_to_be(desk: Desk) -> None:
    desk.log_in()
    desk.service.origin = "http://127.0.0.1:9"
    assert (await desk.run()).error.endswith("cannot be reached. Are you online?")


@named([case for case in CASES if case.login_file or case.id in ("copilot", "amp")])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff\xfe\x00"], ids=repr)
async def test_a_login_that_is_none_counts_as_none(desk: Desk, case: Case, content: bytes) -> None:
    desk.log_in()
    for file in desk.home.rglob("*"):
        if file.is_file() and file.suffix != ".js":
            file.write_bytes(content)
    error = (await desk.run()).error
    assert error
    assert error != "The plugin failed, try again or contact plugin author.", content
