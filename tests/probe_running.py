"""Runs probe scripts in the real sandbox, against loopback servers that answer as they are told."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.manifest import ProbePlugin, load_probe
from devtime.plugins.kinds.probe.permissions import EVERYTHING, Permissions
from devtime.plugins.kinds.probe.run import probe
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.plugins.kinds.probe.surroundings import Surroundings

MANIFEST = {"schemaVersion": 1, "id": "trial", "name": "Trial", "version": "1.0.0", "entry": "plugin.js"}


def write_plugin(folder: Path, script: str, **changed: object) -> ProbePlugin:
    """A plugin's folder with that script."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugin.json").write_text(json.dumps(MANIFEST | changed))
    (folder / "plugin.js").write_text(script, encoding="utf-8")
    return load_probe(folder)


def of_body(body: str) -> str:
    """A script whose probe has that body."""
    return f"globalThis.__openusage_plugin = {{ id: 'trial', probe(ctx) {{ {body} }} }}"


class ProbeBench:
    """A home, an app folder and a pool; everything a test wants to vary is an attribute."""

    def __init__(self, pool: Pool, folder: Path) -> None:
        self.pool = pool
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.surroundings = Surroundings(self.home, {"USER": "ann"}, folder / "app")

    def vary(self, **changed: object) -> None:
        """Other surroundings."""
        self.surroundings = msgspec.structs.replace(self.surroundings, **changed)

    @property
    def data(self) -> Path:
        """The plugin's own folder."""
        return self.surroundings.data_folder("trial")

    async def run(self, script: str, permissions: Permissions = EVERYTHING, **changed: object) -> Snapshot:
        """A whole script."""
        plugin = write_plugin(self.folder / "plugin", script, **changed)
        return await probe(plugin, self.surroundings, self.pool, permissions=permissions)

    async def body(self, body: str, permissions: Permissions = EVERYTHING) -> Snapshot:
        """The body of `probe(ctx)`."""
        return await self.run(of_body(body), permissions)

    async def value(self, expression: str, permissions: Permissions = EVERYTHING) -> object:
        """What an expression of `ctx` comes to, as JSON has it; of a thrown error its name and message."""
        snapshot = await self.body(
            "let value; try { value = (() => " + expression + ")() } catch (e) { value = e instanceof Error "
            "? { name: e.name, message: e.message } : { thrown: e } } "
            "return { lines: [{ type: 'text', label: 'v', value: value === undefined ? 'undefined' : "
            "JSON.stringify(value) }] }",
            permissions,
        )
        text = getattr(snapshot.lines[0], "value", None)
        assert isinstance(text, str), snapshot
        return "undefined" if text == "undefined" else json.loads(text)


@asynccontextmanager
async def raw_server(
    reply: Callable[[bytes], bytes] | bytes | None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server on loopback that reads a request's head and body and writes those very bytes; None never answers."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
            )
            seen.append(head + await reader.readexactly(length))
            if reply is None:
                await asyncio.sleep(3_600)
            else:
                writer.write(reply(seen[-1]) if callable(reply) else reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}", seen
    finally:
        server.close()


def http(body: bytes | str = b"{}", status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    """An answer."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
