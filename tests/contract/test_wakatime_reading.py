"""What WakaTime's clients and tools are told about time."""

from __future__ import annotations

from typing import Any

import pytest

from desk import NOON_MS, Desk

BASE = "/api/v1/users/current"
NOON = NOON_MS / 1_000
DAY_S = 86_400
AGENT = "wakatime/1.90.0 (linux-6.1-x86_64) go1.22 vscode/1.99.0 vscode-wakatime/24.9.2"


def beat(seconds_ago: float, **fields: Any) -> dict[str, Any]:
    return {"entity": "/src/main.py", "type": "file", "time": NOON - seconds_ago, "project": "orbit", **fields}


async def send(desk: Desk, *beats: dict[str, Any], agent: str = AGENT) -> None:
    headers = {"User-Agent": agent, "X-Machine-Name": "workbench"}
    response = await desk.client.post(f"{BASE}/heartbeats.bulk", json=list(beats), headers=headers)
    assert {status for _, status in response.json()["responses"]} == {201}


async def ask(desk: Desk, path: str, **params: Any) -> Any:
    response = await desk.client.get(f"{BASE}{path}", params=params)
    assert response.status_code == 200, response.text
    return response.json()


async def send_a_day(desk: Desk) -> None:
    """4 h 22 min: orbit in Python for 3 h, notes in Markdown for 1 h 22 min of AI coding."""
    python = [beat(15_720 - each, language="Python", branch="main") for each in range(0, 10_800, 120)]
    notes = {"project": "notes", "language": "Markdown", "category": "ai coding", "entity": "/notes/today.md"}
    await send(desk, *python, *(beat(4_920 - each, **notes) for each in range(0, 4_921, 120)))


async def test_the_status_bar_tells_the_day_in_every_spelling(desk: Desk) -> None:
    await send_a_day(desk)
    bar = await ask(desk, "/statusbar/today")
    assert bar["data"]["grand_total"] == {
        "digital": "4:22",
        "hours": 4,
        "minutes": 22,
        "text": "4 hrs 22 mins",
        "decimal": "4.37",
        "total_seconds": 15_720,
    }
    categories = [(each["name"], each["text"], each["percent"]) for each in bar["data"]["categories"]]
    assert categories == [("Coding", "3 hrs", 68.7), ("AI Coding", "1 hr 22 mins", 31.3)]
    assert bar["data"]["range"] == {
        "date": "2026-01-15",
        "start": "2026-01-15T00:00:00Z",
        "end": "2026-01-15T23:59:59Z",
        "text": "Today",
        "timezone": "UTC",
    }
    assert bar["has_team_features"] is bar["data"]["has_team_features"] is False
    assert bar["cached_at"] == "2026-01-15T12:00:00Z"


async def test_the_status_bar_of_an_empty_day_has_all_its_lists(desk: Desk) -> None:
    bar = await ask(desk, "/statusbar/today")
    assert bar["data"]["grand_total"]["text"] == "0 secs"
    for name in ("categories", "projects", "languages", "editors", "operating_systems", "machines", "dependencies"):
        assert bar["data"][name] == [], name


async def test_every_list_of_a_day_adds_up_to_its_total(desk: Desk) -> None:
    await send_a_day(desk)
    [day] = (await ask(desk, "/summaries", start="2026-01-15", end="2026-01-15"))["data"]
    for name in ("categories", "projects", "languages", "editors", "operating_systems", "machines"):
        assert sum(each["total_seconds"] for each in day[name]) == day["grand_total"]["total_seconds"], name
    assert [each["name"] for each in day["projects"]] == ["orbit", "notes"]
    assert [each["name"] for each in day["editors"]] == ["VS Code"]
    assert day["machines"][0]["machine_name_id"] == "workbench"


async def test_three_agents_in_parallel_do_not_inflate_the_clock(desk: Desk) -> None:
    for session in ("a", "b", "c"):
        await send(desk, *(beat(each, ai_session=session, entity=f"/{session}.py") for each in range(0, 3_601, 300)))
    bar = await ask(desk, "/statusbar/today")
    assert bar["data"]["grand_total"]["text"] == "1 hr"
    native = (await desk.client.get("/api/stats?range=today")).json()
    assert (native["total_seconds"], native["active_seconds"]) == (10_800, 3_600)


