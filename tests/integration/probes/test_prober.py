"""Trust, cool-down, stale answers, instances, the local API: what a machine does with probes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from devtime.kernel.errors import Forbidden, Invalid, NotFound
from devtime.plugins.engine.pool import Pool
from devtime.probes.instances import read_probe_settings
from devtime.probes.local_api import LocalApi, answer_request, is_loopback, key_of
from devtime.probes.prober import Prober, State
from devtime.probes.trust import asked_in, describe, wishes_of
from probe_running import http, of_body, raw_server, write_plugin

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKING = of_body(
    """const path = '~/.trial/auth.json'; let login = 'none';
  if (ctx.host.fs.exists(path)) login = ctx.host.fs.readText(path);
  const r = ctx.host.http.request({ url: 'https://api.trial.example/v1' });
  if (r.status !== 200) throw 'HTTP ' + r.status;
  return { plan: login, lines: [ctx.line.progress({ label: 'Weekly (all)', used: Number(r.bodyText), limit: 100,
    format: { kind: 'percent' } })] }"""
)


class Machine:
    """A home of DevTime and of a person, with one plugin, and a prober made anew whenever it is asked for."""

    def __init__(self, folder: Path, pool: Pool) -> None:
        self.home = folder / "devtime"
        self.user = folder / "user"
        self.user.mkdir()
        self.pool = pool
        self.now_ns = 1_769_904_000_000_000_000
        self.rewrites: dict[str, str] = {}
        self.write(ASKING)

    def write(self, script: str, name: str = "trial", **changed: object) -> None:
        write_plugin(self.home / "plugins" / "probes" / name, script, **changed)

    def prober(self) -> Prober:
        prober = Prober(self.home, environment={"DEVTIME_PROBE_TEST": "1"}, user_home=self.user, rewrites=self.rewrites)
        prober.surroundings = msgspec.structs.replace(prober.surroundings, now_ns=lambda: self.now_ns)
        prober._pool = self.pool
        return prober

    async def ask(self, name: str = "trial", **options: bool) -> State:
        prober = self.prober()
        (state,) = await prober.ask([prober.find(name)], **options)  # type: ignore[arg-type] -- flags only
        return state


@pytest_asyncio.fixture(loop_scope="module")
async def machine(pool: Pool, tmp_path: Path) -> AsyncIterator[Machine]:
    yield Machine(tmp_path, pool)


async def test_a_stranger_is_not_run_before_somebody_said_yes(machine: Machine) -> None:
    state = await machine.ask()
    assert (state.is_trusted, state.snapshot) == (False, None)


async def test_what_it_wants_is_known_before_it_is_run(machine: Machine) -> None:
    prober = machine.prober()
    _, plugin = prober.find("trial")
    wishes, dry = await wishes_of(plugin, prober.surroundings, machine.pool)
    assert describe(wishes) == [("read files in", ["~/.trial"]), ("ask the servers", ["api.trial.example"])]
    assert all(touch.is_refused for touch in dry.touches)


async def test_grants_hold_for_this_very_content(machine: Machine) -> None:
    (machine.user / ".trial").mkdir()
    (machine.user / ".trial" / "auth.json").write_text("Pro")
    async with raw_server(http("42")) as (url, _):
        machine.rewrites = {"https://api.trial.example": url}
        prober = machine.prober()
        _, plugin = prober.find("trial")
        wishes, _ = await wishes_of(plugin, prober.surroundings, machine.pool)
        prober.book.grant(plugin.id, plugin.digest, wishes, 1)
        state = await machine.ask()
        assert state.snapshot is not None
        assert (state.snapshot.plan, state.snapshot.progress[0].used, state.refused) == ("Pro", 42.0, ())
        machine.write(ASKING + "\n// changed")
        assert not (await machine.ask()).is_trusted
        assert prober.book.is_known("trial")


async def test_what_was_not_granted_is_refused_and_can_be_asked_for(machine: Machine) -> None:
    prober = machine.prober()
    _, plugin = prober.find("trial")
    prober.book.grant(plugin.id, plugin.digest, msgspec.structs.replace(plugin.permissions), 1)
    state = await machine.ask()
    more = asked_in(state.refused, prober.surroundings)
    assert (more.folders, more.hosts) == ({"~/.trial"}, {"api.trial.example"})
    assert state.snapshot is not None
    assert state.snapshot.is_failed


async def test_a_good_answer_is_kept_for_five_minutes_and_then_while_the_server_is_down(machine: Machine) -> None:
    replies = [http("10"), http("20"), http("no", "500 Server Error"), http("30")]
    async with raw_server(lambda _: replies.pop(0)) as (url, seen):
        machine.rewrites = {"https://api.trial.example": url}
        used = []
        for minutes in (0, 4, 2, 6, 1):
            machine.now_ns += minutes * 60_000_000_000
            state = await machine.ask(is_granted=True)
            assert state.snapshot is not None
            used.append((state.snapshot.progress[0].used, state.failure.error if state.failure else ""))
    assert used == [(10, ""), (10, ""), (20, ""), (20, "HTTP 500"), (30, "")]
    assert len(seen) == 4


async def test_a_server_that_wants_to_be_left_alone_is(machine: Machine) -> None:
    replies = [http("", "429 Too Many Requests", {"Retry-After": "900"}), http("5")]
    async with raw_server(lambda _: replies.pop(0)) as (url, seen):
        machine.rewrites = {"https://api.trial.example": url}
        for minutes, asked in ((0, 1), (14, 1), (2, 2)):
            machine.now_ns += minutes * 60_000_000_000
            state = await machine.ask(is_granted=True)
            assert len(seen) == asked
    assert state.failure is None


async def test_a_fresh_answer_is_had_on_demand_and_everything_touched_is_listed(machine: Machine) -> None:
    async with raw_server(http("1")) as (url, seen):
        machine.rewrites = {"https://api.trial.example": url}
        await machine.ask(is_granted=True)
        await machine.ask(is_granted=True, is_fresh=True)
    assert len(seen) == 2
    book = machine.prober().book
    assert {(one.touch.act, one.touch.what, one.touch.count) for one in book.seen("trial")} == {
        ("look", str(machine.user / ".trial" / "auth.json"), 2),
        ("request", "api.trial.example", 2),
    }
    assert book.forget("trial", ["trial"]) is False
    assert book.seen("trial") == [] == book.said("trial", 10)


async def test_instances_have_homes_and_variables_of_their_own(machine: Machine) -> None:
    machine.home.joinpath("config.toml").write_text(
        '[probes.instances.work]\nplugin = "who"\nname = "Work"\nhome = "~/work"\n'
        'environment = { CODEX_HOME = "~/elsewhere" }\n'
    )
    body = """return { plan: ctx.host.env.get('CODEX_HOME') || 'none',
      lines: [ctx.line.text({ label: 'd', value: ctx.app.pluginDataDir })] }"""
    machine.write(of_body(body), "who", id="who")
    work, plain = await machine.ask("work", is_granted=True), await machine.ask("who", is_granted=True)
    assert work.snapshot is not None
    assert plain.snapshot is not None
    assert (work.snapshot.plan, plain.snapshot.plan) == (str(machine.user / "elsewhere"), "none")
    assert (work.name, work.snapshot.instance) == ("Work", "work")
    assert work.snapshot.lines != plain.snapshot.lines


async def test_of_two_plugins_with_one_id_the_first_runs_and_the_other_is_told(machine: Machine) -> None:
    machine.write(ASKING, "another")
    found = machine.prober().found
    assert found.plugins["trial"].folder.name == "another"
    assert [(one.folder.name, "is taken" in one.told) for one in found.troubles] == [("trial", True)]


async def test_a_folder_that_holds_no_plugin_is_told_and_no_other_suffers(machine: Machine) -> None:
    broken = machine.home / "plugins" / "probes" / "broken"
    broken.mkdir()
    (broken / "plugin.json").write_text("{")
    found = machine.prober().found
    assert "trial" in found.plugins
    assert [one.folder.name for one in found.troubles] == ["broken"]


async def test_an_unknown_probe_is_not_found(machine: Machine) -> None:
    with pytest.raises(NotFound, match="trial"):
        machine.prober().find("nope")


async def test_another_home_is_refused_outside_of_tests(tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        Prober(tmp_path, environment={}, user_home=tmp_path)
    with pytest.raises(Forbidden):
        Prober(tmp_path, environment={}, rewrites={"https://a": "http://b"})


@pytest.mark.parametrize(
    "section", [{"every_minutes": 7}, {"disabled": "x"}, {"instances": {"../x": {"plugin": "a"}}}, {"port": "x"}]
)
async def test_settings_that_say_nothing_are_refused(section: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="probes"):
        read_probe_settings({"probes": section})


# --- The local API ----------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="module")
async def told(machine: Machine) -> Machine:
    """With an answer, and a probe that is off."""
    machine.write(of_body("throw 'x'"), "off", id="off")
    machine.home.joinpath("config.toml").write_text('[probes]\ndisabled = ["off"]\n')
    async with raw_server(http("42")) as (url, _):
        machine.rewrites = {"https://api.trial.example": url}
        await machine.ask(is_granted=True)
    return machine


@pytest.mark.parametrize(
    ("method", "target", "host", "status", "error"),
    [
        ("GET", "/v1/usage", "127.0.0.1:6736", 200, ""),
        ("GET", "/v1/usage/", "localhost", 200, ""),
        ("GET", "/v1/usage?x=y", "[::1]:6736", 200, ""),
        ("GET", "/v1/usage/trial", "localhost:6736", 200, ""),
        ("GET", "/v1/usage/off", "localhost", 204, ""),
        ("GET", "/v1/usage/none", "localhost", 404, "provider_not_found"),
        ("GET", "/v1/limits", "localhost", 200, ""),
        ("GET", "/v1/limits/trial", "localhost", 200, ""),
        ("GET", "/v1/limits/none", "localhost", 404, "provider_not_found"),
        ("GET", "/", "localhost", 404, "not_found"),
        ("GET", "/v1", "localhost", 404, "not_found"),
        ("GET", "/v1/other", "localhost", 404, "not_found"),
        ("GET", "/v1/usage/a/b", "localhost", 404, "not_found"),
        ("POST", "/v1/usage", "localhost", 405, "method_not_allowed"),
        ("DELETE", "/v1/usage/trial", "localhost", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/usage", "localhost", 204, ""),
        ("GET", "/v1/usage", "evil.example", 403, "forbidden_host"),
        ("GET", "/v1/usage", "127.0.0.1.evil.example", 403, "forbidden_host"),
        ("GET", "/v1/usage", "", 403, "forbidden_host"),
    ],
)
async def test_the_local_api_answers_its_paths(
    told: Machine, method: str, target: str, host: str, status: int, error: str
) -> None:
    prober = told.prober()
    enabled = {one.id for one in prober.enabled()}
    states = [(prober.state(one, plugin), one.id in enabled) for one, plugin in prober.pairs(prober.instances())]
    answer = answer_request(method, target, host, lambda: states)
    assert answer.status == status
    if error:
        assert json.loads(answer.body) == {"error": error}
    elif status == 200 and "usage" in target:
        whole = json.loads(answer.body)
        one = whole if target.endswith("trial") else next(one for one in whole if one["providerId"] == "trial")
        assert set(one) == {"providerId", "displayName", "plan", "lines", "fetchedAt"}
    elif status == 200:
        resource = json.loads(answer.body)["providers"]["trial"]["resources"]["weeklyAll"]
        assert (resource["used"], resource["remaining"], resource["unit"]) == (42.0, 58.0, "percent")


async def test_the_local_api_speaks_http_without_cors(told: Machine) -> None:
    prober = told.prober()
    api = LocalApi(lambda: [(prober.state(*prober.find("trial")), True)], 0)
    await api.start()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
        writer.write(b"GET /v1/usage HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert b"Connection: close" in head
        assert b"Access-Control" not in head
        assert json.loads(body)[0]["providerId"] == "trial"
        for junk in (b"nonsense\r\n\r\n", b"GET /v1/usage HTTP/1.1\r\n\r\n", b"G" * 9_000):
            reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
            writer.write(junk)
            assert (await reader.read()).startswith(b"HTTP/1.1 400")
            writer.close()
    finally:
        await api.close()


@pytest.mark.parametrize(("label", "key"), [("Weekly (Opus)", "weeklyOpus"), ("Session", "session"), ("!", "limit")])
async def test_limits_have_keys(label: str, key: str) -> None:
    assert key_of(label) == key


@pytest.mark.parametrize(("host", "is_it"), [("127.9.9.9", True), ("0.0.0.0", False), ("localhost.evil", False)])
async def test_loopback_is_known(host: str, is_it: bool) -> None:
    assert is_loopback(host) is is_it
