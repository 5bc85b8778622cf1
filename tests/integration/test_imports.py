"""Imports end to end: any file, in the background, killed and resumed, run twice, deleted; and archives come back."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
import pytest
import pytest_asyncio
from hypothesis import given, settings

from database import TestServer
from devtime.activity.archive import write_archive
from devtime.activity.choosing import PrivacyChoice, choose_privacy, choose_retention, choose_timeout
from devtime.activity.exporters import CSV_COLUMNS, csv_header, csv_line
from devtime.activity.exporting import read_pages, spell_pages
from devtime.activity.import_jobs import (
    ImportJob,
    claim_import,
    create_import,
    delete_import,
    fetch_import,
    forget_imports,
    imports_folder,
    list_imports,
)
from devtime.activity.imports import import_file, run_import, run_imports
from devtime.activity.ingest import Ingest
from devtime.activity.recording import Recorded
from devtime.activity.settings import fetch_settings
from devtime.kernel.clock import DAY_MS, now_ms
from devtime.kernel.errors import Conflict, Invalid, NotFound
from devtime.store.address import Address
from devtime.wire.heartbeat import Heartbeat
from histories import History, histories
from trial import Life, Stage, Trial, how_often, opened_trial

_NOW_MS = 1_800_000_000_000
_WORKER = """
import asyncio, sys
from devtime.activity.imports import run_imports
from devtime.activity.ingest import Ingest
from devtime.kernel.clock import now_ms
from devtime.store.database import Database

async def main():
    database = await Database.open(sys.argv[1])
    await run_imports(database, Ingest(database), now_ms)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def stage(test_server: TestServer) -> Iterator[Stage]:
    """A store for the histories of this file."""
    stage = Stage(test_server)
    yield stage
    stage.close()


@pytest_asyncio.fixture
async def trial(database_address: Address) -> AsyncIterator[Trial]:
    """A store for a single test."""
    async with opened_trial(database_address) as trial:
        yield trial


def _rows(count: int, *, first: int = 0) -> bytes:
    """Documented import rows, ten seconds apart."""
    rows = [
        {"project": f"p{number % 7}", "lang": "rust", "time": 1_741_276_680 + 10 * number, "duration": 5}
        for number in range(first, first + count)
    ]
    return json.dumps(rows).encode()


async def _wait(trial: Trial, life: Life, folder: Path, content: bytes, **said: str) -> ImportJob:
    path = imports_folder(folder) / f"{len(list(imports_folder(folder).iterdir()))}-upload"
    path.write_bytes(content)
    return await create_import(
        trial.database,
        life.user_id,
        path,
        len(content),
        name=said.get("name", "rows.json"),
        kind=said.get("kind", ""),
        now_ms=now_ms(),
    )


async def _wait_until_done(trial: Trial, job: ImportJob) -> None:
    state = ""
    while state != "done":
        await asyncio.sleep(0.05)
        state = (await fetch_import(trial.database, job.user_id, job.id)).state


async def _work(trial: Trial) -> None:
    await run_imports(trial.database, trial.ways_in[1], now_ms)


def _has_file(job: ImportJob) -> bool:
    return Path(job.path).exists()


def _lose_file(job: ImportJob) -> None:
    Path(job.path).unlink()


def _start_worker(dsn: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WORKER, dsn])


async def _count(trial: Trial, life: Life) -> int:
    count: int = await trial.database.fetchval("SELECT count(*) FROM heartbeats WHERE user_id = $1", life.user_id)
    return count


async def test_an_uploaded_file_is_imported_and_then_gone(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(2_500), name="C:\\Users\\ada\\rows.json")
    assert (job.state, job.name, job.progress.bytes_total) == ("waiting", "rows.json", len(_rows(2_500)))
    await _work(trial)
    done = await fetch_import(trial.database, life.user_id, job.id)
    assert (done.state, done.error, done.progress.read, done.progress.inserted) == ("done", "", 2_500, 2_500)
    assert done.progress.bytes_read == done.progress.bytes_total
    assert not _has_file(job)
    assert await _count(trial, life) == 2_500
    assert (await trial.verify(life)).problems == []


