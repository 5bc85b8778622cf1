"""Settings: by flag, then environment, then `config.toml`, then default. One table tells them all.

Reading the file is the caller's; this module only merges and checks what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from devtime.kernel.errors import Invalid


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a DevTime process needs to know. Rates are per key and minute; 0 switches a limit off."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8765
    workers: int = 1
    database_url: str = ""
    redis_url: str = ""
    public_url: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    trust_proxy: bool = False
    single_per_minute: int = 100
    bulk_per_minute: int = 300
    rpc_per_minute: int = 600
    backups: int = 7
    collect: bool = True
    pg_bin: str = ""
    log: str = "info"

    @property
    def is_tls(self) -> bool:
        """Whether the server speaks TLS itself."""
        return bool(self.tls_cert)

    @property
    def address(self) -> str:
        """Where people reach the server: the public URL, or what host and port make of it."""
        if self.public_url:
            return self.public_url.rstrip("/")
        return self._at("localhost", "localhost")

    @property
    def local_address(self) -> str:
        """Where this machine reaches the server, whatever people type."""
        return self._at("127.0.0.1", "::1")

    def _at(self, every_ipv4: str, every_ipv6: str) -> str:
        host = {"0.0.0.0": every_ipv4, "::": every_ipv6}.get(self.host, self.host)  # noqa: S104 - compared only
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.is_tls else 'http'}://{host}:{self.port}"


class Setting(msgspec.Struct, frozen=True):
    """One row of the table: field of Settings, environment variable, place in `config.toml`, and what it does."""

    field: str
    variable: str
    key: str
    read: Callable[[Any], Any]
    meaning: str


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not str(value).lstrip("-").isdigit():
        raise ValueError("is not a whole number")
    return int(value)


def _flag(value: Any) -> bool:
    word = str(value).lower()
    if word not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        raise ValueError("is not true or false")
    return word in ("true", "1", "yes", "on")


SETTINGS: tuple[Setting, ...] = (
    Setting("host", "DEVTIME_HOST", "server.host", str, "address to listen on; `0.0.0.0` is every IPv4 interface"),
    Setting("port", "DEVTIME_PORT", "server.port", _whole, "port to listen on"),
    Setting("workers", "DEVTIME_WORKERS", "server.workers", _whole, "how many processes answer requests"),
    Setting("database_url", "DATABASE_URL", "server.database_url", str, "use this PostgreSQL instead of the built-in"),
    Setting("redis_url", "REDIS_URL", "server.redis_url", str, "keep plugins' keys in this Redis or Valkey"),
    Setting("public_url", "DEVTIME_PUBLIC_URL", "server.public_url", str, "the address people type, behind a proxy"),
    Setting("tls_cert", "DEVTIME_TLS_CERT", "server.tls_cert", str, "certificate file (PEM), to speak TLS"),
    Setting("tls_key", "DEVTIME_TLS_KEY", "server.tls_key", str, "key file of the certificate (PEM)"),
    Setting("trust_proxy", "DEVTIME_TRUST_PROXY", "server.trust_proxy", _flag, "believe X-Forwarded-* of a proxy"),
    Setting(
        "single_per_minute",
        "DEVTIME_SINGLE_PER_MINUTE",
        "limits.single_per_minute",
        _whole,
        "single heartbeats a key may send per minute; 0: any number",
    ),
    Setting(
        "bulk_per_minute",
        "DEVTIME_BULK_PER_MINUTE",
        "limits.bulk_per_minute",
        _whole,
        "bulk requests a key may send per minute; 0: any number",
    ),
    Setting(
        "rpc_per_minute",
        "DEVTIME_RPC_PER_MINUTE",
        "limits.rpc_per_minute",
        _whole,
        "calls of plugins' endpoints, and runs in the studio, a user may make per minute; 0: any number",
    ),
    Setting(
        "backups",
        "DEVTIME_BACKUPS",
        "server.backups",
        _whole,
        "nightly dumps kept of the built-in database; 0: none are made",
    ),
    Setting(
        "collect",
        "DEVTIME_COLLECT",
        "collector.enabled",
        _flag,
        "whether `devtime up` also reads the AI agents' logs of whoever runs it",
    ),
    Setting("pg_bin", "DEVTIME_PG_BIN", "server.pg_bin", str, "folder of other PostgreSQL programs to run built-in"),
    Setting("log", "DEVTIME_LOG", "server.log", str, "how much is logged: debug, info, warning or error"),
)
"""Every setting but `home` (`DEVTIME_HOME`, default `~/.devtime`), which says where `config.toml` is."""


def merge_settings(
    home: Path, flags: Mapping[str, Any], environment: Mapping[str, str], document: Mapping[str, Any]
) -> Settings:
    """Merge the sources; a flag that is None was not given. Raises Invalid naming the source and what is wrong."""
    values: dict[str, Any] = {"home": home}
    for setting in SETTINGS:
        flag = flags.get(setting.field)
        if flag is not None:
            source, value = f"--{setting.field.replace('_', '-')}", flag
        elif environment.get(setting.variable):
            source, value = setting.variable, environment[setting.variable]
        else:
            source, value = f"config.toml, {setting.key}", _at(document, setting.key)
        if value is None:
            continue
        try:
            values[setting.field] = setting.read(value)
        except ValueError as error:
            raise Invalid(source, str(error)) from None
    return _checked(Settings(**values))


def _at(document: Mapping[str, Any], key: str) -> Any:
    section, name = key.split(".")
    table = document.get(section)
    return table.get(name) if isinstance(table, Mapping) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]


def _checked(settings: Settings) -> Settings:
    if not 0 <= settings.port <= 65_535:
        raise Invalid("port", "must lie between 0 and 65535")
    if settings.workers < 1:
        raise Invalid("workers", "must be 1 or more")
    if bool(settings.tls_cert) != bool(settings.tls_key):
        raise Invalid("tls_cert", "a certificate and its key come together: set both or none")
    return settings
