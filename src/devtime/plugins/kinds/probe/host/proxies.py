"""Which proxy a request goes through: the one of a configuration, else the ones the environment names."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

_SCHEMES = ("http://", "https://", "socks5://", "socks5h://")
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class _Proxy(msgspec.Struct, frozen=True):
    enabled: bool = False
    url: str = ""


class _Config(msgspec.Struct, frozen=True):
    proxy: _Proxy | None = None


def configured_proxy(home: Path) -> str:
    """That of `~/.openusage/config.json`; empty where there is none or it is switched off."""
    try:
        config = msgspec.json.decode((home / ".openusage" / "config.json").read_bytes(), type=_Config)
    except (OSError, msgspec.DecodeError):
        return ""
    proxy = config.proxy
    return proxy.url.strip() if proxy and proxy.enabled and proxy.url.strip().startswith(_SCHEMES) else ""


def proxy_for(url: str, configured: str, environment: Mapping[str, str]) -> str:
    """The proxy's address for a request; empty where it goes straight. Nothing on this machine goes through one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host in _LOCAL:
        return ""
    if configured:
        return configured
    if _is_excepted(host, _variable(environment, "NO_PROXY")):
        return ""
    named = _variable(environment, f"{parts.scheme.upper()}_PROXY") or _variable(environment, "ALL_PROXY")
    if not named:
        return ""
    return named if named.startswith(_SCHEMES) else f"http://{named}"


def _variable(environment: Mapping[str, str], name: str) -> str:
    # The large form of HTTP_PROXY is what a web server calls the header of a request: not believed.
    if name == "HTTP_PROXY":
        return environment.get("http_proxy", "").strip()
    return (environment.get(name.lower()) or environment.get(name) or "").strip()


def _is_excepted(host: str, exceptions: str) -> bool:
    for written in exceptions.split(","):
        one = written.strip().lower().partition(":")[0] if written.count(":") == 1 else written.strip().lower()
        if one == "*":
            return True
        bare = one.lstrip(".")
        if bare and (host == bare or (not _is_address(host) and host.endswith(f".{bare}"))):
            return True
    return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