async def test_summaries_list_every_day_and_their_sum(desk: Desk) -> None:
    await send(desk, *(beat(2 * DAY_S + each) for each in (0, 600)), *(beat(each) for each in (0, 300)))
    told = await ask(desk, "/summaries", start="2026-01-12", end="2026-01-15")
    assert [day["range"]["date"] for day in told["data"]] == [f"2026-01-{day}" for day in (12, 13, 14, 15)]
    assert [day["range"]["text"] for day in told["data"]] == [
        "Mon Jan 12th 2026",
        "Tue Jan 13th 2026",
        "Yesterday",
        "Today",
    ]
    assert [day["grand_total"]["total_seconds"] for day in told["data"]] == [0, 600, 0, 300]
    assert told["cumulative_total"] == {"seconds": 900, "text": "15 mins", "digital": "0:15", "decimal": "0.25"}
    average = told["daily_average"]
    assert (average["seconds"], average["holidays"], average["days_including_holidays"]) == (450, 2, 4)
    assert (told["start"], told["end"]) == ("2026-01-12T00:00:00Z", "2026-01-15T23:59:59Z")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Today", "2026-01-15", "2026-01-15"),
        ("yesterday", "2026-01-14", "2026-01-14"),
        ("Last 7 Days", "2026-01-09", "2026-01-15"),
        ("Last 7 Days from Yesterday", "2026-01-08", "2026-01-14"),
        ("last_30_days", "2025-12-17", "2026-01-15"),
        ("This Week", "2026-01-12", "2026-01-15"),
        ("Last Week", "2026-01-05", "2026-01-11"),
        ("This Month", "2026-01-01", "2026-01-15"),
        ("Last Month", "2025-12-01", "2025-12-31"),
    ],
)
async def test_summaries_know_the_ranges_clients_name(desk: Desk, name: str, first: str, last: str) -> None:
    days = [day["range"]["date"] for day in (await ask(desk, "/summaries", range=name))["data"]]
    assert (days[0], days[-1]) == (first, last)


async def test_summaries_can_be_narrowed_and_counted_differently(desk: Desk) -> None:
    await send(
        desk,
        beat(2_400, branch="main", is_write=True),
        beat(1_800, branch="main"),
        beat(600, branch="dev", is_write=True),
        beat(0, branch="dev"),
    )
    day = {"start": "2026-01-15", "end": "2026-01-15"}

    async def total(**params: Any) -> float:
        return (await ask(desk, "/summaries", **day, **params))["data"][0]["grand_total"]["total_seconds"]

    assert await total() == 1_200
    assert await total(timeout=30) == 2_400
    assert await total(timeout=31, writes_only="true") == 1_800
    assert await total(project="orbit", branches="dev") == 600
    assert await total(project="orbit", branches="dev,main") == 1_200
    assert await total(project="another") == 0
    [narrowed] = (await ask(desk, "/summaries", **day, project="orbit"))["data"]
    assert [(each["name"], each["total_seconds"]) for each in narrowed["branches"]] == [("dev", 600), ("main", 600)]


async def test_a_day_is_the_askers_zone_or_the_one_they_name(desk: Desk) -> None:
    await send(desk, beat(0), beat(600), beat(-600))
    utc = await ask(desk, "/summaries", start="2026-01-16", end="2026-01-16")
    auckland = await ask(desk, "/summaries", start="2026-01-16", end="2026-01-16", timezone="Pacific/Auckland")
    assert utc["cumulative_total"]["seconds"] == 0
    assert auckland["cumulative_total"]["seconds"] == 1_200
    assert auckland["data"][0]["range"]["start"] == "2026-01-15T11:00:00Z"


@pytest.mark.parametrize(
    ("name", "start", "seconds"),
    [
        ("last_7_days", "2026-01-09", 300),
        ("last_30_days", "2025-12-17", 300),
        ("last_6_months", "2025-07-16", 900),
        ("last_year", "2025-01-16", 900),
        ("all_time", "2024-01-16", 1_500),
        ("2026", "2026-01-01", 300),
        ("2025", "2025-01-01", 600),
        ("2024-01", "2024-01-01", 600),
        ("2025-02", "2025-02-01", 0),
    ],
)
async def test_stats_sum_up_each_range_clients_name(desk: Desk, name: str, start: str, seconds: int) -> None:
    for days_ago, length in ((730, 600), (100, 600), (0, 300)):
        await send(desk, beat(days_ago * DAY_S + length), beat(days_ago * DAY_S))
    told = (await ask(desk, f"/stats/{name}"))["data"]
    assert (told["start"][:10], told["total_seconds"], told["range"]) == (start, seconds, name)
    assert (told["status"], told["is_up_to_date"], told["timeout"]) == ("ok", True, 15)
    assert sum(each["total_seconds"] for each in told["projects"]) == seconds


