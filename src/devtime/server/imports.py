"""Taking in a file to import, the same for the API and the page: from the request to the job that waits."""

from __future__ import annotations

from devtime.activity.import_jobs import ImportJob, create_import, imports_folder
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.server.uploads import discard_upload, receive_upload

AUTO = "auto"
"""The kind of a file that DevTime is to find out."""


async def take_import(
    request: AnyRequest, parts: Parts, identity: Identity, *, kind: str | None = None, name: str | None = None
) -> ImportJob:
    """Let the file of the request be imported in the background; `kind` and `name` beat what its form says.

    Invalid or Conflict when it cannot be; then nothing is left of it.
    """
    upload = await receive_upload(request, imports_folder(parts.settings.home))
    said = kind or upload.fields.get("kind") or AUTO
    try:
        return await create_import(
            parts.database,
            identity.user_id,
            upload.path,
            upload.size,
            name=name or upload.name,
            kind="" if said == AUTO else said,
            now_ms=parts.clock(),
            may_choose=identity.allows(),
        )
    except BaseException:
        discard_upload(upload.path)
        raise
