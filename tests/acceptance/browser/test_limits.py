"""The pages of AI limits in a real browser."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import expect

from browsing import Windows, find_barriers
from instances import Instance, Resident

PLAN = "/limits/plan?id="


def tell(instance: Instance, resident: Resident, used: float, minutes_ago: float = 0, **fields: Any) -> str:
    """A machine tells its limits; the id of the plan."""
    at_ms = int(time.time() * 1_000 - minutes_ago * 60_000)
    line = {
        "type": "progress",
        "label": "Requests",
        "used": used,
        "limit": 300,
        "format": {"kind": "count", "suffix": "requests"},
    }
    text = {"type": "text", "label": "Account", "value": "ada@example.org"}
    snapshot = {
        "plugin": "mock",
        "display_name": "Mock",
        "at_ms": at_ms,
        "lines": [line, text],
        "overview": ["Requests"],
    }
    with instance.client(resident) as client:
        body = {"machine": "desk", "snapshots": [snapshot | {"overview": ["Requests"]} | fields]}
        assert client.post("/api/limits", json=body).json()["rejected"] == []
        return str(client.get("/api/limits").json()["sources"][0]["id"])


def test_limits_appear_follow_and_can_be_forgotten(windows: Windows, instance: Instance, ada: Resident) -> None:
    page = windows.open(ada)
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Limits", exact=True)).to_be_visible()
    expect(page.get_by_text("devtime probe", exact=True)).to_be_visible()
    page.evaluate("window.wasNotReloaded = true")
    tell(instance, ada, 100, 30)
    expect(page.get_by_role("img", name="Requests: 100 of 300 requests")).to_be_visible()
    tell(instance, ada, 240)
    expect(page.get_by_role("img", name="Requests: 240 of 300 requests")).to_be_visible()
    expect(page.get_by_role("region", name="1 alert")).to_contain_text("Three quarters are used")
    assert page.evaluate("window.wasNotReloaded")
    expect(page.get_by_text("ada@example.org")).to_have_count(0)
    page.get_by_role("link", name="All details").click()
    expect(page.get_by_text("ada@example.org")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("region", name="AI limits")).to_contain_text("240 of 300 requests")
    page.goto("/limits")
    page.get_by_role("link", name="Mock", exact=True).click()
    page.get_by_text("Show as table").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("240 requests")
    page.get_by_role("button", name="Forget this plan").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("The plan is forgotten.")).to_be_visible()
    expect(page.get_by_text("No machine tells its limits yet")).to_be_visible()


def test_the_pages_of_limits_are_accessible_with_and_without_trouble(
    windows: Windows, instance: Instance, ada: Resident
) -> None:
    page = windows.open(ada)
    page.goto("/limits")
    assert find_barriers(page) == []
    tell(instance, ada, 10, 200)
    plan = tell(instance, ada, 290, 190)
    tell(instance, ada, 0, error="The login has ended. Run `mock` and log in.", lines=[])
    for path in ("/limits", "/limits?scope=detail", f"{PLAN}{plan}&days=1", f"{PLAN}{plan}", "/"):
        page.goto(path)
        if path != "/":
            expect(page.get_by_text("Run `mock` and log in.")).to_be_visible()
        assert find_barriers(page) == [], path


def test_a_plan_nobody_tells_is_not_found(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada)
    for number in ("5", "x", "9" * 30):
        response = page.goto(f"{PLAN}{number}")
        assert response is not None
        assert response.status == 404
    page.close()
