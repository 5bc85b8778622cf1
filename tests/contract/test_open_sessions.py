"""Which sessions a page says to be going on."""

from __future__ import annotations

import pytest

from desk import NOON_MS, Desk
from devtime.activity.rebuilding import rebuild_activity
from devtime.kernel.clock import MINUTE_MS


@pytest.mark.parametrize(("timeout_minutes", "is_open"), [(15, False), (60, True)])
async def test_a_session_goes_on_until_the_user_s_own_timeout_is_over(
    desk: Desk, timeout_minutes: int, is_open: bool
) -> None:
    form = {"timezone": "UTC", "week_start": "1", "timeout_minutes": str(timeout_minutes)}
    assert (await desk.client.post("/settings/time", data=form)).status_code == 303
    async with desk.parts.database.transaction() as connection:
        await rebuild_activity(connection, desk.user.id)
    beat = {"tool": "vscode", "project": "a", "timestamp": NOON_MS - 30 * MINUTE_MS}
    await desk.client.post("/api/heartbeat", json=beat)
    day = (await desk.client.get("/overview.json")).json()
    project = (await desk.client.get("/project.json?name=a")).json()
    assert [session["is_open"] for session in (*day["sessions"], *project["sessions"])] == [is_open, is_open]