async def test_importing_the_same_file_again_changes_nothing(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    for _ in range(2):
        job = await _wait(trial, life, tmp_path, _rows(1_200))
        await _work(trial)
    progress = (await fetch_import(trial.database, life.user_id, job.id)).progress
    assert (progress.inserted, progress.duplicates) == (0, 1_200)
    assert await _count(trial, life) == 1_200


async def test_bad_rows_are_counted_the_first_hundred_named_and_cost_no_other(trial: Trial, tmp_path: Path) -> None:
    rows = json.loads(_rows(300))
    for number in range(0, 300, 2):
        del rows[number]["project"]

    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, json.dumps(rows).encode())
    await _work(trial)
    progress = (await fetch_import(trial.database, life.user_id, job.id)).progress
    assert (progress.inserted, progress.rejected, len(progress.reasons)) == (150, 150, 100)
    assert [reason.index for reason in progress.reasons] == list(range(0, 200, 2))
    assert {(reason.field, reason.reason) for reason in progress.reasons} == {("project", "is required")}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\xff" * 100, "neither JSON nor a table"),
        (b'[{"project": 1}]', "no row could be read"),
        (b'{"format":', "JSON"),
        (b"PK\x03\x04 but no zip", "zip"),
        (b"\x1f\x8b but no gzip", "damaged"),
    ],
)
async def test_a_file_that_cannot_be_read_fails_and_says_why(
    trial: Trial, tmp_path: Path, content: bytes, told: str
) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, content)
    await _work(trial)
    failed = await fetch_import(trial.database, life.user_id, job.id)
    assert failed.state == "failed"
    assert told in failed.error
    assert not _has_file(job)


async def test_an_import_whose_file_is_gone_fails(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(3))
    _lose_file(job)
    await _work(trial)
    failed = await fetch_import(trial.database, life.user_id, job.id)
    assert (failed.state, failed.error) == ("failed", "the uploaded file is gone; upload it again")


async def test_a_deleted_import_stops_and_keeps_what_it_recorded(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(5_000))
    claimed = await claim_import(trial.database, now_ms())
    assert claimed is not None
    async with trial.database.transaction() as connection:
        await connection.execute("SELECT * FROM activity_settings WHERE user_id = $1 FOR UPDATE", life.user_id)
        running = asyncio.create_task(run_import(trial.database, trial.ways_in[1], claimed, now_ms))
        await asyncio.sleep(0.05)
        await delete_import(trial.database, life.user_id, job.id)
    await running
    assert await _count(trial, life) == 1_000
    assert not _has_file(job)
    with pytest.raises(NotFound):
        await fetch_import(trial.database, life.user_id, job.id)


async def test_an_import_that_is_to_stop_goes_on_later_without_repeating_itself(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(3_500))
    calls: list[None] = []
    for stops_after in (1, 1, 99):
        calls.clear()

        def is_stopping(limit: int = stops_after) -> bool:
            calls.append(None)
            return len(calls) > limit + 2

        await run_imports(trial.database, trial.ways_in[1], now_ms, is_stopping)
    done = await fetch_import(trial.database, life.user_id, job.id)
    assert (done.state, done.progress.inserted, done.progress.duplicates) == ("done", 3_500, 0)
    assert done.attempts == 1


async def test_a_running_import_shows_that_it_lives_while_a_chunk_waits(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(10))
    async with trial.database.transaction() as connection:
        await connection.execute("SELECT * FROM activity_settings WHERE user_id = $1 FOR UPDATE", life.user_id)
        running = asyncio.create_task(_work(trial))
        seen: set[int] = set()
        while len(seen) < 3:
            found = await fetch_import(trial.database, life.user_id, job.id)
            if found.state == "running":
                seen.add(found.touched_ms)
                assert await claim_import(trial.database, now_ms()) is None
            await asyncio.sleep(0.05)
    await running


async def test_an_import_whose_process_was_killed_is_taken_up_and_nothing_is_lost_or_counted_twice(
    trial: Trial, database_address: Address, tmp_path: Path
) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(40_000))
    worker = _start_worker(database_address.dsn())
    while await _count(trial, life) < 3_000:
        assert worker.poll() is None
        await asyncio.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    recorded = await _count(trial, life)
    assert 3_000 <= recorded < 40_000
    assert await claim_import(trial.database, now_ms()) is None
    await run_imports(trial.database, trial.ways_in[0], lambda: now_ms() + 60_000)
    done = await fetch_import(trial.database, life.user_id, job.id)
    assert (done.state, done.attempts, done.progress.read) == ("done", 2, 40_000)
    assert done.progress.inserted + done.progress.duplicates == 40_000
    assert done.progress.duplicates <= 1_000
    assert await _count(trial, life) == 40_000
    assert (await trial.verify(life)).problems == []


