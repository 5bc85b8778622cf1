"""Every member of `ctx`, as a plugin sees it from inside the sandbox."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devtime.plugins.kinds.probe.permissions import EVERYTHING, Permissions
from devtime.plugins.kinds.probe.surroundings import KeychainError

if TYPE_CHECKING:
    from probe_running import ProbeBench

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
WRONG_TYPE = {"name": "TypeError"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("typeof console", "undefined"),
        ("typeof setTimeout", "undefined"),
        ("typeof fetch", "undefined"),
        ("typeof TextDecoder", "undefined"),
        ("typeof atob", "undefined"),
        ("typeof URL", "undefined"),
        ("typeof Intl", "undefined"),
        ("typeof navigator", "undefined"),
        ("globalThis.__openusage_ctx === ctx", True),
        ("typeof ctx.host.keychain.deleteGenericPassword", "undefined"),
        ("Object.keys(ctx.host.log).sort()", ["error", "info", "warn"]),
        ("ctx.app.platform", "linux"),
        ("typeof ctx.app.version", "string"),
        (
            "[typeof ctx.host.http._requestRaw, typeof ctx.host.ls._discoverRaw, typeof ctx.host.ccusage._queryRaw]",
            ["function"] * 3,
        ),
        ("ctx.host.log.info('x') === undefined", True),
        # lines
        ("ctx.line.text({label:'a',value:'b'})", {"type": "text", "label": "a", "value": "b"}),
        (
            "ctx.line.text({label:'a',value:'b',color:'#fff',subtitle:'s'})",
            {"type": "text", "label": "a", "value": "b", "color": "#fff", "subtitle": "s"},
        ),
        ("ctx.line.text({label:'a',value:'b',color:'',subtitle:null})", {"type": "text", "label": "a", "value": "b"}),
        (
            "ctx.line.progress({label:'a',used:1,limit:2,format:{kind:'dollars'}})",
            {"type": "progress", "label": "a", "used": 1, "limit": 2, "format": {"kind": "dollars"}},
        ),
        (
            ""
            "Object.keys(ctx.line.progress({label:'a',used:1,limit:2,format:{},resetsAt:'x',periodDurationMs:5,color:'c'})).length",
            8,
        ),
        ("'resetsAt' in ctx.line.progress({label:'a',resetsAt:null,periodDurationMs:0})", False),
        ("ctx.line.badge({label:'a',text:'b'})", {"type": "badge", "label": "a", "text": "b"}),
        ("ctx.line.barChart({label:'a'})", {"type": "barChart", "label": "a", "points": []}),
        (
            "ctx.line.barChart({label:'a',points:[1],note:'n'})",
            {"type": "barChart", "label": "a", "points": [1], "note": "n"},
        ),
        # formats
        ("ctx.fmt.planLabel('pro')", "Pro"),
        ("ctx.fmt.planLabel('team_plan')", "Team_plan"),
        ("ctx.fmt.planLabel('  max plan ')", "Max Plan"),
        ("ctx.fmt.planLabel('')", ""),
        ("ctx.fmt.planLabel('  ')", ""),
        ("ctx.fmt.planLabel(null)", ""),
        ("ctx.fmt.resetIn(180000)", "2d 2h"),
        ("ctx.fmt.resetIn(7200)", "2h 0m"),
        ("ctx.fmt.resetIn(300)", "5m"),
        ("ctx.fmt.resetIn(30)", "<1m"),
        ("ctx.fmt.resetIn(-1)", None),
        ("ctx.fmt.resetIn(NaN)", None),
        ("ctx.fmt.resetIn(Infinity)", None),
        ("ctx.fmt.dollars(1234)", 12.34),
        ("ctx.fmt.dollars(500)", 5),
        ("ctx.fmt.dollars(12.6)", 0.13),
        # times
        ("ctx.util.toIso('2026-02-01T00:00:00Z')", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso('2026-02-01T00:00:00')", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso('2026-02-01 10:20:30')", "2026-02-01T10:20:30.000Z"),
        ("ctx.util.toIso('2026-02-01 10:20:30 UTC')", "2026-02-01T10:20:30.000Z"),
        ("ctx.util.toIso('2026-02-01T10:20:30+0000')", "2026-02-01T10:20:30.000Z"),
        ("ctx.util.toIso('2026-02-01 10:20:30 +0000')", "2026-02-01T10:20:30.000Z"),
        ("ctx.util.toIso('2026-02-01T10:20:30+02:00')", "2026-02-01T08:20:30.000Z"),
        ("ctx.util.toIso('2026-02-01T10:20:30.123456789Z')", "2026-02-01T10:20:30.123Z"),
        ("ctx.util.toIso(1769904000)", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso(1769904000000)", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso('1769904000')", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso(' 1769904000000 ')", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso(new Date(1769904000000))", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso('2026-02-01')", "2026-02-01T00:00:00.000Z"),
        ("ctx.util.toIso(-5)", "1969-12-31T23:59:55.000Z"),
        ("ctx.util.toIso('nonsense')", None),
        ("ctx.util.toIso('')", None),
        ("ctx.util.toIso(null)", None),
        ("ctx.util.toIso(undefined)", None),
        ("ctx.util.toIso(NaN)", None),
        ("ctx.util.toIso({})", None),
        ("ctx.util.toIso(1e300)", None),
        ("ctx.util.toIso(new Date(NaN))", None),
        ("ctx.util.parseDateMs(new Date(5))", 5),
        ("ctx.util.parseDateMs(7)", 7),
        ("ctx.util.parseDateMs('1970-01-01T00:00:01Z')", 1000),
        ("ctx.util.parseDateMs('x')", None),
        ("ctx.util.parseDateMs(null)", None),
        ("ctx.util.needsRefreshByExpiry({nowMs:1000,expiresAtMs:2000})", False),
        ("ctx.util.needsRefreshByExpiry({nowMs:2000,expiresAtMs:2000})", True),
        ("ctx.util.needsRefreshByExpiry({nowMs:1000,expiresAtMs:2000,bufferMs:1000})", True),
        ("ctx.util.needsRefreshByExpiry({nowMs:1000})", True),
        ("ctx.util.needsRefreshByExpiry({expiresAtMs:1})", True),
        ("ctx.util.needsRefreshByExpiry({nowMs:1,expiresAtMs:NaN})", True),
        ("ctx.util.needsRefreshByExpiry({nowMs:1,expiresAtMs:null})", True),
        ("ctx.util.needsRefreshByExpiry()", True),
        # JSON and statuses
        ("ctx.util.tryParseJson(' {\"a\":1} ')", {"a": 1}),
        ("ctx.util.tryParseJson('')", None),
        ("ctx.util.tryParseJson('{')", None),
        ("ctx.util.tryParseJson(null)", None),
        ("ctx.util.safeJsonParse('[1]')", {"ok": True, "value": [1]}),
        ("ctx.util.safeJsonParse('null')", {"ok": True, "value": None}),
        ("ctx.util.safeJsonParse(' ')", {"ok": False}),
        ("ctx.util.safeJsonParse('x')", {"ok": False}),
        ("[401,403,400,200,'401'].map(ctx.util.isAuthStatus)", [True, True, False, False, False]),
        (
            "ctx.util.retryOnceOnAuth({request:(t)=>({status:t?200:401,t}),refresh:()=>'new'})",
            {"status": 200, "t": "new"},
        ),
        ("ctx.util.retryOnceOnAuth({request:()=>({status:403}),refresh:()=>null})", {"status": 403}),
        ("ctx.util.retryOnceOnAuth({request:()=>({status:500}),refresh:()=>{throw 1}})", {"status": 500}),
        ("ctx.util.retryOnceOnAuth({request:(t)=>({status:401,t}),refresh:()=>'x'})", {"status": 401, "t": "x"}),
        # base64 and tokens
        ("ctx.base64.encode('hello')", "aGVsbG8="),
        ("ctx.base64.encode('')", ""),
        ("ctx.base64.encode('\\xff\\xfe\\xfd')", "//79"),
        ("ctx.base64.decode('aGVsbG8=')", "hello"),
        ("ctx.base64.decode('aGVsbG8')", "hello"),
        ("ctx.base64.decode('__79')", "ÿþý"),
        ("ctx.base64.decode('w6k=')", "Ã©"),
        ("ctx.jwt.decodePayload('a.' + ctx.base64.encode('{\"sub\":\"x\"}') + '.c')", {"sub": "x"}),
        ("ctx.jwt.decodePayload('a.b')", None),
        ("ctx.jwt.decodePayload('a.!!!.c')", None),
        ("ctx.jwt.decodePayload(null)", None),
        ("ctx.jwt.decodePayload('a.NQ.c')", None),
        # crypto
        ("ctx.host.crypto.sha256Hex('abc')", hashlib.sha256(b"abc").hexdigest()),
        ("ctx.host.crypto.sha256Hex('é')", hashlib.sha256("é".encode()).hexdigest()),
        (f"ctx.host.crypto.decryptAes256Gcm(ctx.host.crypto.encryptAes256Gcm('gehéim', '{KEY}'), ' {KEY} ')", "gehéim"),
        (
            f"ctx.host.crypto.encryptAes256Gcm('x', '{KEY}').split(':').map((p) => ctx.base64.decode(p).length)",
            [16, 16, 1],
        ),
        (f"ctx.host.crypto.decryptAes256Gcm('a:b', '{KEY}')", {"name": "Error", "message": "invalid AES-GCM envelope"}),
        (
            f"{{ const {{ encryptAes256Gcm: e, decryptAes256Gcm: d }} = ctx.host.crypto; "
            f"return d(e('x', '{KEY}').replace(/.$/, ''), '{KEY}') }}",
            {"name": "Error", "message": "invalid base64 in ciphertext"},
        ),
        (
            f"{{ const {{ encryptAes256Gcm: e, decryptAes256Gcm: d }} = ctx.host.crypto; "
            f"return d(e('x', '{KEY}'), ctx.base64.encode('y'.repeat(32))) }}",
            {"name": "Error", "message": "decrypt finalize failed"},
        ),
        (
            "ctx.host.crypto.encryptAes256Gcm('x', 'c2hvcnQ=')",
            {"name": "Error", "message": "invalid key length: expected 32 bytes, got 5"},
        ),
        # the rest
        ("ctx.host.ls.discover({processName:'no-such-program-here',markers:[]})", None),
        ("ctx.host.ls.discover({}).x", {"name": "Error"}),
        ("ctx.host.ls.discover()", {"name": "Error"}),
        ("ctx.host.ccusage.query({})", {"status": "no_runner"}),
        ("ctx.host.ccusage.query()", {"status": "no_runner"}),
        ("ctx.host.ccusage.query({provider:'other'})", {"status": "runner_failed"}),
        ("ctx.host.ccusage.query({since:'yesterday'})", {"status": "runner_failed"}),
        ("ctx.host.ccusage.query({provider:5})", {"status": "runner_failed"}),
    ],
)
async def test_an_expression_of_the_context(bench: ProbeBench, expression: str, expected: object) -> None:
    value = await bench.value(expression)
    if isinstance(expected, dict) and set(expected) == {"name"}:
        assert isinstance(value, dict)
        assert value["name"] == expected["name"]
    else:
        assert value == expected


@pytest.mark.parametrize(
    "call",
    [
        "host.log.info()",
        "host.log.info(5)",
        "host.log.warn(null)",
        "host.log.error({})",
        "host.fs.exists()",
        "host.fs.exists(1)",
        "host.fs.readText(undefined)",
        "host.fs.writeText('x')",
        "host.fs.writeText('x', 1)",
        "host.fs.listDir([])",
        "host.env.get(1)",
        "host.env.get()",
        "host.http.request()",
        "host.http._requestRaw({})",
        "host.keychain.readGenericPassword()",
        "host.keychain.readGenericPassword('x', 5)",
        "host.keychain.readGenericPasswordForCurrentUser(null)",
        "host.keychain.writeGenericPassword('x')",
        "host.keychain.writeGenericPasswordForCurrentUser('x', true)",
        "host.keychain.deleteGenericPassword('x')",
        "host.sqlite.query('x')",
        "host.sqlite.exec('x', null)",
        "host.crypto.sha256Hex(1)",
        "host.crypto.decryptAes256Gcm('x')",
        "host.crypto.encryptAes256Gcm(1, 'x')",
        "host.ccusage._queryRaw(1)",
        "host.ls._discoverRaw()",
    ],
)
async def test_arguments_are_converted_strictly(bench: ProbeBench, call: str) -> None:
    value = await bench.value(f"ctx.{call}")
    assert isinstance(value, dict)
    assert value["name"] == "TypeError"


async def test_now_has_nanoseconds_and_the_folders_are_the_apps(bench: ProbeBench) -> None:
    bench.vary(now_ns=lambda: 1_769_904_000_123_456_789)
    value = await bench.value(
        "[ctx.nowIso, ctx.app.appDataDir, ctx.app.pluginDataDir, ctx.host.fs.exists(ctx.app.pluginDataDir)]"
    )
    assert value == ["2026-02-01T00:00:00.123456789Z", str(bench.folder / "app"), str(bench.data), True]


async def test_a_date_is_of_the_persons_clocks(bench: ProbeBench) -> None:
    assert re.fullmatch(r"(Dec 31|Jan 1)", str(await bench.value("ctx.fmt.date(1704067200000)")))
    assert await bench.value("ctx.fmt.date(NaN)") == "Invalid Date"


# --- Files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "expression", "expected"),
    [
        ("", "ctx.host.fs.exists('~/x')", False),
        ("x", "ctx.host.fs.exists('~/x')", True),
        ("", "ctx.host.fs.exists('~')", True),
        ("", "ctx.host.fs.exists('a\\0b')", False),
        ("x", "ctx.host.fs.readText('~/x')", "content é"),
        ("", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "No such file or directory (os error 2)"}),
        ("", "ctx.host.fs.readText('~')", {"name": "Error", "message": "Is a directory (os error 21)"}),
        ("bytes", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "stream did not contain valid UTF-8"}),
        ("pipe", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "not a regular file"}),
        ("large", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "file is larger than 5242880 bytes"}),
        ("x", "ctx.host.fs.listDir('~/x')", {"name": "Error", "message": "Not a directory (os error 20)"}),
        ("", "ctx.host.fs.listDir('~/none')", {"name": "Error", "message": "No such file or directory (os error 2)"}),
        ("many", "ctx.host.fs.listDir('~')", [".b", "Z", "a", "c"]),
        (
            "",
            "ctx.host.fs.writeText(ctx.app.pluginDataDir, 'x')",
            {"name": "Error", "message": "Is a directory (os error 21)"},
        ),
        (
            "",
            "ctx.host.fs.writeText(ctx.app.pluginDataDir + '/a/b', 'x')",
            {"name": "Error", "message": "No such file or directory (os error 2)"},
        ),
        ("", "ctx.host.fs.writeText(ctx.app.pluginDataDir + '/a', 'é') === undefined", True),
    ],
)
async def test_files(bench: ProbeBench, make: str, expression: str, expected: object) -> None:
    path = bench.home / "x"
    match make:
        case "x":
            path.write_text("content é", encoding="utf-8")
        case "bytes":
            path.write_bytes(b"\xff\xfe")
        case "pipe":
            os.mkfifo(path)
        case "large":
            path.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
        case "many":
            for name in ("c", "a", ".b", "Z"):
                (bench.home / name).touch()
        case _:
            pass
    assert await bench.value(expression) == expected


async def test_state_is_kept_between_runs_in_files_and_nowhere_else(bench: ProbeBench) -> None:
    counting = """{ const path = ctx.app.pluginDataDir + '/state.json'; globalThis.seen = (globalThis.seen || 0) + 1;
      const state = ctx.host.fs.exists(path) ? JSON.parse(ctx.host.fs.readText(path)) : { counter: 0 };
      state.counter++; ctx.host.fs.writeText(path, JSON.stringify(state)); return [state.counter, globalThis.seen] }"""
    assert [await bench.value(counting) for _ in range(3)] == [[1, 1], [2, 1], [3, 1]]


async def test_a_login_is_written_back_in_one_step_with_its_mode(bench: ProbeBench) -> None:
    path = bench.home / "auth.json"
    path.write_text("old")
    path.chmod(0o640)
    before = path.stat().st_ino
    await bench.value("{ ctx.host.fs.readText('~/auth.json'); ctx.host.fs.writeText('~/auth.json', 'new') }")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o640)
    assert path.stat().st_ino != before
    assert [one.name for one in bench.home.iterdir()] == ["auth.json"]


async def test_a_login_behind_a_link_stays_behind_it(bench: ProbeBench) -> None:
    (bench.home / "real.json").write_text("old")
    (bench.home / "auth.json").symlink_to("real.json")
    await bench.value("{ ctx.host.fs.readText('~/auth.json'); ctx.host.fs.writeText('~/auth.json', 'new') }")
    assert (bench.home / "auth.json").is_symlink()
    assert (bench.home / "real.json").read_text() == "new"


@pytest.mark.parametrize("target", ["~/other.json", "~/.ssh/authorized_keys", "/etc/cron.d/x", "~/auth.json.bak"])
async def test_nothing_else_is_written(bench: ProbeBench, target: str) -> None:
    (bench.home / "auth.json").write_text("old")
    told = await bench.value(f"{{ ctx.host.fs.readText('~/auth.json'); ctx.host.fs.writeText('{target}', 'new') }}")
    assert isinstance(told, dict)
    assert "not granted" in str(told["message"])
    assert [one.name for one in bench.home.iterdir()] == ["auth.json"]


async def test_a_link_in_the_plugins_folder_leads_nowhere(bench: ProbeBench) -> None:
    bench.data.mkdir(parents=True)
    (bench.data / "out").symlink_to(bench.home)
    (bench.home / "secret").write_text("s")
    narrow = Permissions()
    assert await bench.value("ctx.host.fs.exists(ctx.app.pluginDataDir + '/out/secret')", narrow) is False
    told = await bench.value("ctx.host.fs.writeText(ctx.app.pluginDataDir + '/out/new', 'x')", narrow)
    assert "not granted" in str(told)


async def test_a_granted_folder_does_not_lead_out_of_itself(bench: ProbeBench) -> None:
    (bench.home / "open").mkdir()
    (bench.home / "secret").write_text("s")
    (bench.home / "open" / "link").symlink_to(bench.home / "secret")
    granted = Permissions(folders=frozenset({str(bench.home / "open")}))
    assert "not granted" in str(await bench.value("ctx.host.fs.readText('~/open/link')", granted))
    assert "not granted" in str(await bench.value("ctx.host.fs.readText('~/open/../secret')", granted))


# --- Variables, keychain --------------------------------------------------------------------------------------------


async def test_variables(bench: ProbeBench) -> None:
    bench.vary(environment={"CODEX_HOME": " /x \n", "HIDDEN": "1", "ZAI_API_KEY": "\x1b[0m"})
    narrow = Permissions()
    assert await bench.value("['CODEX_HOME','HIDDEN','ZAI_API_KEY','USER_TYPE',''].map(ctx.host.env.get)", narrow) == [
        "/x",
        None,
        None,
        None,
        None,
    ]
    assert await bench.value("ctx.host.env.get('HIDDEN')") == "1"


class Keys:
    """A keychain in memory."""

    def __init__(self) -> None:
        self.items = {("svc", "ann"): " secret \n"}

    def read(self, service: str, account: str | None) -> str:
        for (name, owner), secret in self.items.items():
            if name == service and account in (None, owner):
                return secret.strip()
        raise KeychainError(f"keychain item not found: {service}")

    def write(self, service: str, account: str | None, secret: str) -> None:
        self.items[service, account or "ann"] = secret

    def delete(self, service: str, account: str | None) -> None:
        del self.items[service, account or "ann"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ctx.host.keychain.readGenericPassword('svc')", "secret"),
        ("ctx.host.keychain.readGenericPassword('svc', 'ann')", "secret"),
        (
            "ctx.host.keychain.readGenericPassword('svc', 'bob')",
            {"name": "Error", "message": "keychain item not found: svc"},
        ),
        (
            "ctx.host.keychain.readGenericPassword('none')",
            {"name": "Error", "message": "keychain item not found: none"},
        ),
        ("ctx.host.keychain.readGenericPasswordForCurrentUser('svc')", "secret"),
        (
            "{ ctx.host.keychain.readGenericPassword('svc'); ctx.host.keychain.writeGenericPassword('svc', 'n'); "
            "return ctx.host.keychain.readGenericPassword('svc') }",
            "n",
        ),
        (
            "{ ctx.host.keychain.readGenericPassword('svc'); "
            "ctx.host.keychain.writeGenericPasswordForCurrentUser('svc', 'n'); "
            "return ctx.host.keychain.readGenericPassword('svc') }",
            "n",
        ),
    ],
)
async def test_the_keychain(bench: ProbeBench, expression: str, expected: object) -> None:
    bench.vary(keychain=Keys())
    assert await bench.value(expression) == expected


async def test_a_secret_that_was_not_read_is_not_written(bench: ProbeBench) -> None:
    keys = Keys()
    bench.vary(keychain=keys)
    assert "not granted" in str(await bench.value("ctx.host.keychain.writeGenericPassword('svc', 'n')"))
    assert keys.items == {("svc", "ann"): " secret \n"}


async def test_without_a_keychain_it_throws_as_elsewhere(bench: ProbeBench) -> None:
    told = await bench.value("ctx.host.keychain.readGenericPassword('svc')")
    assert told == {"name": "Error", "message": "keychain API is only supported on macOS"}


# --- Databases ------------------------------------------------------------------------------------------------------


@pytest.fixture
def database(bench: ProbeBench) -> Path:
    path = bench.home / "state.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (k TEXT, v)")
        connection.executemany(
            "INSERT INTO t VALUES (?, ?)", [("a", 1), ("b", None), ("c", b"blob \xff"), ("d", "é"), ("e", 1.5)]
        )
    connection.close()
    return path


Q = "JSON.parse(ctx.host.sqlite.query('~/state.db', "


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"{Q}\"SELECT v FROM t WHERE k='a'\"))", [{"v": 1}]),
        (f"{Q}\"SELECT v FROM t WHERE k='b'\"))", [{"v": None}]),
        (f"{Q}\"SELECT v FROM t WHERE k='c'\"))", [{"v": "blob \ufffd"}]),
        (f"{Q}\"SELECT v FROM t WHERE k='d'\"))", [{"v": "é"}]),
        (f"{Q}\"SELECT k, v FROM t WHERE k='e'\"))", [{"k": "e", "v": 1.5}]),
        ("ctx.host.sqlite.query('~/state.db', \"SELECT v FROM t WHERE k='none'\")", "[]"),
        (f"{Q}'SELECT count(*) AS n FROM t;'))", [{"n": 5}]),
        (
            "ctx.host.sqlite.query('~/state.db', '.schema')",
            {"name": "Error", "message": "sqlite3 dot-commands are not allowed"},
        ),
        (
            "ctx.host.sqlite.query('~/state.db', 'SELECT 1;\\n  .tables')",
            {"name": "Error", "message": "sqlite3 dot-commands are not allowed"},
        ),
        (
            "ctx.host.sqlite.exec('~/state.db', '.shell ls')",
            {"name": "Error", "message": "sqlite3 dot-commands are not allowed"},
        ),
        (
            "ctx.host.sqlite.query('~/state.db', 'SELECT nope')",
            {"name": "Error", "message": "sqlite3 error: no such column: nope"},
        ),
        (
            "ctx.host.sqlite.query('~/none.db', 'SELECT 1')",
            {"name": "Error", "message": "sqlite3 error: unable to open database file"},
        ),
        (
            "ctx.host.sqlite.query('~', 'SELECT 1')",
            {"name": "Error", "message": "sqlite3 error: unable to open database file"},
        ),
        ("ctx.host.sqlite.query('~/state.db', 'DELETE FROM t')", {"name": "Error"}),
        ("ctx.host.sqlite.query('~/state.db', \"ATTACH 'other.db' AS o\")", {"name": "Error"}),
        ("ctx.host.sqlite.query('~/state.db', \"SELECT load_extension('x')\")", {"name": "Error"}),
        ("ctx.host.sqlite.query('~/state.db', \"VACUUM INTO '/tmp/stolen.db'\")", {"name": "Error"}),
        (
            "ctx.host.sqlite.query('~/state.db', 'WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x) "
            "SELECT n FROM x')",
            {"name": "Error"},
        ),
        (
            "{ ctx.host.sqlite.query('~/state.db', 'SELECT 1'); ctx.host.sqlite.exec('~/state.db', "
            "\"UPDATE t SET v=2 WHERE k='a'; DELETE FROM t WHERE k='b'\"); "
            "return JSON.parse(ctx.host.sqlite.query('~/state.db', \"SELECT v FROM t WHERE k IN ('a','b')\")) }",
            [{"v": 2}],
        ),
        (
            "{ ctx.host.sqlite.query('~/state.db', 'SELECT 1'); ctx.host.sqlite.exec('~/state.db', "
            "\"INSERT INTO t VALUES ('x;y', 'it''s')\"); return JSON.parse(ctx.host.sqlite.query('~/state.db', "
            "\"SELECT v FROM t WHERE k='x;y'\")) }",
            [{"v": "it's"}],
        ),
        ("ctx.host.sqlite.exec('~/state.db', 'DELETE FROM t')", {"name": "Error"}),
        (
            "{ const p = ctx.app.pluginDataDir + '/own.db'; ctx.host.sqlite.exec(p, 'CREATE TABLE a (b)'); "
            "return ctx.host.sqlite.query(p, 'SELECT * FROM a') }",
            "[]",
        ),
    ],
)
async def test_databases(bench: ProbeBench, database: Path, expression: str, expected: object) -> None:
    value = await bench.value(expression)
    if isinstance(expected, dict) and set(expected) == {"name"}:
        assert isinstance(value, Mapping)
        assert value["name"] == "Error"
    else:
        assert value == expected
    assert not os.path.exists("/tmp/stolen.db")  # noqa: ASYNC240, PTH110 -- nothing else runs here


async def test_a_database_that_somebody_has_locked_is_read(bench: ProbeBench, database: Path) -> None:
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("UPDATE t SET v = 99")
    try:
        assert await bench.value(f"{Q}\"SELECT v FROM t WHERE k='a'\"))") == [{"v": 1}]
    finally:
        holder.close()


async def test_a_database_in_wal_mode_is_read_with_what_is_in_its_log(bench: ProbeBench, database: Path) -> None:
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("PRAGMA journal_mode = WAL")
    holder.execute("UPDATE t SET v = 7 WHERE k = 'a'")
    try:
        assert await bench.value(f"{Q}\"SELECT v FROM t WHERE k='a'\"))") == [{"v": 7}]
    finally:
        holder.close()


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to look", b"", b"SQLite format 3\0" + b"\xff" * 200]
)
async def test_a_database_that_is_none(bench: ProbeBench, content: bytes) -> None:
    (bench.home / "state.db").write_bytes(content)
    told = await bench.value("ctx.host.sqlite.query('~/state.db', 'SELECT * FROM t')")
    assert isinstance(told, dict)
    assert str(told["message"]).startswith("sqlite3 error: ")


# --- What is refused, and noted -------------------------------------------------------------------------------------


async def test_what_was_not_granted_is_refused_and_noted(bench: ProbeBench) -> None:
    (bench.home / "x").write_text("x")
    snapshot = await bench.body(
        "const f = [() => ctx.host.fs.readText('~/x'), () => ctx.host.fs.listDir('~'), "
        "() => ctx.host.http.request({ url: 'https://a.example' }), () => ctx.host.keychain.readGenericPassword('s'), "
        "() => ctx.host.sqlite.query('~/x', 'SELECT 1')]; let n = 0; for (const one of f) try { one() } catch (e) { "
        "if (e instanceof Error && e.message.includes('not granted')) n++ } "
        "return { lines: [ctx.line.text({ label: 'n', value: String(n) + ctx.host.fs.exists('~/x') + "
        "ctx.host.env.get('PATH') })] }",
        Permissions(),
    )
    assert getattr(snapshot.lines[0], "value", "") == "5falsenull"
    refused = {(touch.act, touch.what) for touch in snapshot.touches if touch.is_refused}
    assert refused == {
        ("read", str(bench.home / "x")),
        ("look", str(bench.home / "x")),
        ("list", str(bench.home)),
        ("request", "a.example"),
        ("keychain", "s"),
        ("variable", "PATH"),
    }


async def test_what_was_granted_is_noted_too(bench: ProbeBench) -> None:
    snapshot = await bench.body(
        "ctx.host.fs.exists('~/a'); ctx.host.fs.exists('~/a'); ctx.host.fs.exists(ctx.app.pluginDataDir); "
        "return {lines:[]}",
        EVERYTHING,
    )
    assert [(touch.act, touch.what, touch.count, touch.is_refused) for touch in snapshot.touches] == [
        ("look", str(bench.home / "a"), 2, False)
    ]
