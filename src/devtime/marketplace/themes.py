"""Themes: colours and shapes of the pages by the names of the design tokens, published, installed, worn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from devtime.kernel.ids import new_uuid
from devtime.marketplace.names import likeness_of, read_name
from devtime.marketplace.texts import read_icon, read_line
from devtime.store.database import Connection, Database, Executor, Row
from devtime.store.sqlfile import load

VARIABLES = (
    "--bg", "--bg-card", "--bg-input", "--bg-hover", "--text-main", "--text-muted", "--text-dark", "--border",
    "--border-focus", "--radius-sm", "--radius", "--radius-pill", "--transition", "--accent",
)  # fmt: skip
MOST_THEMES = 100
"""Themes one author may have."""
MOST_LISTED = 100

_QUERIES = load("devtime.marketplace", "themes.sql")
_VALUE = re.compile(r"[#A-Za-z0-9%.,()/ +*-]{1,100}")
_FORBIDDEN = ("url", "expression", "var(", "attr(", "image", "element(", "env(", "import", "//", "/*")


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """A theme as it is listed. `variables` go by the names in VARIABLES."""

    id: UUID
    author_username: str
    name: str
    display_name: str
    description: str | None
    version: str
    icon: str
    variables: dict[str, str]
    install_count: int


class ThemeDraft(msgspec.Struct, kw_only=True):
    """What an author hands in; None keeps what was there."""

    name: str
    display_name: str
    variables: dict[str, str]
    description: str | None = None
    version: str | None = None
    icon: str | None = None


class Worn(msgspec.Struct, frozen=True):
    """What a user's pages wear: a theme, if one is chosen and still there, and variables of their own over it."""

    theme: Theme | None
    custom_vars: dict[str, str]

    @property
    def merged(self) -> dict[str, str]:
        """All variables that differ from the pages' own."""
        return {**(self.theme.variables if self.theme else {}), **self.custom_vars}


def sift_variables(told: Mapping[str, str]) -> dict[str, str]:
    """Those that are known and harmless; others are dropped without a word, as documented."""
    sifted = {name: told[name].strip() for name in VARIABLES if name in told}
    return {name: value for name, value in sifted.items() if _is_harmless(value)}


async def publish_theme(database: Database, author_id: UUID, draft: ThemeDraft) -> UUID:
    """The first version or the next. Forbidden when the name is another's, Conflict when it looks like another's."""
    name = read_name(draft.name)
    label = read_line(draft.display_name, "display_name", 128, needed=True)
    words = None if draft.description is None else read_line(draft.description, "description", 200)
    version = None if draft.version is None else read_line(draft.version, "version", 16, needed=True)
    icon = None if draft.icon is None else read_icon(draft.icon)
    variables = sift_variables(draft.variables)
    if not variables:
        raise Invalid("variables", f"sets none of {', '.join(VARIABLES)} to a colour or length")
    async with database.transaction() as connection:
        theme_id = await _claim(connection, author_id, name, label)
        await connection.execute(_QUERIES["update_theme"], theme_id, label, words, version, icon, variables, now_ms())
        return theme_id


async def install_theme(database: Database, user_id: UUID, theme_id: UUID) -> None:
    """Have it at hand; nothing changes when one has it."""
    async with database.transaction() as connection:
        if not await connection.fetchval(_QUERIES["lock_available"], theme_id):
            raise NotFound("Theme not found")
        if await connection.fetchval(_QUERIES["insert_install"], user_id, theme_id, now_ms()):
            await connection.execute(_QUERIES["count_install"], theme_id, 1)


async def uninstall_theme(database: Database, user_id: UUID, theme_id: UUID) -> None:
    """Put it away; who wears it wears the pages' own again."""
    async with database.transaction() as connection:
        await connection.fetchval(_QUERIES["lock_theme"], theme_id)
        if await connection.fetchval(_QUERIES["delete_install"], user_id, theme_id):
            await connection.execute(_QUERIES["count_install"], theme_id, -1)
        await connection.execute(_QUERIES["take_off"], user_id, theme_id)


async def apply_theme(
    database: Database, user_id: UUID, theme_id: UUID | None, custom_vars: Mapping[str, str] | None
) -> None:
    """Wear a theme, installing it if need be; None wears none. Without `custom_vars` one's own stay."""
    if theme_id is not None:
        await install_theme(database, user_id, theme_id)
    own = None if custom_vars is None else sift_variables(custom_vars)
    await database.execute(_QUERIES["store_prefs"], user_id, theme_id, own, now_ms())


async def fetch_worn(database: Executor, user_id: UUID) -> Worn:
    """What the user's pages wear now."""
    row = await database.fetchrow(_QUERIES["fetch_worn"], user_id)
    if row is None:
        return Worn(None, {})
    return Worn(None if row["id"] is None else _theme(row), row["custom_vars"])


async def list_themes(database: Executor, words: str = "", limit: int = MOST_LISTED, offset: int = 0) -> list[Theme]:
    """Those anybody may have, most worn first."""
    pattern = words.strip()[:100].replace("\0", "").lower()
    for sign in "\\%_":
        pattern = pattern.replace(sign, f"\\{sign}")
    values = (f"%{pattern}%", max(1, min(limit, MOST_LISTED)), max(0, min(offset, 2**31)))
    return [_theme(row) for row in await database.fetch(_QUERIES["list_themes"], *values)]


async def list_installed_themes(database: Executor, user_id: UUID) -> list[Theme]:
    """Those the user has at hand."""
    return [_theme(row) for row in await database.fetch(_QUERIES["list_installed"], user_id)]


async def delete_theme(database: Executor, author_id: UUID | None, theme_id: UUID) -> None:
    """Take a theme out, as its author, or with None as an admin; the name stays the author's."""
    if not await database.fetchval(_QUERIES["withdraw"], theme_id, author_id):
        raise Forbidden("Not found or not your theme")


async def _claim(connection: Connection, author_id: UUID, name: str, label: str) -> UUID:
    row = await connection.fetchrow(_QUERIES["lock_name"], name)
    if row is None:
        if await connection.fetchval(_QUERIES["count_themes"], author_id) >= MOST_THEMES:
            raise Conflict(f"an author has {MOST_THEMES} themes at most")
        values = (new_uuid(), author_id, name, likeness_of(name), label, now_ms())
        made: UUID | None = await connection.fetchval(_QUERIES["insert_theme"], *values)
        if made is not None:
            return made
        row = await connection.fetchrow(_QUERIES["lock_name"], name)
    if row is None:
        raise Conflict("this name is too much like that of another theme")
    if row["author_id"] != author_id:
        raise Forbidden("this name belongs to another author")
    if row["is_banned"]:
        raise Forbidden("this theme was banned by an admin of this server")
    theme_id: UUID = row["id"]
    return theme_id


def _is_harmless(value: str) -> bool:
    plain = value.lower()
    return bool(_VALUE.fullmatch(value)) and not any(word in plain for word in _FORBIDDEN)


def _theme(row: Row) -> Theme:
    theme = Theme(**{name: row[name] for name in Theme.__struct_fields__})
    # Sifted again: what is in the table may be older than the rules.
    return msgspec.structs.replace(theme, variables=sift_variables(theme.variables))
