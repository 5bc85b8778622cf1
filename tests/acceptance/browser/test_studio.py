"""The studio as an author uses it, in a real browser, against the real sandbox."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browsing import Windows, find_barriers
from database import TestServer
from devtime.plugins.kit.archive import unpack
from devtime.store.roles import connected
from instances import Instance, Resident

pytestmark = pytest.mark.slow

WRITES = """async function on_tick(ctx) {
  await ctx.redis.set('seen', 'yes');
  await ctx.db.query(
    "INSERT INTO plugin_settings (user_id, plugin, settings) VALUES ($1, 'my-hooks', '{}')", [ctx.user_id]);
  warn('wrote');
}"""


@pytest.fixture(scope="module", autouse=True)
def _awake(instance: Instance, test_server: TestServer) -> None:
    """Lets plugins into the database, and has the engine compiled by a first run."""

    async def admit() -> None:
        async with connected(test_server.superuser) as connection:
            await connection.execute("GRANT devtime_plugin TO devtime")

    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, admit()).result()
    _kept(instance, instance.settle())


def _open(windows: Windows, who: Resident, **options: int) -> Page:
    page = windows.open(who, **options)
    page.goto("/studio")
    expect(page.locator(".cm-content")).to_be_visible()
    return page


def _write(page: Page, script: str, mode: str) -> None:
    _put(page, script)
    page.locator(f"input[name=mode][value={mode}]").check(force=True)


def _put(page: Page, script: str) -> None:
    """Put another script in the place of what is there, as pasting does."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const content = document.getElementById("studio-editor").shadowRoot.querySelector(".cm-content");
          content.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        script,
    )


