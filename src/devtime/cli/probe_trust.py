"""Asking whether a stranger's plugin may touch what it wants."""

from __future__ import annotations

import signal
import sys

from devtime.cli.probe_show import Look
from devtime.cli.terminal import BOLD, DIM, YELLOW, clean, wrapped
from devtime.plugins.kinds.probe.manifest import ProbePlugin
from devtime.plugins.kinds.probe.permissions import Permissions
from devtime.probes.instances import Instance
from devtime.probes.prober import Prober, State
from devtime.probes.trust import asked_in, describe, wishes_of

_MOST_ROUNDS = 5


def draw_wishes(plugin: ProbePlugin, wishes: Permissions, look: Look, *, is_changed: bool) -> str:
    """What it wants, in words."""
    head = f"{clean(plugin.name)} {clean(plugin.version)} ({plugin.id}) is not part of DevTime."
    out = [look.paint(head, BOLD), look.paint(f"  {plugin.folder}", DIM)]
    if is_changed:
        out.append(look.paint("  It changed since you allowed it, so you are asked again.", YELLOW))
    told = describe(wishes)
    out.append("It wants to" if told else "It wants nothing but to compute.")
    for title, things in told:
        rows = wrapped(", ".join(clean(thing) for thing in things), look.columns - 4)
        out += [f"  {title}", *(f"    {row}" for row in rows)]
    return "\n".join(out) + "\n"


def can_ask() -> bool:
    """Whether a person is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Ask on the terminal; no is the answer of whoever says nothing."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    # The handler of asyncio only cancels, which a line that is being read does not notice.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    finally:
        signal.signal(signal.SIGINT, before)


async def ask_for(prober: Prober, instance: Instance, plugin: ProbePlugin, look: Look, *, is_yes: bool) -> bool:
    """Show what it wants and ask; whether it was granted. Grants are kept for this very content of the plugin."""
    surroundings = instance.inside(prober.surroundings)
    wishes, dry = await wishes_of(plugin, surroundings, prober.pool)
    now = surroundings.now_ns() // 1_000_000
    prober.book.note(dry, now)
    is_changed = prober.book.find_grant(plugin.id, plugin.digest) is None and prober.book.is_known(plugin.id)
    granted = prober.book.find_grant(plugin.id, plugin.digest) or Permissions()
    seen = [one.touch for one in prober.book.seen(instance.id) if one.last_ms >= prober_first_ms(prober, instance)]
    wishes = wishes | asked_in(seen, surroundings) | granted
    print(draw_wishes(plugin, wishes, look, is_changed=is_changed), file=sys.stderr)
    if not is_yes and not confirm("Allow this?"):
        return False
    prober.book.grant(plugin.id, plugin.digest, wishes, now)
    return True


def prober_first_ms(prober: Prober, instance: Instance) -> int:
    """Since when what was refused counts: the last attempt."""
    attempt = prober.book.find_attempt(instance.id)
    return attempt.at_ms if attempt else 0


async def ask_for_more(prober: Prober, state: State, look: Look) -> State:
    """Run again while the plugin asks for more than it was granted and the person allows it."""
    for _ in range(_MOST_ROUNDS):
        if not state.refused:
            break
        surroundings = state.instance.inside(prober.surroundings)
        granted = prober.book.find_grant(state.plugin.id, state.plugin.digest) or Permissions()
        more = asked_in(state.refused, surroundings) - granted
        if not more:
            break
        print(draw_wishes(state.plugin, more, look, is_changed=False), file=sys.stderr)
        if not confirm("It asks for more. Allow this too?"):
            break
        prober.book.grant(state.plugin.id, state.plugin.digest, granted | more, surroundings.now_ns() // 1_000_000)
        (state,) = await prober.ask([(state.instance, state.plugin)], is_fresh=True)
    return state
