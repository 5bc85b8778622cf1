"""`GET users/current` and `get_api_key`: whose key this is."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency

from devtime.accounts.keys import spell_uuid
from devtime.accounts.users import User, fetch_user
from devtime.activity.settings import ActivitySettings, fetch_settings
from devtime.api.documents import USUAL, plain_errors
from devtime.kernel.clock import MINUTE_MS, to_rfc3339
from devtime.kernel.errors import Forbidden
from devtime.server.credentials import read_credentials
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.listing import Latest, fetch_latest
from devtime.wire.tools import UNKNOWN_TOOL, display_name
from devtime.wire.wakatime_lists import ApiKey, ApiKeyAnswer, CurrentUser, UserAnswer


@get("/users/current", guards=[requires("ingest", "read")], responses=plain_errors(*USUAL), summary="The key's owner")
async def get_current_user(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> UserAnswer:
    """The account, and what was heard from it last."""
    user = await fetch_user(parts.database, identity.user_id)
    settings = await fetch_settings(parts.database, identity.user_id)
    return UserAnswer(_answer(user, settings, await fetch_latest(parts.database, identity.user_id)))


@get(
    "/users/current/get_api_key",
    guards=[requires("full")],
    responses=plain_errors(*USUAL),
    summary="The key of this request",
)
async def get_api_key(request: AnyRequest) -> ApiKeyAnswer:
    """Keys are not kept, so only the one the request was made with can be told. It must be allowed everything."""
    key = read_credentials(request.scope, is_secure=False).key
    if key is None:
        raise Forbidden("only the key that a request was made with can be told; make one on the keys page")
    return ApiKeyAnswer(ApiKey(spell_uuid(key)))


def _answer(user: User, settings: ActivitySettings, latest: Latest | None) -> CurrentUser:
    tool = display_name(latest.tool) if latest and latest.tool != UNKNOWN_TOOL else None
    return CurrentUser(
        id=user.id,
        username=user.username,
        display_name=user.display_name or user.username,
        full_name=user.display_name,
        email=user.email,
        photo=user.avatar_url,
        timezone=user.timezone,
        timeout=settings.timeout_ms // MINUTE_MS,
        writes_only=False,
        weekday_start=user.week_start,
        bio=user.bio,
        website=user.website,
        human_readable_website=user.website,
        last_heartbeat_at=to_rfc3339(latest.time_ms) if latest else None,
        last_plugin=tool,
        last_plugin_name=tool,
        last_project=(latest.project or None) if latest else None,
        created_at=to_rfc3339(user.created_at),
        modified_at=to_rfc3339(user.updated_at),
        plan=user.plan,
        has_premium_features=True,
    )