def _kept(instance: Instance, who: Resident) -> int:
    with instance.client(who) as client:
        body = {
            "code": "async function on_tick(ctx) { return (await ctx.db.query('SELECT 1 AS a FROM plugin_settings'))"
            ".length + ((await ctx.redis.get('seen')) ? 10 : 0); }",
            "trigger": "on_tick",
            "name": "my-hooks",
        }
        answer = client.post("/api/plugins/run", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["kind"] == "ok", answer.text
        return int(answer.json()["value"])


def test_a_dry_run_shows_all_and_keeps_nothing_until_it_is_told_to(
    windows: Windows, instance: Instance, ada: Resident
) -> None:
    page = _open(windows, ada)
    page.locator("summary", has_text="Template").click()
    page.locator("[data-template=hooks]").click()
    _write(page, WRITES, "on_tick")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#studio-status")).to_contain_text("Done")
    expect(page.locator("#studio-status")).to_contain_text("writes rolled back")
    expect(page.locator(".studio-line-warn")).to_contain_text("wrote")
    page.locator("#tab-statements").click()
    expect(page.locator(".studio-statement")).to_have_count(1)
    assert _kept(instance, ada) == 0
    page.locator("[name=is_dry]").uncheck()
    page.locator(".studio-run").click()
    expect(page.locator("#studio-status")).to_contain_text("writes kept")
    assert _kept(instance, ada) == 11


def test_mistakes_are_marked_while_they_are_written_and_lead_to_their_line(windows: Windows, ada: Resident) -> None:
    page = _open(windows, ada)
    _write(page, "const endpoints = {\n  boom: () => { throw new Error('on purpose'); },\n};\nlet x = ;", "rpc")
    expect(page.locator(".studio-problem-error")).to_contain_text("line 4")
    page.locator("#studio-rpc-handler").fill("boom")
    page.locator(".studio-run").click()
    expect(page.locator("#studio-output")).to_contain_text("SyntaxError")
    _put(page, "const endpoints = {\n  boom: () => { throw new Error('on purpose'); },\n};")
    expect(page.locator(".studio-problem")).to_have_count(0)
    page.locator(".studio-run").click()
    expect(page.locator(".studio-failure")).to_have_text("Error: on purpose")
    page.locator("#studio-output .btn", has_text="Line 2").click()
    expect(page.locator(".cm-activeLine")).to_contain_text("boom")
    page.locator("#studio-rpc-body").fill("{ nonsense")
    page.locator(".studio-run").click()
    expect(page.locator("#studio-rpc-note")).not_to_be_empty()


def test_a_widget_is_live_in_its_own_frame_and_a_hanging_one_is_stopped(windows: Windows, ada: Resident) -> None:
    page = _open(windows, ada)
    page.locator(".studio-run").click()
    frame = page.frame_locator(".studio-preview iframe")
    expect(frame.locator("body")).to_contain_text("This week")
    _write(page, "container.textContent = typeof parent.document", "widget")
    page.locator(".studio-run").click()
    expect(page.locator("#studio-output")).to_contain_text("Plugin error")
    windows.complaints.clear()


def test_hostile_code_stays_text(windows: Windows, ada: Resident) -> None:
    page = _open(windows, ada)
    nasty = "<img src=x onerror=\"document.title='gone'\"></textarea><script>document.title='gone'</script>"
    _write(
        page,
        f"async function on_tick(ctx) {{ log({json.dumps(nasty)}); throw new Error({json.dumps(nasty)}); }}",
        "on_tick",
    )
    page.locator(".studio-run").click()
    expect(page.locator(".studio-failure")).to_contain_text("onerror")
    assert page.locator("#studio-output img, #studio-output script").count() == 0
    assert "gone" not in page.title()


def test_what_was_written_is_there_again_and_travels_in_a_file(windows: Windows, ada: Resident, tmp_path: Path) -> None:
    page = _open(windows, ada)
    script = "async function on_tick(ctx) { log('mine «ä»') }"
    _write(page, script, "on_tick")
    expect(page.locator("#studio-saved")).to_have_text("Kept in this browser")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("mine «ä»")
    expect(page.locator("#studio-saved")).to_contain_text("Restored")
    with page.expect_download() as saved:
        page.locator("#studio-export").click()
    file = tmp_path / "one.ctplugin"
    saved.value.save_as(file)
    assert unpack(file.read_bytes()).script == script
    page.locator("#studio-clear").click()
    page.locator("#studio-file").set_input_files(file)
    expect(page.locator(".cm-content")).to_contain_text("mine «ä»")
    broken = tmp_path / "broken.ctplugin"
    broken.write_text("<html>")
    page.locator("#studio-file").set_input_files(broken)
    expect(page.locator("#studio-output")).to_contain_text("is not a .ctplugin file")


def test_publishing_puts_it_into_the_store_and_it_opens_again(
    windows: Windows, instance: Instance, ada: Resident
) -> None:
    page = _open(windows, ada)
    name = f"studio-{ada.id.hex[:8]}"
    _write(page, "const answer: number = 42;\nconst endpoints = { answer: () => answer };", "rpc")
    page.locator("#studio-publish").click()
    page.locator("#f-name").fill(name)
    page.locator("#f-display_name").fill("From the studio")
    page.locator("#studio-publish-go").click()
    expect(page.locator("#studio-output")).to_contain_text("Published: From the studio")
    with instance.client(ada) as client:
        own = client.get(f"/api/plugins/mine/{name}").json()
    assert own["manifest"]["plugin_type"] == "lifecycle"
    assert own["script"].startswith("const answer: number")
    page.reload()
    page.locator("summary", has_text="Open").click()
    page.locator(f"[data-open={name}]").click()
    expect(page.locator(".cm-content")).to_contain_text("answer: number")
    other = instance.settle()
    with instance.client(other) as client:
        assert client.get(f"/api/plugins/mine/{name}").status_code == 404


def test_everyone_can_use_it(windows: Windows, ada: Resident) -> None:
    page = _open(windows, ada)
    page.locator("input[name=mode][value=on_heartbeat]").check(force=True)
    page.locator(".studio-run").click()
    expect(page.locator("#studio-status")).to_contain_text(re.compile("Nothing to call|Error|Done"))
    assert find_barriers(page) == []


def test_without_the_editor_there_is_a_text_field_that_says_why(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada)
    page.route("**/static/built/editor.js*", lambda route: route.fulfill(status=404, body="not built"))
    page.goto("/studio")
    field = page.locator("textarea.studio-field")
    expect(field).to_be_visible()
    expect(page.locator(".studio-plain")).to_contain_text("did not load")
    field.fill("function on_tick() { log('plain') }")
    page.locator("input[name=mode][value=on_tick]").check(force=True)
    page.locator(".studio-run").click()
    expect(page.locator(".studio-line")).to_contain_text("plain")
    windows.complaints.clear()
