"""Every member of `ctx`, as a plugin sees it from inside the sandbox."""

from __future__ import annotations

import hashlib
import re
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
