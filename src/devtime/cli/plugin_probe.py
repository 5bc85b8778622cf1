"""`devtime plugin new|check|run` for probes: plugins that tell how much of an AI plan is left, run on this machine."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

import msgspec

from devtime.kernel.errors import Invalid
from devtime.kernel.settings import Settings
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.manifest import MANIFEST
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.probes.kit import check_probe, make_probe, run_fixture
from devtime.running.plugin_trial import engine_folder

_MOST_BYTES = 1 << 20


def is_probe(place: Path) -> bool:
    """Whether a folder's manifest is a probe's: those have a `schemaVersion`, the store's have none."""
    try:
        text = (place / MANIFEST).read_bytes()
        value = json.loads(text) if len(text) <= _MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "schemaVersion" in value


def new_probe(name: str, folder: Path, as_json: bool) -> None:
    """Lay a probe out and say what to do next."""
    files = make_probe(folder, name, name.replace("-", " ").title())
    told = [path.relative_to(folder).as_posix() for path in files]
    if as_json:
        print(json.dumps({"folder": str(folder), "files": told}, indent=2))
        return
    print(f"{folder}: {', '.join(told)}")
    print(f"Next: cd {folder} && devtime plugin run --fixture {_fixtures(folder)[0]}")


def check_probe_folder(place: Path, settings: Settings, as_json: bool) -> None:
    """Tell what is wrong; SystemExit(1) when something is."""
    told = asyncio.run(_with_pool(settings, place))
    if as_json:
        print(json.dumps({"ok": not told, "problems": told}, indent=2))
    elif told:
        print("\n".join(told))
    else:
        print(f"✓ {place / MANIFEST}: nothing is wrong")
    if told:
        raise SystemExit(1)


def run_probe_fixture(place: Path, fixture: str, settings: Settings, as_json: bool) -> None:
    """Print what the probe answers in a fixture's world; SystemExit(1) when that is an error."""
    names = _fixtures(place)
    if fixture not in names:
        raise Invalid("--fixture", f"name one of {', '.join(names) or '(there is none below fixtures/)'}")
    snapshot = asyncio.run(_run(settings, place, fixture))
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(snapshot), indent=2).decode())
    else:
        if snapshot.plan:
            print(snapshot.plan)
        for line in snapshot.lines:
            fields = {name: value for name, value in msgspec.to_builtins(line).items() if value not in (None, "", [])}
            print("  " + ", ".join(f"{name} {json.dumps(value)}" for name, value in fields.items()))
        if snapshot.error:
            print(snapshot.error)
    if snapshot.error:
        raise SystemExit(1)


def _fixtures(place: Path) -> list[str]:
    return sorted(folder.name for folder in (place / "fixtures").glob("*") if folder.is_dir())


async def _with_pool(settings: Settings, place: Path) -> list[str]:
    pool = Pool(engine_folder(settings), workers=1)
    try:
        return await check_probe(place, pool)
    finally:
        await pool.close()


async def _run(settings: Settings, place: Path, fixture: str) -> Snapshot:
    pool = Pool(engine_folder(settings), workers=1)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            return await run_fixture(place, fixture, pool, Path(scratch))
    finally:
        await pool.close()
