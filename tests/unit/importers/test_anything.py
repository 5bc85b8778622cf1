"""Any file at all, given to any importer: rows or a refusal, never another exception, never text PostgreSQL refuses."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.activity.importers.sniff import READERS
from devtime.kernel.errors import Invalid
from devtime.wire.text import LIMITS

NOW_MS = 1_800_000_000_000

TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\0\ud800,;'\"\n="), max_size=10)
NAMES = st.sampled_from(
    [
        *(
            "days",
            "heartbeats",
            "data",
            "buckets",
            "events",
            "timestamp",
            "duration",
            "project",
            "time",
            "entity",
            "type",
        ),
        *(
            "tool",
            "format",
            "identity",
            "extra",
            "editor",
            "app",
            "status",
            "client",
            "hostname",
            "id",
            "user_agent_id",
        ),
        *("aw-watcher-vim_x", "aw-watcher-window_x", "aw-watcher-afk_x", "is_write", "lines", "language"),
    ]
)
SCALARS = (
    st.sampled_from(["app.editor.activity", "currentwindow", "afkstatus", "afk", "Code", "2024-01-18T17:46:40Z"])
    | st.sampled_from([1_705_600_000, 1_705_600_000_000, 60, -1, 1e300, 10**30, None, True])
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXT, inner, max_size=5),
    max_leaves=25,
)
BUCKETS = st.fixed_dictionaries(
    {
        "buckets": st.dictionaries(
            NAMES | TEXT,
            st.fixed_dictionaries(
                {"type": SCALARS, "events": st.lists(st.dictionaries(NAMES, JSON, max_size=5), max_size=4)},
                optional={"client": SCALARS, "hostname": SCALARS},
            ),
        )
    }
)
TABLES = st.lists(st.lists(NAMES | TEXT, max_size=4).map(",".join), max_size=5).map("\n".join)
FILES = (
    st.binary(max_size=200)
    | TABLES.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | (JSON | BUCKETS).map(lambda value: json.dumps(value).encode())
    | st.lists(JSON, max_size=4).map(lambda values: "\n".join(map(json.dumps, values)).encode())
)


@pytest.mark.parametrize("name", READERS)
@given(content=FILES)
def test_any_file_gives_rows_or_a_refusal(name, content):
    try:
        rows = list(READERS[name](io.BytesIO(content), NOW_MS, 0))
    except Invalid:
        return
    assert [row.index for row in rows] == list(range(len(rows)))
    for row in rows:
        assert (row.heartbeat is None) != (row.problem is None)
        for field, limit in LIMITS.items():
            text = getattr(row.heartbeat, field, "")
            assert len(text) <= limit
            assert "\0" not in text
            text.encode()
