"""The AI pages on a running server: numbers that agree and lead to their events, live, by keyboard, for everybody."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browsing import WIDTHS, Windows, find_barriers
from instances import Instance, Resident, afternoon_zone

SCRIPT = "<script>window.owned = 1</script>"
NAMES = (
    SCRIPT, "\"'><img src=x onerror=window.owned=1>", "פרויקט \u202eסודי\u202c מאוד", "w" * 10_000,
    "{{ 7 * 7 }} ${7 * 7} {% raw %}", "javascript:window.owned=1", "a&model=b#c?d/e;f", "🏴 \u200e\t zero\u200bwidth",
)  # fmt: skip
MINUTE_MS = 60_000
MODELS = ("claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929", "house-model-7b")
PATHS = ("/ai", "/ai/events?range=7d", "/ai/sessions", "/ai/blocks", "/ai?beside=branch&stack=project&mode=calculate")


def make_event(number: int, at_ms: int, **fields: Any) -> dict[str, Any]:
    """A response of half a dollar's worth, give or take."""
    return {
        "key": str(number),
        "agent": "claude",
        "model": MODELS[number % 2],
        "time_ms": at_ms,
        "session": f"session-{number // 10}",
        "project": ("harbor-api", "lanternfish")[number // 10 % 2],
        "branch": ("main", "feature/tides")[number // 5 % 2],
        "input_tokens": 400 + number,
        "output_tokens": 900 + 7 * number,
        "cache_read_tokens": 60_000 + 311 * number,
        "cache_write_tokens": 2_000,
        **fields,
    }


def send_usage(instance: Instance, resident: Resident, events: list[dict[str, Any]]) -> None:
    """As a collector sends it."""
    with instance.client(resident) as client:
        answer = client.post("/api/usage/events", json={"machine": "laptop", "events": events})
        assert answer.status_code == 200, answer.text
        assert not answer.json()["rejected"], answer.text


@pytest.fixture(scope="module")
def spender(instance: Instance) -> Resident:
    """Someone whose agents worked for some days, one of them with a model nobody knows the price of."""
    resident = instance.settle(zone=afternoon_zone())
    now_ms = int(time.time() * 1_000)
    events = [make_event(number, now_ms - number * 47 * MINUTE_MS) for number in range(120)]
    events[3] |= {"model": MODELS[2]}
    events[4] |= {"cost_nusd": 1_234_567_890}
    events[5] |= {"agent": "codex", "model": "gpt-5.1-codex", "is_sidechain": True}
    send_usage(instance, resident, events)
    beats = [
        {"tool": tool, "timestamp": now_ms - number * 4 * MINUTE_MS, "activity_type": "coding", "project": "harbor-api"}
        for number in range(60)
        for tool in ("vscode", "claude-code")
    ]
    instance.send(resident, beats)
    return resident


@pytest.fixture(scope="module")
def trickster(instance: Instance) -> Resident:
    """Someone whose every name is hostile."""
    resident = instance.settle(zone=afternoon_zone())
    now_ms = int(time.time() * 1_000)
    names = ("agent", "model", "session", "project", "branch", "folder", "provider", "tier", "region")
    events = [
        make_event(number, now_ms - (number + 1) * MINUTE_MS, **dict.fromkeys(names, name))
        for number, name in enumerate(NAMES)
    ]
    send_usage(instance, resident, events)
    return resident


@pytest.mark.parametrize("path", PATHS)
def test_a_page_full_of_usage_is_accessible(windows: Windows, spender: Resident, path: str) -> None:
    page = windows.open(spender)
    page.goto(path)
    expect(page.locator("main table").first).to_be_attached()
    assert find_barriers(page) == []


@pytest.mark.parametrize("path", [*PATHS, "/ai?project=nothing-of-it"])
def test_a_newcomers_page_says_what_to_do(windows: Windows, ada: Resident, path: str) -> None:
    page = windows.open(ada)
    page.goto(path)
    expect(page.get_by_text("devtime collect")).to_be_visible()
    assert find_barriers(page) == []
    page.get_by_role("link", name="Connect a machine").click()
    page.wait_for_url("**/connect")


def test_a_sessions_page_is_accessible_and_adds_up(windows: Windows, spender: Resident) -> None:
    page = windows.open(spender)
    page.goto("/ai/sessions?sort=cost")
    page.locator(".ai-table tbody th a").first.click()
    expect(page.get_by_role("heading", name="How the cost comes about")).to_be_visible()
    view = page.request.get(page.url.replace("/ai/session?", "/ai/session.json?")).json()
    assert abs(sum(term["cost_usd"] for term in view["terms"]) - view["cost_usd"]) < 1e-9
    assert sum(each["events"] for each in view["slices"]) == view["tokens"]["events"]
    assert find_barriers(page) == []


def test_the_page_tells_what_the_api_tells(windows: Windows, instance: Instance, spender: Resident) -> None:
    page = windows.open(spender)
    view = page.request.get("/ai.json?range=30d").json()
    with instance.client(spender) as client:
        told = client.get("/api/usage", params={"range": "30d", "group": "model"}).json()
    assert view["cost_usd"] == pytest.approx(told["totals"]["cost_usd"], abs=1e-9)
    assert view["tokens"]["events"] == told["totals"]["events"] == 120
    assert [each["model"] for each in view["unpriced"]] == told["unpriced_models"] == [MODELS[2]]
    for breakdown in view["breakdowns"]:
        items = breakdown["items"]
        assert sum(item["cost_usd"] for item in items) + breakdown["rest_usd"] == pytest.approx(view["cost_usd"])
        assert sum(item["tokens"] for item in items) + breakdown["rest_tokens"] == breakdown["total_tokens"]
    drawn = sum(part["amount"] for bar in view["spend"]["bars"] for part in bar["parts"])
    assert drawn / 1e9 == pytest.approx(view["cost_usd"], abs=1e-6)


@pytest.mark.parametrize("mode", ["auto", "calculate", "display"])
def test_every_number_leads_to_events_that_add_up_to_it(windows: Windows, spender: Resident, mode: str) -> None:
    page = windows.open(spender)
    view = page.request.get(f"/ai.json?range=30d&mode={mode}").json()
    clicked = [(item["href"], item["cost_usd"]) for part in view["breakdowns"] for item in part["items"][:3]]
    clicked += [(row["cost_href"], row["cost_usd"]) for row in view["beside"]["rows"]]
    clicked += [(row["events_href"], row["cost_usd"]) for row in view["sessions"][:3]]
    clicked += [(row["href"], row["cost_usd"]) for row in view["blocks"] if row["href"]]
    for href, cost_usd in clicked:
        events = page.request.get(href.replace("/ai/events", "/ai/events.json", 1)).json()
        assert events["cost_usd"] == pytest.approx(cost_usd, abs=1e-12), href
        assert sum(term["cost_usd"] for term in events["terms"]) == pytest.approx(cost_usd, abs=1e-9), href
        assert events["mode"] == mode
        for row in events["rows"]:
            if row["cost_usd"] is not None and not row["is_logged"] and mode != "display":
                assert sum(term["cost_usd"] for term in row["terms"]) == pytest.approx(row["cost_usd"], abs=1e-12)


def test_pages_of_events_hold_each_once(windows: Windows, spender: Resident) -> None:
    page = windows.open(spender)
    found: list[int] = []
    path: str | None = "/ai/events?range=30d"
    while path:
        view = page.request.get(path.replace("/ai/events?", "/ai/events.json?")).json()
        found += [row["time_ms"] for row in view["rows"]]
        path = view["pager"]["next_href"]
    assert len(found) == len(set(found)) == 120
    assert found == sorted(found, reverse=True)


def test_a_name_narrows_the_page_and_a_chip_widens_it_again(windows: Windows, spender: Resident) -> None:
    page = windows.open(spender)
    page.goto("/ai")
    page.locator("section[aria-labelledby=by-agent]").get_by_role("link", name="Codex", exact=True).click()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator("section[aria-labelledby=by-model] tbody tr")).to_have_count(1)
    page.locator(".chip").click()
    expect(page.locator("section[aria-labelledby=by-agent] tbody tr")).to_have_count(2)


def test_costs_told_by_logs_are_set_apart(windows: Windows, spender: Resident) -> None:
    page = windows.open(spender)
    page.goto("/ai")
    expect(page.get_by_text("$1.23 of the cost is what logs told")).to_be_visible()
    page.get_by_label("How costs are told").get_by_role("link", name="As logged").click()
    expect(page.locator(".hero-value")).to_have_text("$1.23")
    page.locator(".hero-value a").click()
    expect(page.get_by_text("its log tells the cost").first).to_be_attached()


def test_a_model_without_a_price_is_named_with_what_to_do(windows: Windows, spender: Resident) -> None:
    page = windows.open(spender)
    page.goto("/ai")
    notice = page.locator("section[aria-labelledby=unpriced]")
    expect(notice.get_by_role("link", name=MODELS[2])).to_be_visible()
    notice.get_by_text("How to set a price").click()
    expect(notice.get_by_text(f'[prices."{MODELS[2]}"]')).to_be_visible()


def test_usage_appears_on_the_open_page_without_a_reload(windows: Windows, instance: Instance, ada: Resident) -> None:
    page = windows.open(ada)
    page.goto("/ai")
    expect(page.get_by_text("No AI usage has arrived yet")).to_be_visible()
    page.evaluate("window.wasNotReloaded = true")
    send_usage(instance, ada, [make_event(1, int(time.time() * 1_000), cost_nusd=5_000_000_000)])
    expect(page.locator(".hero-value")).to_have_text("$5.00")
    assert page.evaluate("window.wasNotReloaded")
    page.goto("/")
    expect(page.get_by_label("AI usage of the day")).to_contain_text("$5.00")


def test_letters_lead_to_the_page_and_arrows_to_the_range_before(windows: Windows, spender: Resident) -> None:
    page = windows.open(spender)
    page.goto("/")
    page.keyboard.type("ga")
    page.wait_for_url("**/ai")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/ai?range=custom**")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/ai?range=custom**")
    expect(page.locator(".page-sub").first).to_contain_text("–")


