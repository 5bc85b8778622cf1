"""`POST plugins/errors`: where plugins report that they failed. Nothing of a report is kept."""

from __future__ import annotations

import logging

from litestar import post
from litestar.params import RawBody

from devtime.api.documents import plain_errors, takes
from devtime.api.wakatime.bodies import REPORT_BODY
from devtime.wire.wakatime_lists import Nothing

MOST_BYTES = 256 * 1024

_LOG = logging.getLogger("devtime.server")


@post(
    "/plugins/errors",
    request_max_body_size=MOST_BYTES,
    responses=plain_errors(413),
    operation_class=takes(REPORT_BODY),
    security=[{}],
    summary="Report an error of a plugin",
)
async def report_plugin_error(body: RawBody) -> Nothing:
    """Needs no key. That a report came is logged, not what it says."""
    _LOG.info("an editor plugin reported an error of its own (%d bytes)", len(body))
    return Nothing()
