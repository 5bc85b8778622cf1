"""What a probe runs in: home, environment, clock and platform of a person, and what stands in for them in a test."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from devtime import __version__
from devtime.kernel.errors import Forbidden

TEST_VARIABLE = "DEVTIME_PROBE_TEST"
"""Only where it is 1 may a run have another home or other origins: whoever sets it is testing a plugin."""

_APP_FOLDER = "probes"
_PLATFORMS = {"darwin": "macos", "win32": "windows"}


class Keychain(Protocol):
    """Secrets the system keeps by service and account. Blocks; run in a thread. KeychainError says what is wrong."""

    def read(self, service: str, account: str | None) -> str: ...
    def write(self, service: str, account: str | None, secret: str) -> None: ...
    def delete(self, service: str, account: str | None) -> None: ...


class KeychainError(Exception):
    """There is no such item, or no keychain."""


class DailyUsage(Protocol):
    """Days of tokens from agents' logs, in the envelope of `ccusage.query`. Blocks; run in a thread."""

    def __call__(
        self, provider: str, since: str | None, until: str | None, home: str | None
    ) -> Mapping[str, object]: ...


def no_usage(provider: str, since: str | None, until: str | None, home: str | None) -> Mapping[str, object]:
    """Where there are no logs to ask."""
    return {"status": "no_runner"}


class Surroundings(msgspec.Struct, frozen=True):
    """`home` is the person's folder (`~`), `app_folder` DevTime's own for probes. `platform` is that of `sys`.

    `rewrites` sends requests for an origin (`https://api.example.com`) to another, for tests. `proxy` is the address
    of a proxy; where it is empty, the environment's count. `keychain` None is that of the system. `shell_variables`
    answers what the person's login shell would set, for processes that no shell started.
    """

    home: Path
    environment: Mapping[str, str]
    app_folder: Path
    platform: str = "linux"
    version: str = __version__
    now_ns: Callable[[], int] = time.time_ns
    rewrites: Mapping[str, str] = {}
    proxy: str = ""
    usage: DailyUsage = no_usage
    keychain: Keychain | None = None
    shell_variables: Callable[[], Mapping[str, str]] = dict

    @property
    def platform_name(self) -> str:
        """As plugins know it: `macos`, `windows` or `linux`."""
        return _PLATFORMS.get(self.platform, self.platform)

    def data_folder(self, plugin_id: str) -> Path:
        """The plugin's own folder, `ctx.app.pluginDataDir`."""
        return self.app_folder / "plugins_data" / plugin_id


def surroundings_here(
    devtime_home: Path,
    *,
    environment: Mapping[str, str] = os.environ,
    usage: DailyUsage = no_usage,
    home: Path | None = None,
    rewrites: Mapping[str, str] | None = None,
) -> Surroundings:
    """Those of whoever runs this process. Forbidden for another home or other origins outside of a test."""
    if (home is not None or rewrites) and environment.get(TEST_VARIABLE) != "1":
        raise Forbidden(f"Another home or other origins are for tests of plugins only: set {TEST_VARIABLE}=1.")
    return Surroundings(
        home=(home or Path.home()).absolute(),
        environment=environment,
        app_folder=devtime_home / _APP_FOLDER,
        platform=sys.platform,
        rewrites=rewrites or {},
        usage=usage,
    )
