"""`devtime serve`: the server alone."""

from __future__ import annotations

from devtime.cli.options import DatabaseUrl, Home, Host, Log, Port, PublicUrl, TlsCert, TlsKey, Workers, settings_of
from devtime.cli.up import tell_started
from devtime.running.up import run_server_alone


def serve(
    *,
    home: Home = None,
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    database_url: DatabaseUrl = None,
    public_url: PublicUrl = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    log: Log = None,
) -> None:
    """Serve alone: the API and the pages, on DATABASE_URL or the built-in database.

    Makes no account and writes no config.toml. Migrations run first; several servers may share one database.
    """
    settings = settings_of(
        home,
        host=host,
        port=port,
        workers=workers,
        database_url=database_url,
        public_url=public_url,
        tls_cert=tls_cert,
        tls_key=tls_key,
        log=log,
    )
    run_server_alone(settings, tell_started)