async def test_stats_tell_the_best_day_and_the_mean_of_busy_days(desk: Desk) -> None:
    await send(desk, *(beat(3 * DAY_S + each) for each in (0, 800)), *(beat(each) for each in (0, 400)))
    told = (await ask(desk, "/stats"))["data"]
    assert told["best_day"] == {"date": "2026-01-12", "text": "13 mins", "total_seconds": 800}
    assert (told["daily_average"], told["days_minus_holidays"], told["holidays"]) == (600, 2, 5)


async def test_all_time_begins_with_the_first_heartbeat(desk: Desk) -> None:
    await send(desk, beat(10 * DAY_S + 600), beat(10 * DAY_S), beat(300), beat(0))
    told = (await ask(desk, "/all_time_since_today"))["data"]
    assert (told["text"], told["total_seconds"], told["is_up_to_date"]) == ("15 mins", 900, True)
    assert (told["range"]["start_date"], told["range"]["end_date"]) == ("2026-01-05", "2026-01-15")


async def test_all_time_of_nothing_is_zero(desk: Desk) -> None:
    told = (await ask(desk, "/all_time_since_today"))["data"]
    assert (told["text"], told["range"]["start_date"]) == ("0 secs", "2026-01-15")


@pytest.mark.parametrize("slice_by", ["project", "entity", "language", "os", "editor", "category", "machine"])
async def test_durations_follow_each_other_and_add_up_to_the_day(desk: Desk, slice_by: str) -> None:
    await send_a_day(desk)
    told = await ask(desk, "/durations", date="2026-01-15", slice_by=slice_by)
    assert sum(each["duration"] for each in told["data"]) == 15_720
    assert [(each["project"], each["time"], each["duration"]) for each in told["data"]] == [
        ("orbit", NOON - 15_720, 10_800),
        ("notes", NOON - 4_920, 4_920),
    ]
    if slice_by != "project":
        assert all(each[slice_by] for each in told["data"])


async def test_durations_are_cut_to_the_day(desk: Desk) -> None:
    midnight = 12 * 3_600
    await send(desk, *(beat(midnight + each) for each in (-300, 0, 300)))
    [today] = (await ask(desk, "/durations", date="2026-01-15"))["data"]
    [yesterday] = (await ask(desk, "/durations", date="2026-01-14"))["data"]
    assert (today["duration"], yesterday["duration"]) == (300, 300)


async def test_heartbeats_come_back_as_they_were_sent(desk: Desk) -> None:
    sent = beat(
        60,
        language="Python",
        branch="main",
        category="debugging",
        is_write=True,
        lines=12,
        lineno=3,
        dependencies=["os"],
    )
    await send(desk, sent)
    told = await ask(desk, "/heartbeats", date="2026-01-15")
    [back] = told["data"]
    assert {name: back[name] for name in sent} == sent
    assert back["machine_name_id"] == "workbench"
    [agent] = (await ask(desk, "/user_agents"))["data"]
    assert agent["id"] == back["user_agent_id"]
    again = await desk.client.post(f"{BASE}/heartbeats", json=sent, headers={"User-Agent": AGENT})
    assert again.json()["data"]["id"] == back["id"]


async def test_projects_clients_and_machines_are_listed_the_latest_first(desk: Desk) -> None:
    vim = "wakatime/1.90.0 (darwin-23-arm64) go1.22 vim/9.1 vim-wakatime/11.3.0"
    await send(desk, beat(600, project="old & odd/one"), agent=vim)
    await send(desk, beat(0), beat(900))
    projects = (await ask(desk, "/projects"))["data"]
    assert [each["name"] for each in projects] == ["orbit", "old & odd/one"]
    assert projects[0]["first_heartbeat_at"] == "2026-01-15T11:45:00Z"
    assert projects[0]["last_heartbeat_at"] == "2026-01-15T12:00:00Z"
    assert projects[1]["urlencoded_name"] == "old%20%26%20odd%2Fone"
    found = await ask(desk, "/projects", q="ODD")
    assert ([each["name"] for each in found["data"]], found["total"]) == (["old & odd/one"], 1)
    agents = (await ask(desk, "/user_agents"))["data"]
    assert [(each["editor"], each["version"], each["os"]) for each in agents] == [
        ("VS Code", "1.99.0", "Linux"),
        ("Vim", "9.1", "macOS"),
    ]
    machines = (await ask(desk, "/machine_names"))["data"]
    assert [(each["name"], each["last_seen_at"]) for each in machines] == [("workbench", "2026-01-15T12:00:00Z")]


