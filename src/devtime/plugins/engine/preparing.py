"""Has the programs compiled by a process of its own, so the server's memory stays free of the compiler."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import msgspec

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine.artifacts import private_folder, read_guest

_PATIENCE_S = 120.0


class _Report(msgspec.Struct, frozen=True):
    made: int = 0
    error: str = ""


async def prepare(folder: Path) -> int:
    """See that both programs are compiled in the folder: how many had to be. Unavailable says what to do."""
    read_guest()
    try:
        private_folder(folder)
    except OSError as error:
        raise Unavailable(f"The plugin engine cannot keep its compiled form in {folder}: {error.strerror}") from error
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "devtime.plugins.engine.compiling", str(folder)),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env={},
        cwd="/",
    )
    try:
        async with asyncio.timeout(_PATIENCE_S):
            said, complained = await process.communicate()
    except BaseException as error:
        if process.returncode is None:
            process.kill()
            await process.wait()
        if isinstance(error, TimeoutError):
            raise Unavailable(f"The plugin engine was not compiled within {_PATIENCE_S:.0f} s.") from None
        raise
    try:
        report = msgspec.json.decode(said, type=_Report)
    except msgspec.DecodeError:
        last = complained.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Unavailable(f"The plugin engine cannot be prepared: {''.join(last)[:300]}") from None
    if report.error:
        raise Unavailable(report.error)
    return report.made