async def test_an_import_that_takes_long_keeps_nobody_else_waiting(trial: Trial, tmp_path: Path) -> None:
    slow, quick = await trial.begin(), await trial.begin()
    await _wait(trial, slow, tmp_path, _rows(10))
    async with trial.database.transaction() as connection:
        await connection.execute("SELECT * FROM activity_settings WHERE user_id = $1 FOR UPDATE", slow.user_id)
        running = asyncio.create_task(_work(trial))
        for _ in range(2):
            job = await _wait(trial, quick, tmp_path, _rows(10))
            await _wait_until_done(trial, job)
        assert not running.done()
    await running
    assert await _count(trial, slow) == 10


async def test_one_user_has_one_import_running_at_a_time(trial: Trial, tmp_path: Path) -> None:
    greedy, modest = await trial.begin(), await trial.begin()
    for life in (greedy, greedy, greedy, modest):
        await _wait(trial, life, tmp_path, _rows(10))
    claimed = [await claim_import(trial.database, now_ms()) for _ in range(3)]
    assert [job and job.user_id for job in claimed] == [greedy.user_id, modest.user_id, None]


async def test_trouble_with_one_import_costs_no_other(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, lucky = await trial.begin(), await trial.begin()
    record = Ingest.record

    async def fail(self: Ingest, user_id: UUID, heartbeats: Sequence[Heartbeat], **how: bool) -> Recorded:
        if user_id == unlucky.user_id:
            raise ConnectionResetError
        return await record(self, user_id, heartbeats, **how)

    monkeypatch.setattr(Ingest, "record", fail)
    await _wait(trial, unlucky, tmp_path, _rows(10))
    await _wait(trial, lucky, tmp_path, _rows(10))
    with pytest.raises(ConnectionResetError):
        await _work(trial)
    assert await _count(trial, lucky) == 10
    monkeypatch.undo()
    await run_imports(trial.database, trial.ways_in[0], lambda: now_ms() + 60_000)
    assert await _count(trial, unlucky) == 10


async def test_an_import_that_never_comes_to_an_end_is_given_up(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(10))
    for attempt in range(5):
        claimed = await claim_import(trial.database, now_ms() + attempt * 60_000)
        assert claimed is not None
        assert claimed.attempts == attempt + 1
    await run_imports(trial.database, trial.ways_in[0], lambda: now_ms() + 600_000)
    failed = await fetch_import(trial.database, life.user_id, job.id)
    assert failed.state == "failed"
    assert "given up" in failed.error


async def test_a_user_sees_and_deletes_only_their_own_imports(trial: Trial, tmp_path: Path) -> None:
    mine, other = await trial.begin(), await trial.begin()
    job = await _wait(trial, mine, tmp_path, _rows(1))
    assert [found.id for found in await list_imports(trial.database, mine.user_id)] == [job.id]
    assert await list_imports(trial.database, other.user_id) == []
    for call in (fetch_import, delete_import):
        with pytest.raises(NotFound):
            await call(trial.database, other.user_id, job.id)
    await delete_import(trial.database, mine.user_id, job.id)


async def test_imports_that_wait_are_limited_and_their_kind_must_be_known(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    with pytest.raises(Invalid, match="kind"):
        await _wait(trial, life, tmp_path, _rows(1), kind="excel")
    for _ in range(10):
        await _wait(trial, life, tmp_path, _rows(1))
    with pytest.raises(Conflict):
        await _wait(trial, life, tmp_path, _rows(1))
    await _work(trial)


async def test_files_and_imports_nobody_needs_are_forgotten(trial: Trial, tmp_path: Path) -> None:
    life = await trial.begin()
    job = await _wait(trial, life, tmp_path, _rows(1))
    await _work(trial)
    waiting = await _wait(trial, life, tmp_path, _rows(1))
    stray = imports_folder(tmp_path) / "stray"
    stray.write_bytes(b"left behind")
    await forget_imports(trial.database, tmp_path, now_ms())
    assert stray.exists()
    await forget_imports(trial.database, tmp_path, now_ms() + 2 * DAY_MS)
    assert not stray.exists()
    assert _has_file(waiting)
    await forget_imports(trial.database, tmp_path, now_ms() + 100 * DAY_MS)
    assert [found.id for found in await list_imports(trial.database, life.user_id)] == [waiting.id]
    assert job.id != waiting.id
    await _work(trial)


@settings(how_often(60))
@given(history=histories())
def test_an_archive_brings_everything_back_into_a_new_account(stage: Stage, history: History) -> None:
    trial = stage.trial

    async def run() -> None:
        life = await trial.live(history)
        random = Random(history.seed)
        choice = PrivacyChoice(
            file_privacy=random.choice(("keep", "hash", "drop")),
            branch_privacy=random.choice(("keep", "hash", "drop")),
            exclude_projects=("atlas",),
        )
        async with trial.database.transaction() as connection:
            await choose_privacy(connection, life.user_id, choice, apply_to_past=False)
            await choose_retention(connection, life.user_id, random.choice((None, 36_500)))
        content = b"".join([part async for part in write_archive(trial.database, life.user_id, {}, _NOW_MS)])
        new = await trial.begin()
        progress = [
            part
            async for part in import_file(
                trial.database, trial.ways_in[2], new.user_id, io.BytesIO(content), received_ms=_NOW_MS
            )
        ]
        assert progress[-1].inserted == len(life.heartbeats)
        assert progress[-1].rejected == progress[-1].duplicates == progress[-1].excluded == 0
        assert await trial.credits(new) == await trial.credits(life)
        assert await trial.quarters(new) == await trial.quarters(life)
        assert (await trial.verify(new)).problems == []
        assert await _whole(trial, new) == await _whole(trial, life)
        assert await _choices(trial, new) == await _choices(trial, life)

    stage.run(run())


async def _choices(trial: Trial, life: Life) -> object:
    return msgspec.structs.replace(await fetch_settings(trial.database, life.user_id), epoch=0, revision=0)


async def _whole(trial: Trial, life: Life) -> list[object]:
    return [stored async for page in read_pages(trial.database, life.user_id) for stored in page]


async def test_an_archive_changes_no_settings_of_an_account_whose_owner_chose_some(trial: Trial) -> None:
    old, new = await trial.begin(), await trial.begin()
    for life, minutes in ((old, 5), (new, 10)):
        async with trial.database.transaction() as connection:
            await choose_timeout(connection, life.user_id, minutes * 60_000)
    content = b"".join([part async for part in write_archive(trial.database, old.user_id, {}, _NOW_MS)])
    chunks = import_file(trial.database, trial.ways_in[0], new.user_id, io.BytesIO(content), received_ms=_NOW_MS)
    async for _ in chunks:
        pass
    assert (await fetch_settings(trial.database, new.user_id)).wanted_timeout_ms == 600_000


async def test_an_archive_is_a_zip_file_with_the_documents_it_was_given(trial: Trial) -> None:
    life = await trial.begin()
    documents = {"profile.json": {"username": "ada"}, "keys.json": []}
    content = b"".join([part async for part in write_archive(trial.database, life.user_id, documents, _NOW_MS)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {
            "README.txt", "heartbeats.jsonl", "keys.json", "profile.json", "settings.json",
        }  # fmt: skip
        assert json.loads(archive.read("profile.json")) == {"username": "ada"}
        assert json.loads(archive.read("settings.json"))["timeout_ms"] == 900_000


@settings(how_often(30))
@given(history=histories())
def test_a_csv_export_comes_back_whole(stage: Stage, history: History) -> None:
    trial = stage.trial

    async def run() -> None:
        life = await trial.live(history)
        pages = spell_pages(read_pages(trial.database, life.user_id), lambda stored: csv_line(stored.heartbeat))
        content = csv_header() + b"".join([part async for part in pages])
        assert content.startswith(",".join(CSV_COLUMNS).encode())
        new = await trial.begin()
        chunks = import_file(trial.database, trial.ways_in[0], new.user_id, io.BytesIO(content), received_ms=_NOW_MS)
        async for _ in chunks:
            pass
        async with trial.database.transaction() as connection:
            await choose_timeout(connection, new.user_id, life.timeout_ms)
        await trial.change_timeout(new, life.timeout_ms)
        assert await _whole(trial, new) == await _whole(trial, life)

    stage.run(run())


async def test_exporting_a_part_gives_the_heartbeats_of_its_range(trial: Trial) -> None:
    life = await trial.begin()
    content = io.BytesIO(_rows(2_100))
    async for _ in import_file(trial.database, trial.ways_in[0], life.user_id, content, received_ms=_NOW_MS):
        pass
    start_ms, end_ms = 1_741_276_680_000 + 100_000, 1_741_276_680_000 + 20_900_000
    part = [
        stored.heartbeat.time_ms
        async for page in read_pages(trial.database, life.user_id, start_ms, end_ms)
        for stored in page
    ]
    assert part == [1_741_276_680_000 + 10_000 * number for number in range(10, 2_090)]
    assert part == sorted(part)
