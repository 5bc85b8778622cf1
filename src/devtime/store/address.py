"""How to reach one database as one role. Nothing here connects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypedDict
from urllib.parse import parse_qs, quote, unquote, urlsplit

from devtime.kernel.errors import Invalid

DEFAULT_PORT = 5432


class ConnectArguments(TypedDict, total=False):
    """Keyword arguments of `asyncpg.connect` and `asyncpg.create_pool`."""

    host: str
    port: int
    user: str
    password: str | None
    database: str
    ssl: str


@dataclass(frozen=True)
class Address:
    """A database as one role sees it. `host` is a host name, or the folder of a Unix socket (begins with `/`)."""

    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    database: str
    ssl: str | None = None

    def dsn(self) -> str:
        """A libpq URI, every part percent-encoded; a socket folder travels as the `host` parameter."""
        secret = "" if self.password is None else f":{_encode(self.password)}"
        login = f"{_encode(self.user)}{secret}@"
        query = f"?sslmode={_encode(self.ssl)}" if self.ssl else ""
        if self.host.startswith("/"):
            query = f"?host={_encode(self.host)}&port={self.port}{query.replace('?', '&')}"
            return f"postgresql://{login}/{_encode(self.database)}{query}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{login}{host}:{self.port}/{_encode(self.database)}{query}"

    def asyncpg(self) -> ConnectArguments:
        """The same as keyword arguments for asyncpg."""
        arguments = ConnectArguments(
            host=self.host, port=self.port, user=self.user, password=self.password, database=self.database
        )
        if self.ssl:
            arguments["ssl"] = self.ssl
        return arguments

    def libpq(self) -> dict[str, str]:
        """The same as environment variables for PostgreSQL's own programs (keeps the password off `ps`)."""
        variables = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGDATABASE": self.database,
        }
        if self.password is not None:
            variables["PGPASSWORD"] = self.password
        if self.ssl:
            variables["PGSSLMODE"] = self.ssl
        return variables

    def with_database(self, database: str) -> Address:
        """The same server and role, another database."""
        return replace(self, database=database)

    def with_role(self, user: str, password: str | None) -> Address:
        """The same server and database, another role."""
        return replace(self, user=user, password=password)


def parse_address(dsn: str) -> Address:
    """Read a `postgresql://` URI (as in `DATABASE_URL`); Invalid if it is none. The password is never echoed."""
    try:
        parts = urlsplit(dsn)
        query = parse_qs(parts.query)
        port = parts.port or int(query.get("port", [str(DEFAULT_PORT)])[0])
    except ValueError:
        raise Invalid("DATABASE_URL", "is not a valid URI") from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise Invalid("DATABASE_URL", "must begin with postgresql://")
    host = query.get("host", [unquote(parts.hostname or "localhost")])[0]
    user = unquote(parts.username) if parts.username else query.get("user", [""])[0]
    if not user:
        raise Invalid("DATABASE_URL", "names no user")
    password = unquote(parts.password) if parts.password is not None else query.get("password", [None])[0]
    database = unquote(parts.path.removeprefix("/")) or query.get("dbname", [user])[0]
    ssl = query.get("sslmode", [None])[0]
    return Address(host, port, user, password, database, ssl)


def _encode(text: str) -> str:
    return quote(text, safe="")
