"""`devtime usage`: what AI agents used and what it cost, as tables, JSON or CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import cast

from devtime.cli.quick import write
from devtime.cli.usage_answer import PERIODS, answer, to_csv, to_json
from devtime.cli.usage_desk import Desk
from devtime.cli.usage_options import Wanted, read_usage
from devtime.kernel.errors import Invalid
from devtime.reports.ccusage_shapes import Json, without_cost

_SECTIONS = (*PERIODS, "session")


def run_usage(words: list[str]) -> None:
    """The command, with the words after its name."""
    wanted = read_usage(words)
    given = wanted.given
    if given.flag("json") and given.flag("csv"):
        raise Invalid("--csv", "and --json exclude each other")
    if given.flag("live"):
        from devtime.cli.usage_live import show_live

        show_live(wanted)
        return
    with Desk(given, wanted.focus) as desk:
        _answer(desk, wanted)


def _answer(desk: Desk, wanted: Wanted) -> None:
    given = wanted.given
    if desk.refreshed.trouble:
        print(f"devtime: {desk.refreshed.trouble}", file=sys.stderr)
    if given.maybe("explain") is not None:
        from devtime.cli.usage_explain import show_explanation

        show_explanation(desk, wanted)
    elif given.flag("json"):
        _write_json(_json_of(desk, wanted), has_cost=not given.flag("no_cost"))
    elif given.flag("csv"):
        _write_csv(desk, wanted)
    else:
        from devtime.cli.usage_tables import show_tables

        show_tables(desk, wanted)
    if given.flag("verbose"):
        from devtime.cli.usage_verbose import show_reading

        show_reading(desk)


def _json_of(desk: Desk, wanted: Wanted) -> Json:
    given = wanted.given
    if wanted.report == "blocks":
        from devtime.cli.usage_blocks import answer_blocks
        from devtime.reports.ccusage_blocks import block_of

        blocks = answer_blocks(desk, given)
        ordered = sorted(blocks.found, key=lambda block: block.start_ms, reverse=given.text("order") == "desc")
        return {"blocks": [block_of(block, desk.now_ms, blocks.token_limit) for block in ordered]}
    if wanted.report == "session" and given.text("id"):
        from devtime.cli.usage_session import session_of

        return session_of(desk, given.text("id"))
    if given.text("sections"):
        whole: Json = {}
        for report in sections_of(wanted):
            whole |= to_json(answer(desk, wanted, report), wanted, report)
        return whole
    return to_json(answer(desk, wanted, wanted.report), wanted, wanted.report)


def sections_of(wanted: Wanted) -> list[str]:
    """The reports of `--sections`."""
    names = [name.strip() for name in wanted.given.text("sections").split(",") if name.strip()]
    for name in names:
        if name not in _SECTIONS:
            raise Invalid("--sections", f"{name[:32]!r} is none of {', '.join(_SECTIONS)}")
    if not names:
        raise Invalid("--sections", f"needs one or more of {', '.join(_SECTIONS)}, with commas between")
    if wanted.given.whole("last") is not None:
        raise Invalid("--last", "means something else for each section; use --since")
    return list(dict.fromkeys(names))


def _write_json(value: Mapping[str, object], has_cost: bool) -> None:
    import json

    shown = value if has_cost else cast("Mapping[str, object]", without_cost(value))
    spell = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
    # One row a line: json's own indentation is written in Python and takes longer than all the rest.
    parts = [f"  {spell(name)}: {_spell_rows(shown[name], spell)}" for name in sorted(shown)]
    write("{\n" + ",\n".join(parts) + "\n}\n")


def _spell_rows(value: object, spell: Callable[[object], str]) -> str:
    if not isinstance(value, list) or not value:
        return spell(cast("object", value))
    return "[\n    " + ",\n    ".join(map(spell, cast("list[object]", value))) + "\n  ]"


def _write_csv(desk: Desk, wanted: Wanted) -> None:
    import csv
    import io

    if wanted.report == "blocks":
        from devtime.cli.usage_blocks import block_rows

        found = block_rows(desk, wanted.given)
    else:
        found = answer(desk, wanted, wanted.report)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        to_csv(found, wanted, wanted.report, has_cost=not wanted.given.flag("no_cost"))
    )
    write(out.getvalue())
