"""What several commands take: the home folder and the settings made of flags, environment and `config.toml`."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from devtime.home.config import home_folder, load_settings
from devtime.kernel.settings import Settings

Home = Annotated[Path | None, Parameter(name="--home", help="Folder of DevTime's data (DEVTIME_HOME, ~/.devtime).")]
Host = Annotated[str | None, Parameter(name="--host", help="Address to listen on (DEVTIME_HOST, 127.0.0.1).")]
Port = Annotated[int | None, Parameter(name="--port", help="Port to listen on (DEVTIME_PORT, 8765); 0 picks one.")]
Workers = Annotated[int | None, Parameter(name="--workers", help="Processes that answer (DEVTIME_WORKERS, 1).")]
DatabaseUrl = Annotated[
    str | None, Parameter(name="--database-url", help="Use this PostgreSQL, not the built-in one (DATABASE_URL).")
]
PublicUrl = Annotated[
    str | None, Parameter(name="--public-url", help="The address people type, behind a proxy (DEVTIME_PUBLIC_URL).")
]
TlsCert = Annotated[str | None, Parameter(name="--tls-cert", help="Certificate file, to speak TLS (DEVTIME_TLS_CERT).")]
TlsKey = Annotated[str | None, Parameter(name="--tls-key", help="Key file of the certificate (DEVTIME_TLS_KEY).")]
Log = Annotated[str | None, Parameter(name="--log", help="debug, info, warning or error (DEVTIME_LOG, info).")]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ServerFlags:
    """What the commands that serve take."""

    home: Home = None
    host: Host = None
    port: Port = None
    workers: Workers = None
    database_url: DatabaseUrl = None
    public_url: PublicUrl = None
    tls_cert: TlsCert = None
    tls_key: TlsKey = None
    log: Log = None

    def settings(self) -> Settings:
        """The settings they make, with environment and `config.toml`."""
        flags = {flag.name: getattr(self, flag.name) for flag in fields(self) if flag.name != "home"}
        return settings_of(self.home, **flags)


NO_FLAGS = ServerFlags()


def settings_of(home: Path | None, **flags: Any) -> Settings:
    """The settings of a command; flags that are None were not given."""
    return load_settings(home_folder(os.environ, home), flags, os.environ)
