"""Who sent a heartbeat, told from its User-Agent. Derived only: the raw text is what is kept.

Shapes understood: the WakaTime CLI's (`wakatime/V (OS) RUNTIME PRODUCT… EDITOR-wakatime/V`, with a model and an agent
before the editor when AI was at work), a `plugin` field (the same without its head), the browser extension's, and
browsers' own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import msgspec

from devtime.wire.text import LIMITS, clean
from devtime.wire.tools import agent_name, display_name, is_known


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """What a User-Agent tells; "" where it does not. Names are display names; versions are as sent."""

    editor: str = ""
    editor_version: str = ""
    os: str = ""
    plugin: str = ""
    plugin_version: str = ""
    cli_version: str = ""
    ai_model: str = ""
    ai_harness: str = ""


class _Product(NamedTuple):
    name: str
    version: str


_HEAD = re.compile(r"wakatime/(\S*)\s*(?:\(([^)]*)\))?\s*", re.IGNORECASE)
_COMMENT = re.compile(r"\(([^()]*)\)")
_RUNTIME = re.compile(r"(?:go|python|node|deno|bun)v?\d\S*|go/\S+|python/\S+", re.IGNORECASE)
_PRODUCT = re.compile(r"\s*(?P<name>[^/]*[^/\s])/(?P<version>\S*)|\s*(?P<bare>\S[^/]*)$")
_PLUGIN = re.compile(r"(?P<host>.*)-wakatime", re.IGNORECASE)
_MODEL = re.compile(
    r"(?:claude-)?(?:opus|sonnet|haiku|fable|mythos)\b.*|claude-\d.*|(?:chat)?gpt\b.*|o\d\b.*|gemini(?!-cli)\b.*|gemma.*|grok.*"
    r"|deepseek.*|qwen(?!-code).*|kimi(?!-cli).*|llama.*|mistral.*|mixtral.*|codestral.*|devstral.*|magistral.*"
    r"|glm.*|minimax.*|composer.*|swe\b.*|command-.*|nova-(?:pro|lite|micro|premier).*|phi-?\d.*|codex-mini.*",
    re.IGNORECASE,
)
_MIDDLEWARES = frozenset({"wakatime-ls", "wakatime-cli", "wakatime"})
_DESKTOP_HOSTS = frozenset({"windows", "macos", "mac", "linux", "desktop", "browser", "web"})
_MOST_WORDS = 64
"""More than any client has; each costs time."""

_NOT_EDITORS = frozenset(
    {
        *("curl", "wget", "httpie", "insomnia", "postmanruntime", "bot", "devtime", "unknown", "unset"),
        *("python-requests", "python-httpx", "httpx", "python-urllib", "aiohttp", "java", "ruby", "php"),
        *("axios", "node", "node-fetch", "undici", "go-http-client", "okhttp", "apache-httpclient", "guzzlehttp"),
    }
)
_ENGINES = frozenset(
    {
        *("mozilla", "applewebkit", "gecko", "version", "mobile", "electron"),
        *("chrome", "chromium", "headlesschrome", "safari", "firefox"),
    }
)
_BROWSER_TOKENS = (
    ("edg", "Edge"),
    ("edga", "Edge"),
    ("opr", "Opera"),
    ("vivaldi", "Vivaldi"),
    ("firefox", "Firefox"),
    ("chromium", "Chromium"),
    ("chrome", "Chrome"),
    ("headlesschrome", "Chrome"),
    ("safari", "Safari"),
)
_SYSTEMS = (
    (re.compile(r"wsl|linux.*microsoft", re.IGNORECASE), "WSL"),
    (re.compile(r"android", re.IGNORECASE), "Android"),
    (re.compile(r"iphone|ipad|\bios\b", re.IGNORECASE), "iOS"),
    (re.compile(r"darwin|mac\s?os|macintosh|\bmac\b|mac_", re.IGNORECASE), "macOS"),
    (re.compile(r"windows|win32|win64|\bwin\b|win_|cygwin|mingw|msys", re.IGNORECASE), "Windows"),
    (re.compile(r"cros", re.IGNORECASE), "ChromeOS"),
    (re.compile(r"linux", re.IGNORECASE), "Linux"),
    (re.compile(r"freebsd", re.IGNORECASE), "FreeBSD"),
    (re.compile(r"openbsd", re.IGNORECASE), "OpenBSD"),
    (re.compile(r"netbsd", re.IGNORECASE), "NetBSD"),
)


def parse_user_agent(text: str) -> Client:
    """The client a User-Agent (or a `plugin` field) names. Never fails: what is not understood is left out."""
    return _parse(clean(text, "user_agent"))


@lru_cache(maxsize=4096)
def _parse(text: str) -> Client:
    # Handed clean text only: what is remembered here must not be as long as a sender likes.
    if text.startswith("Mozilla/") and "-wakatime/" not in text:
        return _read_browser(text)
    cli_version, system, rest = _split_head(text)
    return _name_client(
        _read_products(_COMMENT.sub(" ", rest)),
        cli_version,
        read_system(system) or read_system(" ".join(_COMMENT.findall(rest))),
    )


def read_system(text: str) -> str:
    """The operating system a text names (`linux-6.1-x86_64`, `Windows_NT 10.0`), or ""."""
    return next((name for pattern, name in _SYSTEMS if pattern.search(text)), "")


def _split_head(text: str) -> tuple[str, str, str]:
    """CLI version, system and the rest; both "" when the text does not begin as the CLI's does."""
    head = _HEAD.match(text)
    if not head:
        return "", "", text
    return head[1], head[2] or "", text[head.end() :]