async def test_the_current_user_is_the_keys_owner(desk: Desk) -> None:
    nobody = (await ask(desk, ""))["data"]
    assert (nobody["id"], nobody["username"], nobody["last_heartbeat_at"]) == (str(desk.user.id), "ada", None)
    await send(desk, beat(0))
    told = (await ask(desk, ""))["data"]
    assert (told["last_project"], told["last_plugin"], told["last_heartbeat_at"]) == (
        "orbit",
        "VS Code",
        "2026-01-15T12:00:00Z",
    )


async def test_the_expert_of_a_file_is_whoever_asks(desk: Desk) -> None:
    await send(desk, beat(600), beat(120), beat(0, entity="/src/other.py"))
    response = await desk.client.post(f"{BASE}/file_experts", json={"entity": "/src/main.py", "project": "orbit"})
    assert response.status_code == 200
    [expert] = response.json()["data"]
    assert (expert["user"]["id"], expert["user"]["is_current_user"]) == (str(desk.user.id), True)
    assert (expert["total"]["total_seconds"], expert["total"]["text"]) == (600, "10 mins")
    missing = await desk.client.post(f"{BASE}/file_experts", json={})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (400, "entity")


@pytest.mark.parametrize("privacy", ["hash", "drop"])
async def test_the_expert_of_a_file_is_found_whichever_way_paths_are_kept(desk: Desk, privacy: str) -> None:
    await desk.parts.database.execute("UPDATE activity_settings SET file_privacy = $1", privacy)
    await send(desk, beat(600), beat(0))
    response = await desk.client.post(f"{BASE}/file_experts", json={"entity": "/src/main.py"})
    seconds = response.json()["data"][0]["total"]["total_seconds"]
    assert seconds == (600 if privacy == "hash" else 0)


async def test_lists_that_hold_nothing_are_valid(desk: Desk) -> None:
    for path in ("/goals", "/leaderboards", "/data_dumps"):
        assert (await ask(desk, path))["data"] == []
    assert (await desk.client.get("/api/v1/leaders")).json()["data"] == []
    goal = await desk.client.get(f"{BASE}/goals/3b8a2a54-5f3c-4a3c-9c44-0a1f2b3c4d5e")
    assert (goal.status_code, list(goal.json())) == (404, ["error"])


@pytest.mark.parametrize("insight", ["categories", "projects", "languages", "editors", "operating_systems", "machines"])
async def test_an_insight_is_one_list_of_the_stats(desk: Desk, insight: str) -> None:
    await send_a_day(desk)
    told = (await ask(desk, f"/insights/{insight}/last_7_days"))["data"]
    assert told[insight] == (await ask(desk, "/stats/last_7_days"))["data"][insight]


async def test_insights_tell_the_days_the_best_and_the_mean(desk: Desk) -> None:
    await send(desk, *(beat(DAY_S + each) for each in (0, 800)), *(beat(each) for each in (0, 400)))
    days = (await ask(desk, "/insights/days/all_time"))["data"]["days"]
    assert [(each["date"], each["total"]) for each in days] == [("2026-01-14", 800), ("2026-01-15", 400)]
    assert (await ask(desk, "/insights/best_day/last_year"))["data"]["best_day"]["date"] == "2026-01-14"
    assert (await ask(desk, "/insights/daily_average/last_7_days"))["data"]["daily_average"]["seconds"] == 600
    assert (await desk.client.get(f"{BASE}/insights/mood/last_year")).status_code == 400


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/summaries", "start"),
        ("/summaries?start=yesterday", "start"),
        ("/summaries?start=2026-01-02&end=2026-01-01", "end"),
        ("/summaries?start=2000-01-01&end=2099-01-01", "end"),
        ("/summaries?range=Last+Decade", "range"),
        ("/summaries?start=2026-01-01&timezone=Mars/Base", "timezone"),
        ("/summaries?start=2026-01-01&timeout=soon", "timeout"),
        ("/stats/last_decade", "range"),
        ("/stats/2025-13", "range"),
        ("/durations", "date"),
        ("/durations?date=20260115", "date"),
        ("/durations?date=2026-01-15&slice_by=mood", "slice_by"),
        ("/heartbeats?date=", "date"),
    ],
)
async def test_a_question_that_cannot_be_understood_names_the_field(desk: Desk, path: str, field: str) -> None:
    response = await desk.client.get(f"{BASE}{path}")
    assert response.status_code == 400, response.text
    assert response.json()["error"]
    assert [each["field"] for each in response.json()["errors"]] == [field]
