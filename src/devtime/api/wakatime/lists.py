"""Lists WakaTime's tools ask for that hold nothing here: goals, leaderboards, data dumps."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.api.documents import USUAL, plain_errors
from devtime.kernel.errors import NotFound
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.wire.wakatime_lists import EmptyList, Leaders, Nothing


@get(
    ["/users/current/goals", "/users/current/leaderboards", "/users/current/data_dumps"],
    guards=[requires("read")],
    responses=plain_errors(*USUAL),
    summary="Nothing yet",
)
async def list_nothing(identity: NamedDependency[Identity]) -> EmptyList:
    """An empty list."""
    return EmptyList()


@get(
    "/users/current/goals/{goal_id:str}",
    guards=[requires("ingest", "read")],
    responses=plain_errors(*USUAL, 404),
    summary="A goal",
)
async def get_goal(identity: NamedDependency[Identity], goal_id: FromPath[str]) -> Nothing:
    """There are no goals yet."""
    raise NotFound("there is no such goal")


@get("/leaders", guards=[requires("read")], responses=plain_errors(*USUAL), summary="The public leaderboard")
async def list_leaders(identity: NamedDependency[Identity]) -> Leaders:
    """Nobody is on it."""
    return Leaders()
