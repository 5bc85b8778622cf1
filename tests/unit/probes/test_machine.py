"""Paths, variables, proxies, secrets in logs, running servers: what the host makes of the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from devtime.plugins.engine import HostError
from devtime.plugins.kinds.probe.host.calls import seconds_of
from devtime.plugins.kinds.probe.host.places import Places, permission_for
from devtime.plugins.kinds.probe.host.proxies import configured_proxy, proxy_for
from devtime.plugins.kinds.probe.host.redaction import blot, redact, redact_body, redact_url
from devtime.plugins.kinds.probe.host.requests import host_of, read_request
from devtime.plugins.kinds.probe.host.servers import flag_of, is_named, rank_of
from devtime.plugins.kinds.probe.host.variables import LoginShell, read_variable
from devtime.plugins.kinds.probe.permissions import DEFAULT_VARIABLES, Permissions
from devtime.plugins.kinds.probe.surroundings import Surroundings


def places(home: Path, platform: str = "linux", **environment: str) -> Places:
    return Places(Surroundings(home, environment, home / "app", platform), home / "app" / "data")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("~", "{home}"),
        ("~/a/b", "{home}/a/b"),
        ("~/a/../b", "{home}/b"),
        ("/etc/x", "/etc/x"),
        ("~other/x", "{home}/app/data/~other/x"),
        ("$HOME/x", "{home}/app/data/$HOME/x"),
        ("state.json", "{home}/app/data/state.json"),
        ("~/Library/Application Support/My App/state.db", "{home}/.config/My App/state.db"),
    ],
)
def test_paths_are_found(tmp_path: Path, written: str, meant: str) -> None:
    assert places(tmp_path).find(written) == meant.format(home=tmp_path)


def test_a_literal_path_is_taken_where_it_exists(tmp_path: Path) -> None:
    literal = tmp_path / "Library" / "Application Support" / "X"
    literal.mkdir(parents=True)
    assert places(tmp_path).find("~/Library/Application Support/X") == str(literal)


def test_the_mac_keeps_its_paths(tmp_path: Path) -> None:
    assert (
        places(tmp_path, "darwin").find("~/Library/Application Support/X")
        == f"{tmp_path}/Library/Application Support/X"
    )


def test_windows_has_its_own(tmp_path: Path) -> None:
    found = places(tmp_path, "win32", APPDATA=f"{tmp_path}/Roaming").find("~/Library/Application Support/X")
    assert found == f"{tmp_path}/Roaming/X"


def test_a_path_holds_no_nul(tmp_path: Path) -> None:
    with pytest.raises(HostError):
        places(tmp_path).find("a\0b")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("{home}/.codex/auth.json", "{home}/.codex"),
        ("{home}/.claude.json", "{home}/.claude.json"),
        ("{home}/.config/x", "{home}/.config/x"),
        ("{home}/.config/x/y", "{home}/.config/x"),
        ("{home}/Library/Application Support/Cursor", "{home}/Library/Application Support/Cursor"),
        ("/etc/passwd", "/etc/passwd"),
        ("/opt/tool/config/x", "/opt/tool/config"),
    ],
)
def test_a_permission_is_asked_for_a_folder_of_one_program(path: str, asked: str) -> None:
    home = "/home/ann"
    assert permission_for(path.format(home=home), home) == asked.format(home=home)


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("plain", "plain"),
        ("  spaced  ", "spaced"),
        ("first\nlast", "last"),
        ("first\nlast\n\n", "last"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x00\x07b", "ab"),
        ("\x1b]0;title\x07value", "value"),
        ("banner\r\nvalue\r\n", "value"),
        ("   ", None),
        ("", None),
        ("\x1b[0m", None),
    ],
)
def test_a_variable_is_its_last_line_without_colours(value: str, clean: str | None) -> None:
    assert read_variable("X", {"X": value}, dict) == clean


def test_the_process_counts_before_the_shell() -> None:
    assert read_variable("X", {"X": "process"}, lambda: {"X": "shell"}) == "process"
    assert read_variable("X", {"X": " "}, lambda: {"X": "shell\n"}) == "shell"
    assert read_variable("X", {}, dict) is None


def test_the_login_shell_is_asked_once(tmp_path: Path) -> None:
    shell = tmp_path / "shell"
    shell.write_text(
        f'#!/bin/sh\necho once >> {tmp_path}/asked\necho banner\nX="from the shell" exec /bin/sh -c "$2"\n'
    )
    shell.chmod(0o755)
    ask = LoginShell({"SHELL": str(shell), "PATH": os.environ["PATH"]})
    assert ask()["X"] == "from the shell"
    assert "Y" not in ask()
    assert (tmp_path / "asked").read_text() == "once\n"


def test_no_shell_is_asked_by_what_a_shell_started(tmp_path: Path) -> None:
    assert LoginShell({"SHELL": "/bin/sh", "SHLVL": "1"})() == {}


def test_sixteen_variables_may_be_read_by_all() -> None:
    assert len(DEFAULT_VARIABLES) == 16
    assert all(Permissions().allows_variable(name) for name in DEFAULT_VARIABLES)
    assert not Permissions().allows_variable("OPENROUTER_API_KEY")
    assert Permissions(variables=frozenset({"OPENROUTER_API_KEY"})).allows_variable("OPENROUTER_API_KEY")


@pytest.mark.parametrize(
    ("granted", "asked", "is_allowed"),
    [
        ("/a", "/a", True),
        ("/a", "/a/b", True),
        ("/a", "/ab", False),
        ("/a/b", "/a", False),
        ("*", "/anything", True),
    ],
)
def test_folders_cover_what_is_below(granted: str, asked: str, is_allowed: bool) -> None:
    assert Permissions(folders=frozenset({granted})).allows_path(asked) is is_allowed


@pytest.mark.parametrize(
    ("granted", "asked", "is_allowed"),
    [
        ("a.example", "a.example", True),
        ("a.example", "b.a.example", False),
        ("*.example", "a.example", True),
        ("*.example", "example", False),
        ("a.example", "a.example:8443", False),
    ],
)
def test_hosts_are_exact_unless_they_say_otherwise(granted: str, asked: str, is_allowed: bool) -> None:
    assert Permissions(hosts=frozenset({granted})).allows_host(asked) is is_allowed


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.example.com/x?y", "api.example.com"),
        ("https://api.example.com:443/", "api.example.com"),
        ("http://localhost:8080/", "localhost:8080"),
        ("https://user:pw@api.example.com", "api.example.com"),
        ("http://[::1]:80/", "::1"),
    ],
)
def test_hosts_of_addresses(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://a", "file:///etc/passwd", "https://", "http://a:b/", "data:text/plain,x"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(HostError, match="invalid url"):
        host_of(url)


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "null",
        '{"url":5}',
        '{"url":"x","headers":{"a":1}}',
        '{"url":"x","headers":{"a":null}}',
        '{"url":"x","timeoutMs":1.5}',
        '{"url":"x","timeoutMs":-1}',
        '{"url":"x","timeoutMs":"5"}',
        '{"url":"x","bodyText":{}}',
        '{"url":"x","method":5}',
    ],
)
def test_a_bad_request_is_an_invalid_one(written: str) -> None:
    with pytest.raises(HostError, match=r"^invalid request: "):
        read_request(written)


@pytest.mark.parametrize(
    ("config", "proxy"),
    [
        ('{"proxy":{"enabled":true,"url":"socks5://p:1"}}', "socks5://p:1"),
        ('{"proxy":{"enabled":true,"url":"http://p:1"}}', "http://p:1"),
        ('{"proxy":{"enabled":false,"url":"http://p:1"}}', ""),
        ('{"proxy":{"enabled":true,"url":"ftp://p"}}', ""),
        ('{"proxy":{"enabled":"yes"}}', ""),
        ("{}", ""),
        ("nonsense", ""),
    ],
)
def test_the_proxy_of_openusage_is_used(tmp_path: Path, config: str, proxy: str) -> None:
    (tmp_path / ".openusage").mkdir()
    (tmp_path / ".openusage" / "config.json").write_text(config)
    assert configured_proxy(tmp_path) == proxy


@pytest.mark.parametrize(
    ("url", "configured", "environment", "proxy"),
    [
        ("https://a.example/", "http://p", {}, "http://p"),
        ("http://localhost:1/", "http://p", {}, ""),
        ("http://127.0.0.1/", "http://p", {}, ""),
        ("http://[::1]/", "http://p", {}, ""),
        ("https://a.example/", "", {"HTTPS_PROXY": "http://q"}, "http://q"),
        ("https://a.example/", "", {"https_proxy": "q:3128"}, "http://q:3128"),
        ("http://a.example/", "", {"http_proxy": "http://q"}, "http://q"),
        ("http://a.example/", "", {"HTTP_PROXY": "http://q"}, ""),
        ("https://a.example/", "", {"ALL_PROXY": "socks5://q"}, "socks5://q"),
        ("https://a.example/", "", {"HTTPS_PROXY": "http://q", "NO_PROXY": "example"}, ""),
        ("https://a.example/", "", {"HTTPS_PROXY": "http://q", "NO_PROXY": ".a.example, b"}, ""),
        ("https://a.example/", "", {"HTTPS_PROXY": "http://q", "NO_PROXY": "*"}, ""),
        ("https://a.example/", "", {"HTTPS_PROXY": "http://q", "NO_PROXY": "ample"}, "http://q"),
        ("https://a.example/", "http://p", {"NO_PROXY": "*"}, "http://p"),
        ("https://a.example/", "", {}, ""),
    ],
)
def test_proxies(url: str, configured: str, environment: dict[str, str], proxy: str) -> None:
    assert proxy_for(url, configured, environment) == proxy


@pytest.mark.parametrize(
    ("secret", "shown"), [("short", "[REDACTED]"), ("a" * 12, "[REDACTED]"), ("abcdefghijklm", "abcd...jklm")]
)
def test_secrets_keep_their_ends_only(secret: str, shown: str) -> None:
    assert blot(secret) == shown


_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        (f"token {_JWT} here", _JWT),
        ("key sk-abcdefghijklmnop", "sk-abcdefghijklmnop"),
        ("key pk-abcdefghijklmnop", "pk-abcdefghijklmnop"),
        ("key api_abcdefghijklmnop", "api_abcdefghijklmnop"),
        ("key key_abcdefghijklmnop", "key_abcdefghijklmnop"),
        ("key secret_abcdefghijklmnop", "secret_abcdefghijklmnop"),
        ("devin-session-token$abcdefghijk", "abcdefghijk"),
        ("account=ann.somebody@example.org", "ann.somebody"),
        ("read /home/ann/.codex/auth.json", "/home/ann"),
        ("read /Users/ann/x", "/Users/ann"),
        ("in /tmp/x and /var/y", "/tmp/x"),
        ('{"email":"ann@example.org"}', "ann@example.org"),
        ('{"access_token": "abcdefghijklmnop"}', "abcdefghijklmnop"),
        ('{"user_id":"user-1234567890"}', "user-1234567890"),
        ("Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop"),
        ("GET https://a.example/x?api_key=abcdefghijklmnop", "abcdefghijklmnop"),
    ],
)
def test_logs_hold_no_secrets(message: str, secret: str) -> None:
    assert secret not in redact(message)


def test_what_is_no_secret_stays() -> None:
    assert redact("used 42 of 100, HTTP 401, plan Pro") == "used 42 of 100, HTTP 401, plan Pro"


@pytest.mark.parametrize(
    "name",
    [
        "key",
        "api_key",
        "token",
        "secret",
        "password",
        "auth",
        "bearer",
        "credential",
        "user",
        "account_id",
        "profile_arn",
        "email",
        "login",
    ],
)
def test_parameters_that_tell_are_blotted(name: str) -> None:
    shown = redact_url(f"https://u:p@a.example/x?{name}=abcdefghijklmnop&n=5")
    assert "abcdefghijklmnop" not in shown
    assert "u:p" not in shown
    assert "n=5" in shown


def test_a_body_is_blotted_before_it_is_cut() -> None:
    body = "x" * 480 + '{"token":"abcdefghijklmnopqrstuvwxyz"}'
    shown = redact_body(body)
    assert len(shown.encode()) <= 500
    assert "abcdefghijklm" not in shown


@pytest.mark.parametrize(
    ("command", "name", "is_it"),
    [
        ("/opt/App/language_server_linux --x", "language_server", True),
        ("/opt/App/Language_Server", "language_server", True),
        ("/opt/node /x/language_server/index.js", "language_server", True),
        ("/usr/bin/codex --x", "codex", True),
        ("node /usr/lib/codex --x", "codex", True),
        ("node /usr/lib/codex", "codex", True),
        ("vim codex.txt", "codex", False),
        ("/usr/bin/codexes", "codex", False),
        ("", "codex", False),
        ("x", "", False),
    ],
)
def test_programs_are_known_by_their_command(command: str, name: str, is_it: bool) -> None:
    assert is_named(command, name) is is_it


@pytest.mark.parametrize(
    ("command", "markers", "rank"),
    [
        ("x", [], 0),
        ("x --ide_name windsurf", ["windsurf"], 0),
        ("x --ide_name=Windsurf", ["windsurf"], 0),
        ("x --app_data_dir antigravity", ["antigravity"], 0),
        ("x --ide_name other /windsurf/", ["windsurf"], None),
        ("/a/windsurf/x", ["windsurf"], 1),
        ("/a/windsurf-next/x", ["windsurf"], None),
    ],
)
def test_markers_rank(command: str, markers: list[str], rank: int | None) -> None:
    assert rank_of(command, markers) == rank


@pytest.mark.parametrize(
    ("command", "value"), [("x --f v", "v"), ("x --f=v", "v"), ("x --f", None), ("x --ff v", None)]
)
def test_flags_have_values(command: str, value: str | None) -> None:
    assert flag_of(command, "--f") == value


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 60),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(told: str, seconds: int | None) -> None:
    assert seconds_of(told, 60.0) == seconds
