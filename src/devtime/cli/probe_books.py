"""`devtime probe list` and `devtime probe log`: what there is, and what each touched."""

from __future__ import annotations

import json
from datetime import datetime

import msgspec

from devtime.cli.probe_options import look_of
from devtime.cli.probe_show import spell_age
from devtime.cli.quick import write
from devtime.cli.terminal import BOLD, DIM, GREEN, RED, YELLOW, Style, clean, cut, pad, width_of
from devtime.home.zone import system_zone
from devtime.kernel.clock import now_ms
from devtime.kernel.zones import find_zone
from devtime.plugins.kinds.probe.host.places import shown
from devtime.plugins.kinds.probe.touches import Act
from devtime.probes.prober import Prober, State

_TITLES: dict[Act, str] = {
    "read": "read",
    "look": "looked for",
    "list": "listed",
    "write": "wrote",
    "variable": "variables",
    "request": "asked",
    "keychain": "keychain items",
    "process": "looked for programs",
    "usage": "token counts of",
}


def show_list(prober: Prober, *, is_json: bool) -> None:
    """A row a probe, and what could not be loaded."""
    enabled = {one.id for one in prober.enabled()}
    states = [prober.state(one, plugin) for one, plugin in prober.pairs(prober.instances())]
    if is_json:
        rows = [
            {
                "id": state.instance.id,
                "plugin": state.plugin.id,
                "name": state.name,
                "version": state.plugin.version,
                "folder": str(state.plugin.folder),
                "firstParty": state.plugin.is_first_party,
                "enabled": state.instance.id in enabled,
                "trusted": state.is_trusted,
                "warnings": list(state.plugin.warnings),
            }
            for state in states
        ]
        troubles = [{"folder": str(one.folder), "error": one.told} for one in prober.found.troubles]
        print(json.dumps({"probes": rows, "troubles": troubles}, indent=2, ensure_ascii=False))
        return
    look = look_of()
    wide = max([width_of(state.instance.id) for state in states], default=0)
    for state in states:
        told, style = _standing(state, state.instance.id in enabled)
        row = f"{pad(state.instance.id, wide)}  {look.paint(pad(told, 12), style)}  {clean(state.name)}"
        origin = (
            "DevTime" if state.plugin.is_first_party else shown(str(state.plugin.folder), str(prober.surroundings.home))
        )
        write(row + look.paint(f"  {clean(state.plugin.version)}, {origin}", DIM) + "\n")
    for trouble in prober.found.troubles:
        write(look.paint(f"! {trouble.folder}: {clean(trouble.told)}", RED) + "\n")


def _standing(state: State, is_enabled: bool) -> tuple[str, Style]:
    if not state.is_trusted:
        return "not allowed", YELLOW
    if not is_enabled:
        return "off", DIM
    if state.snapshot is None:
        return "not asked", DIM
    if state.snapshot.has_errors:
        return "no answer", RED
    return spell_age(state.snapshot, now_ms()).partition(",")[0], GREEN


def show_log(prober: Prober, id: str, lines: int, *, is_json: bool) -> None:
    """What an instance touched over all its runs, then the end of its log."""
    one, plugin = prober.find(id)
    seen, said = prober.book.seen(one.id), prober.book.said(one.id, max(0, lines))
    if is_json:
        whole = {"touched": msgspec.to_builtins(seen), "log": msgspec.to_builtins(said)}
        print(json.dumps(whole, indent=2, ensure_ascii=False))
        return
    look = look_of()
    zone = find_zone(system_zone())
    home = str(one.inside(prober.surroundings).home)
    write(look.paint(f"{clean(plugin.name)} touched", BOLD) + "\n")
    if not seen:
        write("  nothing yet; it has not run\n" if not said else "  nothing outside of its own folder\n")
    for act, title in _TITLES.items():
        for item in (item for item in seen if item.touch.act == act):
            refused = look.paint("  refused", RED) if item.touch.is_refused else ""
            when = datetime.fromtimestamp(item.last_ms / 1_000, zone).strftime("%Y-%m-%d %H:%M")
            what = cut(clean(shown(item.touch.what, home)), max(20, look.columns - 48))
            write(f"  {title:<20}{what}  {look.paint(f'{item.touch.count}×, {when}', DIM)}{refused}\n")
    if said:
        write("\n" + look.paint("Log", BOLD) + "\n")
    for entry in said:
        when = datetime.fromtimestamp(entry.at_ms / 1_000, zone).strftime("%m-%d %H:%M:%S")
        write(f"  {look.paint(when, DIM)} {entry.line.level:<5} {clean(entry.line.text)}\n")
