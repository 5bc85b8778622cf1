"""`devtime probe`: how much of every AI plan is left, and what the plugins that tell it may touch."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import cyclopts
import msgspec
from cyclopts import Parameter

from devtime.cli.options import Home
from devtime.cli.probe_options import TestHome, TestOrigins, look_of, prober_of
from devtime.cli.probe_show import draw_states
from devtime.cli.probe_trust import ask_for, ask_for_more, can_ask
from devtime.cli.quick import write
from devtime.plugins.kinds.probe.snapshot import output_of
from devtime.probes.instances import Instance
from devtime.probes.prober import Prober, State

app = cyclopts.App(name="probe", help="How much of every AI plan is left, by probe plugins.")

Json = Annotated[bool, Parameter(name="--json", negative=(), help="Answer as JSON.")]
Yes = Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), help="Grant what plugins ask for, this time.")]


@app.default
def probe(
    *ids: Annotated[str, Parameter(help="Probes to ask: ids of `probe list`, or a folder; all without any.")],
    json_: Json = False,
    watch: Annotated[bool, Parameter(negative=(), help="Stay, and ask again every now and then.")] = False,
    yes: Yes = False,
    fresh: Annotated[bool, Parameter(negative=(), help="Ask even those asked within five minutes.")] = False,
    detail: Annotated[bool, Parameter(negative="--overview", help="All lines, or only those of the overview.")] = True,
    home: Home = None,
    test_home: TestHome = None,
    test_origin: TestOrigins = None,
) -> None:
    """Ask probes how much is left."""
    prober = prober_of(home, test_home, test_origin)
    if watch:
        from devtime.cli.probe_watch import watch_probes

        watch_probes(prober, list(ids), is_detailed=detail, is_granted=yes)
        return
    states = asyncio.run(_ask(prober, list(ids), is_fresh=fresh, is_granted=yes, may_ask=not json_))
    if json_:
        print(json.dumps([as_json(state) for state in states], indent=2, ensure_ascii=False))
    elif states:
        write(draw_states(states, look_of(prober, is_detailed=detail)))
    else:
        print("No probe is there. Put a plugin's folder into ~/.devtime/plugins/probes, or see `devtime probe list`.")
    _tell_troubles(prober)
    if ids and any(not state.is_trusted for state in states):
        raise SystemExit(1)


async def _ask(prober: Prober, ids: list[str], *, is_fresh: bool, is_granted: bool, may_ask: bool) -> list[State]:
    pairs = [prober.find(one) for one in ids] if ids else prober.pairs(prober.enabled())
    try:
        may_ask = may_ask and not is_granted and can_ask()
        for one, plugin in pairs:
            if may_ask and ids and prober.granted(plugin) is None:
                await ask_for(prober, one, plugin, look_of(), is_yes=False)
        states = await prober.ask(pairs, is_fresh=is_fresh, is_granted=is_granted)
        if may_ask:
            states = [await ask_for_more(prober, state, look_of()) for state in states]
        return states
    finally:
        await prober.close()


def as_json(state: State) -> dict[str, object]:
    """A probe as OpenUsage's output, with how it stands."""
    failure = state.failure.trouble if state.failure else None
    if state.snapshot is None:
        told = failure or ("not granted yet" if not state.is_trusted else "not asked yet")
        blank: dict[str, object] = {"providerId": state.instance.id, "displayName": state.name, "plan": None}
        return {**blank, "lines": [], "fetchedAt": None, "iconUrl": state.plugin.icon_url, "error": told, "stale": True}
    snapshot = state.snapshot
    whole: dict[str, object] = msgspec.to_builtins(output_of(snapshot))
    error = failure or (snapshot.trouble if snapshot.has_errors else None)
    return {**whole, "error": error, "stale": state.failure is not None}


def _tell_troubles(prober: Prober) -> None:
    for trouble in prober.found.troubles:
        print(f"devtime: {trouble.folder}: {trouble.told}", file=sys.stderr)


@app.command(name="list")
def list_probes(*, json_: Json = False, home: Home = None) -> None:
    """Every probe there is: whether it runs, who wrote it, when it last answered."""
    from devtime.cli.probe_books import show_list

    show_list(prober_of(home), is_json=json_)


@app.command
def log(
    id: Annotated[str, Parameter(help="A probe.")],
    *,
    lines: Annotated[int, Parameter(help="How many lines of its log.")] = 40,
    json_: Json = False,
    home: Home = None,
) -> None:
    """Everything a probe touched, and what it logged."""
    from devtime.cli.probe_books import show_log

    show_log(prober_of(home), id, lines, is_json=json_)


@app.command
def trust(
    id: Annotated[str, Parameter(help="A probe.")], *, yes: Yes = False, home: Home = None, test_home: TestHome = None
) -> None:
    """Show what a plugin wants to touch, and allow it.

    The answer holds for this very content of the plugin: when it changes, you are asked again.
    """
    prober = prober_of(home, test_home)
    one, plugin = prober.find(id)
    if plugin.is_first_party:
        print(
            f"{plugin.name} came with DevTime; it needs no permission. `devtime probe log {id}` tells what it touched."
        )
        return
    if not yes and not can_ask():
        raise SystemExit("devtime: nobody is here to ask; look at what it wants first, then use --yes")
    if not asyncio.run(_trust(prober, one, id, is_yes=yes)):
        raise SystemExit(1)
    print(f"{plugin.name} may run: devtime probe {one.id}")


async def _trust(prober: Prober, one: Instance, id: str, *, is_yes: bool) -> bool:
    try:
        return await ask_for(prober, one, prober.find(id)[1], look_of(), is_yes=is_yes)
    finally:
        await prober.close()


@app.command
def forget(id: Annotated[str, Parameter(help="A probe.")], *, home: Home = None) -> None:
    """Take back what was granted to a plugin, and forget its answers and its log."""
    prober = prober_of(home)
    one, plugin = prober.find(id)
    instances = [other.id for other in prober.instances() if other.plugin_id == plugin.id]
    had_grant = prober.book.forget(plugin.id, instances or [one.id])
    print(f"{plugin.name} is forgotten{' and has to ask again' if had_grant else ''}.")


@app.command
def serve(
    *,
    port: Annotated[int | None, Parameter(help="Port on 127.0.0.1 (6736, or [probes] port); 0 picks one.")] = None,
    home: Home = None,
    test_home: TestHome = None,
    test_origin: TestOrigins = None,
) -> None:
    """Tell other programs of this machine: GET /v1/usage and /v1/limits, as OpenUsage does.

    Asks every probe now and every 15 minutes ([probes] every_minutes: 5, 15, 30 or 60). Runs until Ctrl+C.
    """
    from devtime.cli.probe_serve import serve_probes

    serve_probes(prober_of(home, test_home, test_origin), port)
