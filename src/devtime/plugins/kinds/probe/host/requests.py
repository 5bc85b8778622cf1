"""`host.http`: one request and its answer, whole. No redirects, no cookies, nothing added but `Accept: */*`."""

from __future__ import annotations

import asyncio
import base64
import codecs
import re
import ssl
from email.message import Message
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from devtime.plugins.engine import HostError
from devtime.plugins.kinds.probe.host.proxies import configured_proxy, proxy_for
from devtime.plugins.kinds.probe.surroundings import Surroundings

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 5 << 20
_DEFAULT_MS = 10_000
_LONGEST_MS = 30_000
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class Asked(msgspec.Struct, frozen=True, rename="camel"):
    """What a plugin hands to `request`; an amount of time is a whole number from 0."""

    url: str
    method: str | None = None
    headers: dict[str, str] | None = None
    body_text: str | None = None
    timeout_ms: int | None = None
    dangerously_ignore_tls: bool | None = None


class Answered(msgspec.Struct, frozen=True, rename="camel"):
    """What it gets: names of headers in small letters, of several the last."""

    status: int
    headers: dict[str, str]
    body_text: str


def read_request(written: str) -> Asked:
    """The request of a plugin; HostError `invalid request: …` for what is none."""
    try:
        asked = msgspec.json.decode(written, type=Asked)
    except msgspec.DecodeError as error:
        raise _invalid(str(error)) from None
    if asked.timeout_ms is not None and asked.timeout_ms < 0:
        raise _invalid("timeoutMs must not be negative")
    return asked


def host_of(url: str) -> str:
    """The host of an address as permissions name it: with its port where that is not the usual one."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise HostError("http", "invalid url") from None
    if parts.scheme not in ("http", "https") or not host:
        raise HostError("http", "invalid url: must be http:// or https://")
    return host if port in (None, {"http": 80, "https": 443}[parts.scheme]) else f"{host}:{port}"


class Requests:
    """The connections of one run, closed at its end."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._proxy: str | None = surroundings.proxy or None
        self._transports: dict[tuple[str, bool], httpx.AsyncHTTPTransport] = {}

    async def send(self, asked: Asked) -> Answered:
        """Ask; any status is an answer. HostError says what went wrong on the way."""
        import httpx

        request = self._request(asked)
        limit_s = min(_DEFAULT_MS if asked.timeout_ms is None else asked.timeout_ms, _LONGEST_MS) / 1_000
        transport = self._transport(str(request.url), is_careless=asked.dangerously_ignore_tls is True)
        try:
            async with asyncio.timeout(limit_s):
                response = await transport.handle_async_request(request)
                try:
                    return await _whole(response)
                finally:
                    await response.aclose()
        except TimeoutError:
            raise HostError("http", "http request failed: operation timed out") from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError) as error:
            raise HostError("http", f"http request failed: {_words(error)}") from None

    async def close(self) -> None:
        """Hang up."""
        for transport in self._transports.values():
            await transport.aclose()

    def _request(self, asked: Asked) -> httpx.Request:
        import httpx

        method = asked.method or "GET"
        if not _TOKEN.fullmatch(method):
            raise HostError("http", "invalid http method")
        headers = {"accept": "*/*"}
        for name, value in (asked.headers or {}).items():
            if not _TOKEN.fullmatch(name):
                raise HostError("http", f"invalid header name {name[:60]!r}")
            if not _VALUE.fullmatch(value):
                raise HostError("http", f"invalid value of header {name[:60]!r}")
            headers[name.lower()] = value.strip(" \t")
        url = _rewritten(asked.url, self._surroundings)
        parts = urlsplit(url)
        if parts.username is not None and "authorization" not in headers:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        url = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
        body = asked.body_text.encode() if asked.body_text else None
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        try:
            return httpx.Request(method, url, headers=encoded, content=body, extensions={"timeout": {}})
        except (httpx.InvalidURL, ValueError) as error:
            raise HostError("http", f"invalid url: {error}") from None

    def _transport(self, url: str, *, is_careless: bool) -> httpx.AsyncHTTPTransport:
        import httpx

        if self._proxy is None:
            self._proxy = configured_proxy(self._surroundings.home)
        proxy = proxy_for(url, self._proxy, self._surroundings.environment)
        key = (proxy, is_careless)
        if key not in self._transports:
            try:
                self._transports[key] = httpx.AsyncHTTPTransport(
                    verify=trust(is_careless=is_careless), trust_env=False, proxy=httpx.Proxy(proxy) if proxy else None
                )
            except (httpx.InvalidURL, ValueError) as error:
                raise HostError("http", f"the proxy cannot be used: {error}") from None
        return self._transports[key]


@lru_cache(maxsize=2)
def trust(*, is_careless: bool) -> ssl.SSLContext:
    """Whom to believe: the authorities of the system and those Mozilla lists; or anyone."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if is_careless:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _rewritten(url: str, surroundings: Surroundings) -> str:
    """The address, at another origin where a test says so."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{host_of(url)}"
    other = surroundings.rewrites.get(origin)
    if other is None:
        return url
    return other.rstrip("/") + urlunsplit(("", "", parts.path or "/", parts.query, ""))


async def _whole(response: httpx.Response) -> Answered:
    headers: dict[str, str] = {}
    for name, value in response.headers.raw:
        try:
            headers[name.decode("ascii").lower()] = value.decode("ascii")
        except UnicodeDecodeError:
            shown = name.decode("ascii", "replace")
            raise HostError("http", f"response header {shown} is not ASCII") from None
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise HostError("http", f"http response is larger than {MOST_BYTES} bytes")
    return Answered(response.status_code, headers, _decoded(bytes(body), headers.get("content-type", "")))


def _decoded(body: bytes, content_type: str) -> str:
    """By the charset the answer names, else UTF-8; what cannot be read is replaced."""
    message = Message()
    message["content-type"] = content_type
    charset = message.get_content_charset("utf-8")
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if charset in ("iso-8859-1", "latin-1", "us-ascii", "ascii"):
        charset = "cp1252"  # as browsers, and OpenUsage, read them
    try:
        return body.decode(charset, "replace")
    except (LookupError, ValueError):  # unknown, or no encoding of text
        return body.decode("utf-8", "replace")


def _words(error: BaseException) -> str:
    text = str(error).strip()
    return text[:300] if text else type(error).__name__


def _invalid(why: str) -> HostError:
    return HostError("http", f"invalid request: {why}")