def check(page: Page) -> None:
    """Nothing ran, nothing sticks out."""
    assert page.evaluate("window.owned") is None
    assert page.locator("main img, main script, main svg[onload]").count() == 0
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess == 0, f"{excess} px wider than {width}"


@pytest.mark.parametrize("path", [*PATHS, "/", "/ai?model=%3Cscript%3Ewindow.owned=1%3C/script%3E"])
def test_no_page_runs_or_is_torn_by_a_name(windows: Windows, trickster: Resident, path: str) -> None:
    page = windows.open(trickster)
    page.goto(path)
    check(page)


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_hostile_session_has_a_page_of_its_own(windows: Windows, trickster: Resident, number: int) -> None:
    page = windows.open(trickster)
    page.goto("/ai/sessions")
    page.locator(".ai-table tbody th a").nth(number).click()
    expect(page.get_by_label("Summary of the session")).to_be_visible()
    check(page)


@pytest.mark.parametrize(
    "path",
    [
        "/ai?range=nothing", "/ai?start=yesterday", "/ai/events?start=1", "/ai/events?page=0", "/ai/sessions?page=x",
        "/ai/session", "/ai/session?agent=claude&session=nothing-of-it", "/ai?start=2020-01-02&end=2020-01-01",
    ],
)  # fmt: skip
def test_an_address_that_means_nothing_gets_a_page_that_says_so(windows: Windows, spender: Resident, path: str) -> None:
    page = windows.open(spender)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status in (400, 404)
    expect(page.locator("main h1")).to_be_visible()


def test_downloads_have_every_row(windows: Windows, spender: Resident) -> None:
    page = windows.open(spender)
    view = page.request.get("/ai.json?range=30d").json()
    rows = page.request.get("/ai/events.csv?range=30d").text().strip().splitlines()
    assert len(rows) == 121
    assert len(page.request.get("/ai/sessions.csv?range=30d").text().strip().splitlines()) == view["session_count"] + 1
    heads, *days = [line.split(",") for line in page.request.get("/ai.csv?range=30d").text().strip().splitlines()]
    cost = heads.index("cost_usd")
    assert sum(float(row[cost]) for row in days) == pytest.approx(view["cost_usd"], abs=1e-9)
