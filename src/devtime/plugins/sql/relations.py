"""The tables plugins see: their columns, where they really lie, and what may be written."""

from __future__ import annotations

import msgspec

_VIEWS = "plugin_api"
_TABLES = "devtime"


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """One documented table. What it does not list cannot be named by a plugin, neither read nor written."""

    name: str
    columns: frozenset[str]
    schema: str = _VIEWS
    owner: str | None = "user_id"
    """The column that holds the user a row belongs to; None: the rows are everybody's."""
    inserts: frozenset[str] = frozenset()
    updates: frozenset[str] = frozenset()
    deletes: bool = False
    refusal: str = "it can only be read"
    """Why what is not allowed is not."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALL = (
    Relation(
        name="heartbeats",
        columns=_words(
            "id user_id project file language branch commit workspace_root package_path duration_seconds is_write "
            "editor os machine recorded_at created_at activity_type tokens_in tokens_out"
        ),
        refusal="heartbeats come from editors and agents; plugins read them",
    ),
    Relation(
        name="projects",
        columns=_words("id user_id name total_seconds heartbeats first_active_at last_active_at"),
        refusal="projects come from heartbeats; plugins read them",
    ),
    Relation(
        name="daily_stats_cache",
        columns=_words("user_id date total_seconds top_language top_project computed_at"),
        refusal="the daily sums are computed; plugins read them",
    ),
    Relation(
        name="plugin_store",
        columns=_words(
            "id author_id name display_name description version repository is_published created_at updated_at icon "
            "widget_type api_endpoint settings_schema is_banned ban_reason install_count script avg_rating "
            "rating_count has_external_access plugin_type"
        ),
        owner=None,
        refusal="plugins are published in the studio or by the API",
    ),
    Relation(
        name="installed_plugins",
        schema=_TABLES,
        columns=_words("user_id plugin_id installed_at accepted_version accepted_script"),
        refusal="the user installs, updates and removes plugins",
    ),
    Relation(
        name="plugin_settings",
        schema=_TABLES,
        columns=_words("id user_id plugin settings created_at updated_at"),
        inserts=_words("id user_id plugin settings created_at updated_at"),
        updates=_words("settings updated_at"),
        deletes=True,
    ),
    Relation(
        name="plugin_reviews",
        schema=_TABLES,
        columns=_words("id user_id plugin_id body created_at"),
        inserts=_words("id user_id plugin_id body created_at"),
        updates=_words("body"),
        deletes=True,
    ),
    Relation(
        name="users",
        columns=_words(
            "id username display_name email avatar_url github_id gitlab_id plan is_public country timezone created_at "
            "updated_at is_admin plan_expires_at account_number is_anonymous bio website profile_show_languages "
            "profile_show_projects profile_show_activity profile_show_plugins profile_show_streak available_for_hire "
            "show_in_leaderboard"
        ),
        owner="id",
        updates=_words("display_name bio website country available_for_hire updated_at"),
        deletes=True,
        refusal="a plugin can change display_name, bio, website, country and available_for_hire",
    ),
    Relation(
        name="api_keys",
        columns=_words("id user_id name key_prefix scope last_used_at created_at"),
        updates=_words("name"),
        refusal="keys are made and revoked on the page of keys; a plugin can rename them",
    ),
    Relation(
        name="user_follows",
        schema=_TABLES,
        columns=_words("user_id follower_id following_id created_at"),
        refusal="people follow and unfollow by themselves",
    ),
)

RELATIONS = {relation.name: relation for relation in _ALL}
"""Every documented table, by the name plugins use."""

WRITTEN_SCHEMA = _TABLES
"""Where rows are written: views cannot be, for Citus knows no writable ones."""

DELETION_MARK = "deletion_requested_at"
"""The column of users that a plugin's `DELETE FROM users` sets: accounts go after 7 days in which it can be undone."""