def _read_products(text: str) -> list[_Product]:
    """The products in order; names may hold spaces, agents may come without a version."""
    products: list[_Product] = []
    for match in _PRODUCT.finditer(" ".join(text.split()[:_MOST_WORDS])):
        words = (match["name"] or match["bare"]).split()
        while words and (len(words) > 1 or match["bare"]) and _stands_alone(words[0]):
            products.append(_Product(words.pop(0), ""))
        if words:
            products.append(_Product(" ".join(words), match["version"] or ""))
    return products


def _stands_alone(word: str) -> bool:
    """Whether a word without a version is a product of its own rather than the begin of a longer name."""
    return bool(_RUNTIME.fullmatch(word) or agent_name(word) or _PLUGIN.fullmatch(word) or _is_system(word))


def _is_system(word: str) -> bool:
    """Browser extensions name the system as a bare word: `linux_x86-64`."""
    return "_" in word and bool(read_system(word))


def _name_client(products: list[_Product], cli_version: str, system: str) -> Client:
    plugin = next((product for product in reversed(products) if _PLUGIN.fullmatch(product.name)), _Product("", ""))
    hosts = [product for product in products if _may_be_host(product)]
    model, harness = _take_ai(hosts)
    editor = hosts[-1] if hosts else _Product(_host_of(plugin.name), "")
    if not editor.name or agent_name(editor.name) == agent_name(harness.name) != "":
        editor = harness
    return Client(
        editor=display_name(editor.name)[: LIMITS["editor"]],
        editor_version=_versioned(editor.version),
        os=system or next((read_system(name) for name, version in products if not version and _is_system(name)), ""),
        plugin=plugin.name,
        plugin_version=_versioned(plugin.version),
        cli_version=_versioned(cli_version),
        ai_model=model,
        ai_harness=display_name(harness.name) or agent_name(editor.name),
    )


def _may_be_host(product: _Product) -> bool:
    """Whether the product is where work was done: no runtime, plugin, middleware or library, no stray word."""
    name, version = product
    return not (
        name.lower() in _MIDDLEWARES
        or name.lower() in _NOT_EDITORS
        or _PLUGIN.fullmatch(name)
        or _RUNTIME.fullmatch(f"{name}/{version}" if version else name)
        or not (version or is_known(name))
    )


def _take_ai(hosts: list[_Product]) -> tuple[str, _Product]:
    """Take the model and the agent off the front; what stays are editors."""
    model, harness = "", _Product("", "")
    if len(hosts) > 1 and _is_model(hosts[0], hosts[1]):
        model = "-".join(part for part in hosts.pop(0) if part)
    if hosts and (agent_name(hosts[0].name) or (model and len(hosts) > 1)):
        harness = hosts.pop(0)
    return model, harness


def _is_model(product: _Product, following: _Product) -> bool:
    """Some models and agents share a name (Gemini): it is the model when an agent follows."""
    if not _MODEL.fullmatch("-".join(product)):
        return False
    return not agent_name(product.name) or bool(agent_name(following.name))


def _host_of(plugin: str) -> str:
    """The editor a plugin is named after; desktop apps and middlewares are hosts of others and name none."""
    match = _PLUGIN.fullmatch(plugin)
    host = match["host"] if match else ""
    return "" if host.lower() in _DESKTOP_HOSTS else host


def _read_browser(text: str) -> Client:
    """A browser, or the desktop application that is one inside."""
    tokens = {name.lower(): (name, version) for name, version in _read_products(_COMMENT.sub(" ", text))}
    system = read_system(" ".join(_COMMENT.findall(text)))
    if "electron" in tokens:
        for lowered, (name, version) in tokens.items():
            if lowered not in _ENGINES:
                return Client(editor=display_name(name)[: LIMITS["editor"]], editor_version=version, os=system)
    for token, name in _BROWSER_TOKENS:
        if token in tokens:
            return Client(editor=name, editor_version=tokens[token][1], os=system)
    return Client(os=system)


def _versioned(version: str) -> str:
    return "" if version.lower() in ("unset", "unknown", "undefined", "null") else version
