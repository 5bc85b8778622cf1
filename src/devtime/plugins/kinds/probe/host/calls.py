"""The host of one run: takes what the plugin asks, checks it against the permissions, notes it, and has it done."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime

import msgspec

from devtime.plugins.engine import HostError, LogLine
from devtime.plugins.kinds.probe.host import ciphers, databases, files, keychains, servers
from devtime.plugins.kinds.probe.host.places import Places
from devtime.plugins.kinds.probe.host.redaction import redact_body, redact_url
from devtime.plugins.kinds.probe.host.requests import Answered, Requests, host_of, read_request
from devtime.plugins.kinds.probe.host.threads import in_thread
from devtime.plugins.kinds.probe.host.variables import read_variable
from devtime.plugins.kinds.probe.manifest import ProbePlugin
from devtime.plugins.kinds.probe.permissions import Permissions
from devtime.plugins.kinds.probe.surroundings import KeychainError, Surroundings
from devtime.plugins.kinds.probe.touches import Act, Touches

_LEAST_PATIENCE_S = 300
_MOST_PATIENCE_S = 24 * 3_600
_MOST_WRITTEN_BYTES = 64 << 20
_DAY = re.compile(r"(\d{4})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])")
_PROVIDERS = ("claude", "codex")


class _UsageQuery(msgspec.Struct, frozen=True, rename="camel"):
    provider: str | None = None
    since: str | None = None
    until: str | None = None
    home_path: str | None = None
    claude_path: str | None = None


class ProbeHost:
    """Answers the calls of one run. `retry_after_s` is how long a server asked to be left alone."""

    def __init__(self, plugin: ProbePlugin, surroundings: Surroundings, permissions: Permissions) -> None:
        self._plugin = plugin
        self._surroundings = surroundings
        self._permissions = permissions
        self._data = surroundings.data_folder(plugin.id)
        self._places = Places(surroundings, self._data)
        self._requests = Requests(surroundings)
        self._read: set[str] = set()
        self._opened: set[str] = set()
        self._written_bytes = 0
        self.touches = Touches()
        self.notes: list[LogLine] = []
        self.retry_after_s = 0

    async def prepare(self) -> None:
        """Make the plugin's own folder."""
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def close(self) -> None:
        """Hang up."""
        await self._requests.close()

    async def call(self, name: str, args_json: str) -> str:
        """The answer as JSON."""
        count, answer = _CALLS[name]
        try:
            arguments = msgspec.json.decode(args_json, type=list[str | float | None])
        except msgspec.DecodeError:
            raise HostError("invalid", "arguments must be strings") from None
        if len(arguments) != count:
            raise HostError("invalid", f"{name} takes {count} arguments")
        return msgspec.json.encode(await answer(self, *arguments)).decode()

    # --- Files ------------------------------------------------------------------------------------------------------

    async def exists(self, path: str) -> bool:
        """Whether something is there; what may not be looked at is not."""
        try:
            full = self._readable("look", path)
        except HostError:
            return False
        return await in_thread(files.exists, full)

    async def read_text(self, path: str) -> str:
        """A file's text."""
        full = self._readable("read", path)
        text = await in_thread(files.read_text, full)
        self._read.add(full)
        return text

    async def write_text(self, path: str, text: str) -> None:
        """Replace or make a file."""
        full = self._writable(path)
        self._written_bytes += len(text.encode())
        if self._written_bytes > _MOST_WRITTEN_BYTES:
            raise HostError("too_large", f"more than {_MOST_WRITTEN_BYTES} bytes written in one run")
        await in_thread(files.write_text, full, text)

    async def list_folder(self, path: str) -> list[str]:
        """The names in a folder."""
        return await in_thread(files.list_folder, self._readable("list", path))

    def _readable(self, act: Act, path: str) -> str:
        full = self._places.find(path)
        is_granted = self._places.is_own(full) or self._places.is_granted(full, self._permissions.allows_path)
        self._note(act, full, is_refused=not is_granted)
        if not is_granted:
            raise _refused(f"reading {self._places.shown(full)}")
        return full

    def _writable(self, path: str) -> str:
        full = self._places.find(path)
        is_granted = (
            self._places.is_own(full)
            or full in self._read
            or self._places.is_granted(full, self._permissions.allows_write)
        )
        self._note("write", full, is_refused=not is_granted)
        if not is_granted:
            raise _refused(f"writing {self._places.shown(full)}, which it has not read,")
        return full

    def _note(self, act: Act, path: str, *, is_refused: bool) -> None:
        if not self._places.is_own(path):
            self.touches.note(act, path, is_refused=is_refused)

    # --- Databases --------------------------------------------------------------------------------------------------

    async def query(self, path: str, sql: str) -> str:
        """Rows as JSON text."""
        databases.check(sql)
        full = self._readable("read", path)
        rows = await in_thread(databases.query, full, sql)
        self._read.add(full)
        return rows

    async def execute(self, path: str, sql: str) -> None:
        """Write into a database."""
        databases.check(sql)
        await in_thread(databases.execute, self._writable(path), sql)

    # --- Variables --------------------------------------------------------------------------------------------------

    async def variable(self, name: str) -> str | None:
        """A variable's value; None for one that is not there or not to be read."""
        is_granted = self._permissions.allows_variable(name)
        self.touches.note("variable", name, is_refused=not is_granted)
        if not is_granted:
            return None
        surroundings = self._surroundings
        return await in_thread(read_variable, name, surroundings.environment, surroundings.shell_variables)

    # --- The network ------------------------------------------------------------------------------------------------

    async def request(self, written: str) -> str:
        """An answer as JSON text."""
        asked = read_request(written)
        host = host_of(asked.url)
        is_granted = self._permissions.allows_host(host)
        self.touches.note("request", host, is_refused=not is_granted)
        if not is_granted:
            raise _refused(f"asking {host}")
        method, shown = asked.method or "GET", redact_url(asked.url)
        try:
            answered = await self._requests.send(asked)
        except HostError as error:
            self.notes.append(LogLine("debug", f"{method} {shown}: {error.message}"))
            raise
        self.notes.append(LogLine("debug", f"{method} {shown}: {answered.status} {_tell_body(answered)}".rstrip()))
        if answered.status in (429, 503):
            self._heed(answered)
        return msgspec.json.encode(answered).decode()

    def _heed(self, answered: Answered) -> None:
        told = answered.headers.get("retry-after", "").strip()
        if not told and answered.status != 429:
            return
        wait_s = seconds_of(told, self._surroundings.now_ns() / 1e9)
        patience = _LEAST_PATIENCE_S if wait_s is None else min(max(1, wait_s), _MOST_PATIENCE_S)
        self.retry_after_s = max(self.retry_after_s, patience)

    # --- Secrets ----------------------------------------------------------------------------------------------------

    async def read_secret(self, service: str, account: str | None) -> str:
        """The secret of a service."""
        self._check_keychain(service)
        secret = await self._keychain(lambda: keychains.keychain_of(self._surroundings).read(service, account))
        self._opened.add(service)
        return secret

    async def read_own_secret(self, service: str) -> str:
        """The same, under the name of the person."""
        self._check_keychain(service)
        keychain, environment = keychains.keychain_of(self._surroundings), self._surroundings.environment
        secret = await self._keychain(lambda: keychain.read(service, keychains.current_user(environment)))
        self._opened.add(service)
        return secret

    async def write_secret(self, service: str, secret: str) -> None:
        """Replace a secret that was read."""
        self._check_opened(service)
        await self._keychain(lambda: keychains.keychain_of(self._surroundings).write(service, None, secret) or "")

    async def write_own_secret(self, service: str, secret: str) -> None:
        """The same, under the name of the person."""
        self._check_opened(service)
        keychain, environment = keychains.keychain_of(self._surroundings), self._surroundings.environment
        await self._keychain(lambda: keychain.write(service, keychains.current_user(environment), secret) or "")

    def _check_keychain(self, service: str) -> None:
        is_granted = self._permissions.allows_keychain(service)
        self.touches.note("keychain", service, is_refused=not is_granted)
        if not is_granted:
            raise _refused(f"the keychain item {service!r}")

    def _check_opened(self, service: str) -> None:
        self._check_keychain(service)
        if service not in self._opened:
            raise _refused(f"writing the keychain item {service!r}, which it has not read,")

    async def _keychain(self, work: Callable[[], str]) -> str:
        try:
            return await in_thread(work)
        except KeychainError as error:
            raise HostError("keychain", str(error)) from None

    # --- The rest ---------------------------------------------------------------------------------------------------

    async def decrypt(self, envelope: str, key: str) -> str:
        """Open an envelope."""
        return ciphers.decrypt(envelope, key)

    async def encrypt(self, text: str, key: str) -> str:
        """Close one."""
        return ciphers.encrypt(text, key)

    async def sha256(self, text: str) -> str:
        """A digest."""
        return ciphers.sha256(text)

    async def discover(self, written: str) -> str:
        """A running language server as JSON text; `null` where there is none."""
        wanted = servers.read_wanted(written)
        is_granted = self._permissions.allows_process(wanted.process_name)
        self.touches.note("process", wanted.process_name, is_refused=not is_granted)
        if not is_granted:
            return "null"
        return msgspec.json.encode(await in_thread(servers.discover, wanted)).decode()

    async def usage(self, written: str) -> str:
        """Days of tokens as JSON text, in ccusage's envelope; never an error."""
        failed = '{"status":"runner_failed"}'
        try:
            query = msgspec.json.decode(written, type=_UsageQuery)
        except msgspec.DecodeError:
            return failed
        provider = query.provider or (self._plugin.id if self._plugin.id in _PROVIDERS else "claude")
        days = [None if day is None else _iso_day(day) for day in (query.since, query.until)]
        if provider not in _PROVIDERS or "" in days:
            return failed
        home = query.home_path or (query.claude_path if provider == "claude" else None)
        try:
            full = None if not home else self._readable("read", home)
            self.touches.note("usage", provider)
            answer = await in_thread(self._surroundings.usage, provider, days[0], days[1], full)
            return msgspec.json.encode(answer).decode()
        except Exception as error:  # never throws, whatever the ledger says
            self.notes.append(LogLine("warn", f"ccusage.query: {error}"))
            return failed

    async def zone_offset(self, unix_ms: float) -> int:
        """Minutes the person's clocks are ahead of UTC at an instant."""
        try:
            offset = datetime.fromtimestamp(unix_ms / 1_000).astimezone().utcoffset()
        except (ValueError, OverflowError, OSError):
            return 0
        return 0 if offset is None else int(offset.total_seconds() // 60)


def _iso_day(text: str) -> str:
    found = _DAY.fullmatch(text.strip())
    return f"{found[1]}-{found[2]}-{found[3]}" if found else ""


def seconds_of(retry_after: str, now_s: float) -> int | None:
    """The seconds a `Retry-After` asks for, as a number or a date; None for what is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:9])
    try:
        return max(0, round(parsedate_to_datetime(retry_after).timestamp() - now_s))
    except (ValueError, TypeError, OverflowError):
        return None


def _tell_body(answered: Answered) -> str:
    return "" if 200 <= answered.status < 300 else redact_body(answered.body_text)


def _refused(what: str) -> HostError:
    return HostError("not_granted", f"{what} is not granted to this plugin")


_CALLS: dict[str, tuple[int, Callable[..., Awaitable[object]]]] = {
    "fs.exists": (1, ProbeHost.exists),
    "fs.readText": (1, ProbeHost.read_text),
    "fs.writeText": (2, ProbeHost.write_text),
    "fs.listDir": (1, ProbeHost.list_folder),
    "env.get": (1, ProbeHost.variable),
    "http.request": (1, ProbeHost.request),
    "keychain.read": (2, ProbeHost.read_secret),
    "keychain.readOwn": (1, ProbeHost.read_own_secret),
    "keychain.write": (2, ProbeHost.write_secret),
    "keychain.writeOwn": (2, ProbeHost.write_own_secret),
    "sqlite.query": (2, ProbeHost.query),
    "sqlite.exec": (2, ProbeHost.execute),
    "crypto.decrypt": (2, ProbeHost.decrypt),
    "crypto.encrypt": (2, ProbeHost.encrypt),
    "crypto.sha256": (1, ProbeHost.sha256),
    "ls.discover": (1, ProbeHost.discover),
    "ccusage.query": (1, ProbeHost.usage),
    "zone.offset": (1, ProbeHost.zone_offset),
}

CAPABILITIES = frozenset(_CALLS)
