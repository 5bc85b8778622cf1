"""`devtime plugin …`: what authors of plugins need, from the first file to the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from devtime.cli.options import Home, settings_of
from devtime.kernel.errors import Invalid

app = App(name="plugin")

Kind = Literal["widget", "lifecycle", "probe"]
Against = Literal["trial", "server"]
Place = Annotated[Path, Parameter(help="The plugin's folder, or a .ctplugin file.")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Answer as JSON.")]


@app.command
def new(
    name: Annotated[str, Parameter(help="What the plugin is called: kebab-case, such as streak-counter.")],
    /,
    *,
    kind: Annotated[
        Kind, Parameter(help="A panel of the dashboard, code on the server, or a probe of an AI plan here.")
    ] = "widget",
    template: Annotated[str, Parameter(help="counter, bars, hooks, rpc, streak or typed; the kind's first.")] = "",
    folder: Annotated[Path | None, Parameter(help="Where to put it (default: a folder of its name).")] = None,
    json_: Json = False,
) -> None:
    """Make a folder with a plugin that works, its test, and the types of everything it may call."""
    if kind == "probe":
        from devtime.cli.plugin_probe import new_probe

        new_probe(name, folder or Path(name), json_)
        return
    from devtime.cli.plugin_new import make_plugin

    make_plugin(name, kind, template, folder or Path(name), json_)


@app.command
def check(place: Place = Path(), /, *, json_: Json = False, home: Home = None) -> None:
    """Tell what is wrong with a plugin, with file, line and column. Exit code 1 when it could not be published."""
    from devtime.cli.plugin_probe import check_probe_folder, is_probe

    if is_probe(place):
        check_probe_folder(place, settings_of(home), json_)
        return
    from devtime.cli.plugin_check import check_plugin

    check_plugin(place, settings_of(home), json_)


@app.command
def run(
    place: Place = Path(),
    /,
    *,
    trigger: Annotated[str, Parameter(help="on_heartbeat, on_tick, on_install, or rpc:NAME for an endpoint.")] = "",
    fixture: Annotated[str, Parameter(help="For a probe: the folder below fixtures/ to run it in.")] = "",
    heartbeat: Annotated[Path | None, Parameter(help="A JSON file with the heartbeat.")] = None,
    body: Annotated[str, Parameter(help="The endpoint's request, as JSON.")] = "{}",
    against: Annotated[Against, Parameter(help="A throw-away database here, or your server and your data.")] = "trial",
    write: Annotated[bool, Parameter(negative=(), help="With --against server: keep what it writes.")] = False,
    json_: Json = False,
    home: Home = None,
) -> None:
    """Run a plugin once in the real sandbox, on an empty throw-away database. Exit code 1 when it failed."""
    from devtime.cli.plugin_probe import is_probe, run_probe_fixture

    if is_probe(place):
        run_probe_fixture(place, fixture, settings_of(home), json_)
        return
    from devtime.cli.plugin_run import Order, run_plugin

    if not trigger:
        raise Invalid("--trigger", "is needed: on_heartbeat, on_tick, on_install or rpc:NAME")
    run_plugin(place, Order(trigger, heartbeat, body, against == "server", write), settings_of(home), json_)


@app.command(name="test")
def run_tests(place: Place = Path(), /, *, json_: Json = False, home: Home = None) -> None:
    """Run the plugin's *.test.js in the real sandbox, each test with a fresh user. Exit code 1 when one fails."""
    from devtime.cli.plugin_test import test_plugin

    test_plugin(place, settings_of(home), json_)


@app.command
def publish(
    place: Place = Path(),
    /,
    *,
    yes: Annotated[bool, Parameter(name=("--yes", "-y"), negative=(), help="Do not ask.")] = False,
    dry_run: Annotated[bool, Parameter(name="--dry-run", negative=(), help="Show what would change; no more.")] = False,
    json_: Json = False,
    home: Home = None,
) -> None:
    """Publish a plugin in the store of the server config.toml names, after showing what changes."""
    from devtime.cli.plugin_publish import publish_plugin

    publish_plugin(place, settings_of(home), is_agreed=yes, is_dry=dry_run, as_json=json_)


@app.command
def pack(
    place: Place = Path(),
    /,
    *,
    to: Annotated[Path | None, Parameter(help="The file (default: NAME.ctplugin here).")] = None,
) -> None:
    """Put a plugin into one .ctplugin file, which the studio opens."""
    from devtime.cli.plugin_new import pack_plugin

    pack_plugin(place, to)
