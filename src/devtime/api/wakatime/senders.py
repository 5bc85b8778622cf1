"""`GET users/current/user_agents` and `machine_names`: who sent heartbeats."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency

from devtime.api.documents import USUAL, plain_errors
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.senders import Sender, list_clients, list_machines
from devtime.wire.tools import is_browser, tool_slug
from devtime.wire.useragent import parse_user_agent
from devtime.wire.wakatime_lists import MachineName, MachineNamesAnswer, UserAgent, UserAgentsAnswer, client_id


@get("/users/current/user_agents", guards=[requires("read")], responses=plain_errors(*USUAL), summary="Clients")
async def list_user_agents(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> UserAgentsAnswer:
    """Every client that sent heartbeats, the latest first."""
    found = [_describe_client(sender) for sender in await list_clients(parts.database, identity.user_id)]
    return UserAgentsAnswer(data=found, total=len(found))


@get("/users/current/machine_names", guards=[requires("read")], responses=plain_errors(*USUAL), summary="Machines")
async def list_machine_names(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> MachineNamesAnswer:
    """Every machine that sent heartbeats, the latest first."""
    found = [
        MachineName(
            id=sender.name,
            name=sender.name,
            value=sender.name,
            ip=None,
            timezone=None,
            created_at=to_rfc3339(sender.first_ms),
            last_seen_at=to_rfc3339(sender.last_ms),
        )
        for sender in await list_machines(parts.database, identity.user_id)
    ]
    return MachineNamesAnswer(data=found, total=len(found))


def _describe_client(sender: Sender) -> UserAgent:
    client = parse_user_agent(sender.name)
    first, last = to_rfc3339(sender.first_ms), to_rfc3339(sender.last_ms)
    return UserAgent(
        id=client_id(sender.id),
        value=sender.name,
        editor=client.editor or None,
        version=client.editor_version or None,
        os=client.os or None,
        cli_version=client.cli_version or None,
        go_version=None,
        is_browser_extension=bool(client.editor) and is_browser(tool_slug(client.editor)),
        is_desktop_app=client.plugin in ("windows-wakatime", "macos-wakatime", "desktop-wakatime"),
        created_at=first,
        first_seen=first,
        last_seen_at=last,
        last_seen=last,
    )
