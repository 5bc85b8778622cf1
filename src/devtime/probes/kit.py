"""For authors of probes: a first plugin, what is wrong with one, and a run against fixtures instead of the world.

A fixture is a folder: `home/` becomes `~`, `variables.json` the environment, `answers.json` what servers say, by
`METHOD address`: `{"status": 200, "headers": {}, "body": {}}`. A request that no answer is for gets 404.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from devtime.kernel.errors import Conflict, Invalid
from devtime.plugins.engine import Execution
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.host.requests import host_of
from devtime.plugins.kinds.probe.manifest import MANIFEST, load_probe
from devtime.plugins.kinds.probe.run import probe
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.plugins.kinds.probe.surroundings import Surroundings
from devtime.probes.trust import origins_in

_SCRIPT = """function probe(ctx) {
  const key = ctx.host.env.get("EXAMPLE_API_KEY")
  if (!key) throw "No key. Set EXAMPLE_API_KEY."
  const { resp, json } = ctx.util.requestJson({
    url: "https://api.example.com/v1/usage",
    headers: { Authorization: "Bearer " + key },
  })
  if (ctx.util.isAuthStatus(resp.status)) throw "The key is not accepted. Set EXAMPLE_API_KEY anew."
  if (resp.status !== 200 || !json) throw "HTTP " + resp.status + ". Try again later."
  return {
    plan: ctx.fmt.planLabel(json.plan),
    lines: [ctx.line.progress({ label: "Weekly", used: json.used, limit: 100, format: { kind: "percent" } })],
  }
}

globalThis.__openusage_plugin = { id: "%s", probe }
"""


Read = TypeVar("Read")


class _Reply(msgspec.Struct, frozen=True):
    status: int = 200
    headers: dict[str, str] = {}
    body: object = None


def make_probe(folder: Path, id: str, name: str) -> list[Path]:
    """A plugin that runs, with a fixture; the files that were made. Conflict where the folder holds something."""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty")
    manifest = {
        "schemaVersion": 1,
        "id": id,
        "name": name,
        "version": "0.1.0",
        "entry": "plugin.js",
        "lines": [{"type": "progress", "label": "Weekly", "scope": "overview", "primaryOrder": 1}],
        "permissions": {"env": ["EXAMPLE_API_KEY"], "hosts": ["api.example.com"]},
    }
    answer = {"GET https://api.example.com/v1/usage": {"status": 200, "body": {"plan": "pro", "used": 42}}}
    made = {
        MANIFEST: json.dumps(manifest, indent=2) + "\n",
        "plugin.js": _SCRIPT % id,
        "fixtures/good/answers.json": json.dumps(answer, indent=2) + "\n",
        "fixtures/good/variables.json": '{ "EXAMPLE_API_KEY": "a key" }\n',
    }
    for place, text in made.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    load_probe(folder)
    return [folder / place for place in made]


async def check_probe(folder: Path, pool: Pool) -> list[str]:
    """What is wrong with a plugin, and what its author should know; empty when nothing is."""
    try:
        plugin = load_probe(folder)
    except Invalid as error:
        return [str(error)]
    told = list(plugin.warnings)
    outcome = await pool.run(Execution("probe", script=plugin.script, file=plugin.entry, is_check=True))
    if outcome.failure is not None:
        failure = outcome.failure
        told.append(
            f"{failure.file or plugin.entry}:{failure.line}:{failure.column}: {failure.name}: {failure.message}"
        )
    return told


async def run_fixture(folder: Path, fixture: str, pool: Pool, scratch: Path) -> Snapshot:
    """What the plugin answers in the world of a fixture; `scratch` is a folder it may fill."""
    plugin = load_probe(folder)
    place = folder / "fixtures" / fixture
    if not place.is_dir():
        raise Invalid("fixture", f"there is no folder {place}")
    replies = _read(place / "answers.json", dict[str, _Reply])
    variables = _read(place / "variables.json", dict[str, str])
    origins = sorted(
        {_origin(key.partition(" ")[2]) for key in replies} | {_origin(one) for one in origins_in(plugin.script)}
    )
    server = await asyncio.start_server(lambda r, w: _serve(r, w, origins, replies), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    surroundings = Surroundings(
        home=(place / "home").absolute(),
        environment=variables,
        app_folder=scratch,
        rewrites={origin: f"http://127.0.0.1:{port}/{at}" for at, origin in enumerate(origins)},
    )
    try:
        return await probe(plugin, surroundings, pool)
    finally:
        server.close()


def _origin(url: str) -> str:
    return f"{urlsplit(url).scheme}://{host_of(url)}"


def _read(path: Path, kind: type[Read]) -> Read:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return kind()
    except msgspec.DecodeError as error:
        raise Invalid(path.name, str(error)) from None


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origins: list[str], replies: dict[str, _Reply]
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    method, target, _ = head.split("\r\n", 1)[0].split(" ", 2)
    at, _, path = target[1:].partition("/")
    address = f"{origins[int(at)]}/{path}"
    reply = replies.get(f"{method} {address}") or replies.get(f"{method} {address.partition('?')[0]}") or _Reply(404)
    body = reply.body.encode() if isinstance(reply.body, str) else msgspec.json.encode(reply.body)
    headers = {**reply.headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {reply.status} Fixture", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    await writer.drain()
    writer.close()
