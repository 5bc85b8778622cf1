"""The leaderboards as CodeTrackr's clients read them."""

from __future__ import annotations

import msgspec


class LeaderEntry(msgspec.Struct, kw_only=True):
    """A place: whoever has the same time shares one. `language` is told on the boards of a language."""

    rank: int
    user_id: str
    username: str
    display_name: str | None
    avatar_url: str | None
    country: str | None
    seconds: int
    language: str | None = None
    top_language: str | None
    top_editor: str | None
    top_os: str | None


class Leaderboard(msgspec.Struct, kw_only=True):
    """The board of a week that began on a Monday, by UTC."""

    leaderboard: list[LeaderEntry]
    week: str
    updated_at: str
    language: str | None = None
