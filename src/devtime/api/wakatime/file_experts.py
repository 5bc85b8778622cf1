"""`POST users/current/file_experts`: who worked on a file. Here that is the asker."""

from __future__ import annotations

from litestar import post
from litestar.di import NamedDependency
from litestar.params import RawBody

from devtime.api.documents import USUAL, plain_errors, takes
from devtime.api.wakatime.bodies import FILE_BODY
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.files import fetch_file_ms
from devtime.wire.batch import decode_items
from devtime.wire.wakatime import read_entity
from devtime.wire.wakatime_lists import Expert, Expertise, FileExpertsAnswer
from devtime.wire.wakatime_times import grand_total


@post(
    "/users/current/file_experts",
    status_code=200,
    guards=[requires("ingest", "read")],
    responses=plain_errors(*USUAL, 413),
    operation_class=takes(FILE_BODY, "application/json", "text/plain"),
    summary="Time spent on a file",
)
async def list_file_experts(
    body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> FileExpertsAnswer:
    """All the asker's time on it."""
    length_ms = await fetch_file_ms(parts.database, identity.user_id, read_entity(decode_items(body)))
    expert = Expert(id=identity.user_id, name=identity.username, long_name=identity.username, is_current_user=True)
    return FileExpertsAnswer([Expertise(user=expert, total=grand_total(length_ms))])
