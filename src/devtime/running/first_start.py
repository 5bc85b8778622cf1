"""What is there after the first start: the owner's account, this machine's key in `config.toml`, the one-time link."""

from __future__ import annotations

import getpass
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from devtime.accounts.keys import create_key, find_key, proves_key, read_key
from devtime.accounts.links import create_login_link
from devtime.accounts.users import User, ensure_owner
from devtime.home.config import read_api, write_api
from devtime.kernel.errors import Invalid
from devtime.kernel.settings import Settings
from devtime.kernel.zones import find_zone
from devtime.store.database import Database

_MACHINE_KEYS = 50
"""A machine whose `config.toml` was lost gets another key; this many before someone must tidy up."""


_UTC = frozenset({"Etc/UTC", "Etc/UCT", "UCT", "Universal", "Zulu", "Etc/Universal", "Etc/Zulu"})
"""Other names of UTC."""


class Arrival(msgspec.Struct, frozen=True):
    """What to tell whoever started DevTime. `link_token` is set until the owner has chosen a password."""

    owner: User
    key: str
    link_token: str | None


async def prepare_first_start(settings: Settings, database: Database) -> Arrival:
    """Make what is missing; harmless when nothing is."""
    owner, _ = await ensure_owner(database, _login_name(), machine_zone())
    key = await _machine_key(settings, database, owner)
    token = None if owner.password_hash else await create_login_link(database, owner.id)
    return Arrival(owner, key, token)


async def _machine_key(settings: Settings, database: Database, owner: User) -> str:
    endpoint, key = read_api(settings.home)
    if not await _is_known(database, key):
        made = await create_key(database, owner.id, f"This machine ({os.uname().nodename})"[:128], most=_MACHINE_KEYS)
        key = made.secret
    elif endpoint == settings.address:
        return key
    write_api(settings.home, settings.address, key)
    return key


async def _is_known(database: Database, key: str) -> bool:
    secret = read_key(key)
    holder = await find_key(database, secret) if secret else None
    return holder is not None and secret is not None and await proves_key(holder, secret)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "owner"


def machine_zone() -> str:
    """The IANA name of this machine's time zone, `UTC` when it does not tell."""
    candidates = [os.environ.get("TZ", "").removeprefix(":")]
    with suppress(OSError, UnicodeDecodeError):
        candidates.append(Path("/etc/timezone").read_text("utf-8").strip())
    place = Path("/etc/localtime").resolve().as_posix()
    candidates.append(place.partition("/zoneinfo/")[2])
    for name in candidates:
        try:
            find_zone(name)
            return "UTC" if name in _UTC else name
        except Invalid:
            continue
    return "UTC"
