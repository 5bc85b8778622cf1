"""Every documented curl and fetch example about heartbeats, imports and stats, run as it is against a real server."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from codetrackr_examples import curl_examples, fetch_examples, response_examples, run_curl, run_script
from database import TestServer
from instances import Instance, Resident, afternoon_zone, run_instance

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z")


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The running DevTime."""
    address = asyncio.run(test_server.create_database())
    with run_instance(address, tmp_path_factory.mktemp("instance")) as running:
        yield running
        assert running.complaints() == ""
    asyncio.run(test_server.drop_database(address))


@pytest.fixture
def ada(instance: Instance) -> Resident:
    """A newcomer, for whom it is afternoon."""
    return instance.settle(zone=afternoon_zone())


@pytest.fixture
def busy(instance: Instance, ada: Resident) -> Resident:
    """The newcomer after ninety minutes of Rust, half of it in another project, that ended just now."""
    now = int(datetime.now(UTC).timestamp())
    rows = [
        {
            "project": "core-engine" if minute < 60 else "dashboard-ui",
            "lang": "rust",
            "time": now - 60 * (90 - minute),
            "duration": 60,
        }
        for minute in range(90)
    ]
    with instance.client(ada) as client:
        assert client.post("/api/v1/import", json=rows).json() == {"status": "ok", "inserted": 90}
    return ada


def test_the_documented_examples_are_found() -> None:
    assert len(curl_examples("/heartbeat")) == 2
    assert len(curl_examples("/import")) == 1
    assert len(fetch_examples()) == 7


def test_the_documented_import_is_recorded_as_documented(instance: Instance, ada: Resident) -> None:
    [command] = curl_examples("/import")
    status, body = run_curl(command, instance.address, ada.key)
    [shown] = response_examples("Response")
    assert (status, body) == (200, shown.replace("42", "1"))
    [again] = {run_curl(command, instance.address, ada.key) for _ in range(2)}
    assert (again[0], json.loads(again[1])) == (200, {"status": "ok", "inserted": 0, "duplicates": 1})
    with instance.client(ada) as client:
        query = "start=2025-03-06T00:00:00Z&end=2025-03-07T00:00:00Z"
        assert client.get(f"/api/v1/stats/languages?{query}").json() == {
            "languages": [{"language": "rust", "seconds": 60, "percentage": 100.0}],
            "total_seconds": 60,
        }
        [row] = client.get("/api/v1/export/json").json()["heartbeats"]
    assert row["time"] == "2025-03-06T15:58:00Z"
    assert [row[name] for name in ("project", "language", "file", "branch", "editor", "os", "duration")] == [
        "my-app", "rust", "src/main.rs", "main", "Windsurf", "macOS", 60,
    ]  # fmt: skip


def test_an_import_of_42_rows_answers_the_documented_body_byte_for_byte(instance: Instance, ada: Resident) -> None:
    rows = [{"project": "my-app", "time": 1_741_276_680 + 60 * number} for number in range(42)]
    with instance.client(ada) as client:
        answer = client.post("/api/v1/import", json=rows)
    assert [answer.text] == response_examples("Response")
    assert answer.headers["content-type"] == "application/json"


def test_the_documented_heartbeat_is_recorded_and_seen_at_once(instance: Instance, ada: Resident) -> None:
    command = next(command for command in curl_examples("/heartbeat") if "-d" in command)
    status, body = run_curl(command, instance.address, ada.key)
    answer = json.loads(body)
    assert (status, list(answer), answer["status"]) == (200, ["status", "recorded_at"], "ok")
    assert _INSTANT.fullmatch(answer["recorded_at"])
    with instance.client(ada) as client:
        summary = client.get("/api/v1/stats/summary?range=7d").json()
    assert (summary["total_seconds"], summary["top_language"], summary["top_project"]) == (60, "rust", "core-engine")


def test_the_documented_heartbeat_without_a_body_is_refused_in_words(instance: Instance, ada: Resident) -> None:
    [command] = [command for command in curl_examples("/heartbeat") if "-d" not in command]
    status, body = run_curl(command, instance.address, ada.key)
    assert (status, json.loads(body)["error"]) == (400, "the body is empty")


def test_the_documented_examples_are_refused_with_somebody_elses_key(instance: Instance) -> None:
    for command in curl_examples("/heartbeat", "/import"):
        status, body = run_curl(command, instance.address, "ct_xyz123")
        assert (status, json.loads(body)) == (401, {"error": "Invalid API key"})


def test_the_documented_scripts_show_the_time_of_a_busy_week(instance: Instance, busy: Resident) -> None:
    counter, week, languages, streak, bars, published_streak, velocity = (
        run_script(script, instance.address, busy.key) for script in fetch_examples()
    )
    assert counter["first"] == "1h 30m"
    assert week["text"] == "1h 30m this week"
    assert "rust</span>" in languages["html"]
    assert "100.0%</span>" in languages["html"]
    assert streak["text"] == "1 day streak 🔥"
    assert re.findall(r'title="([\d-]+) · ([^"]+)"', bars["elements"]["ct-bars"]) == [(_today(busy), "1h 30m")]
    assert published_streak["text"] == "1 day streak"
    assert velocity["text"] == "core-engine"


def test_the_documented_scripts_know_what_to_say_of_an_empty_account(instance: Instance, ada: Resident) -> None:
    counter, week, languages, streak, bars, published_streak, velocity = (
        run_script(script, instance.address, ada.key) for script in fetch_examples()
    )
    assert counter["first"] == "0h 0m"
    assert week["text"] == "0h 0m this week"
    assert "No data yet" in languages["html"]
    assert streak["text"] == "0 day streak 🔥"
    assert bars["text"] == "No data yet"
    assert published_streak["text"] == "0 day streak"
    assert velocity["text"] == "—"


def test_the_documented_script_that_minds_errors_meets_one_when_the_key_is_wrong(instance: Instance) -> None:
    script = fetch_examples()[3]
    assert "API error" in script
    assert "—" in run_script(script, instance.address, "nonsense")["html"]


def _today(resident: Resident) -> str:
    return datetime.now(ZoneInfo(resident.zone)).date().isoformat()
