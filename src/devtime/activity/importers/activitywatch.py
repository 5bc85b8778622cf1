"""ActivityWatch's export of buckets. Editor watchers tell files and projects; without one, known tools' windows count.

Windows are cut where the AFK watcher saw nobody, and their titles are not kept. Every event has a duration of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import msgspec

from devtime.activity.importers.document import Place, values_at
from devtime.activity.importers.row import Row, read_rows
from devtime.activity.importers.source import open_source
from devtime.kernel.errors import Invalid
from devtime.wire import native
from devtime.wire.fields import as_object, read_duration, seal
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin
from devtime.wire.times import parse_instant
from devtime.wire.tools import is_browser, is_known, tool_slug

_EDITOR_TYPE = "app.editor.activity"
_WINDOW_TYPE = "currentwindow"
_AFK_TYPE = "afkstatus"
_MOST_ABSENCES = 2_000_000
_TYPES_BY_CLIENT = {"aw-watcher-window": _WINDOW_TYPE, "aw-watcher-afk": _AFK_TYPE, "aw-watcher-web": "web.tab.current"}


class _Bucket(msgspec.Struct):
    """What is known of a bucket by the time its first event comes; its id tells the rest."""

    id: str
    type: str = ""
    client: str = ""
    hostname: str = ""

    def kind(self) -> str:
        """The event type; watchers of editors are all that are not told apart by name."""
        if self.type:
            return self.type
        name = self.name()
        known = next((kind for client, kind in _TYPES_BY_CLIENT.items() if name.startswith(client)), "")
        return known or (_EDITOR_TYPE if name.startswith("aw-watcher-") else "")

    def name(self) -> str:
        return self.client or self.id.split("_", 1)[0]

    def host(self) -> str:
        return self.hostname if self.hostname not in ("", "unknown") else self.id.partition("_")[2]


_Away = dict[str, list[tuple[int, int]]]
"""By host, when nobody was there: (start, end) in order."""


def read(stream: BinaryIO, received_ms: int, skip: int = 0) -> Iterator[Row]:
    """The rows of an export: one an event that tells of work, more where an absence cuts it."""
    return read_rows(_work(stream, received_ms), lambda work: _read_event(*work, received_ms), skip)


def _work(stream: BinaryIO, received_ms: int) -> Iterator[tuple[_Bucket, object]]:
    """The events that count, in the order of the file."""
    position = stream.tell()
    has_editor, away = _survey(stream, received_ms)
    stream.seek(position)
    for bucket, event in _events(stream):
        kind = bucket.kind()
        if kind == _EDITOR_TYPE:
            yield bucket, event
        elif kind == _WINDOW_TYPE and not has_editor and _is_work(event):
            for piece in _cut(cast("dict[str, Any]", event), away.get(bucket.host(), []), received_ms):
                yield bucket, piece


def _survey(stream: BinaryIO, received_ms: int) -> tuple[bool, _Away]:
    """Whether any editor was watched, and the absences."""
    has_editor, away, count = False, cast("_Away", {}), 0
    for bucket, event in _events(stream):
        kind = bucket.kind()
        has_editor = has_editor or kind == _EDITOR_TYPE
        if kind == _AFK_TYPE and _data_of(event).get("status") == "afk":
            span = _span_of(cast("dict[str, Any]", event), received_ms)
            if span:
                count += 1
                if count > _MOST_ABSENCES:
                    raise Invalid("", f"tells of more than {_MOST_ABSENCES:,} absences; give it in parts")
                away.setdefault(bucket.host(), []).append(span)
    return has_editor, {host: _merge(spans) for host, spans in away.items()}


def _events(stream: BinaryIO) -> Iterator[tuple[_Bucket, object]]:
    """Every event of every bucket with what is known of its bucket."""
    source, reader = open_source(stream, is_json=True)
    bucket = _Bucket("")
    for place, value in values_at(reader, _is_told):
        if place[1] != bucket.id:
            bucket = _Bucket(place[1])
        if len(place) == 4:
            yield bucket, value
            source.row_done()
        elif type(value) is str:
            setattr(bucket, place[2], value)


def _is_told(place: Place) -> bool:
    """Whether an event, or something about a bucket, is there."""
    if len(place) == 4:
        return place[0] == "buckets" and place[2] == "events" and place[3] == "item"
    return len(place) == 3 and place[0] == "buckets" and place[2] in ("type", "client", "hostname")


def _read_event(bucket: _Bucket, event: object, received_ms: int) -> Heartbeat:
    event = as_object(event)
    data = _data_of(event)
    time_ms = parse_instant(event.get("timestamp"), received_ms, "timestamp")
    item: dict[str, Any] = {
        **{name: value for name, value in data.items() if name not in ("app", "title")},
        "timestamp": time_ms,
        "tool": _tool_of(bucket, data),
        "machine": bucket.host(),
        "project": _name_of_project(data.get("project")),
        "duration": event.get("duration"),
    }
    heartbeat = native.read(item, Origin("", "", received_ms))
    raw = {"bucket": bucket.id, "duration": event.get("duration"), "data": data}
    return msgspec.structs.replace(heartbeat, identity=seal(time_ms, raw, frozenset()))


def _data_of(event: object) -> dict[str, Any]:
    data = cast("dict[str, Any]", event).get("data") if type(event) is dict else None
    return cast("dict[str, Any]", data) if type(data) is dict else {}


def _tool_of(bucket: _Bucket, data: dict[str, Any]) -> str:
    named = data.get("editor") or data.get("app")
    return named if type(named) is str else bucket.name().removeprefix("aw-watcher-")


def _name_of_project(project: object) -> object:
    """Some watchers give the folder's path, some its name."""
    if type(project) is not str:
        return project
    is_path = project.startswith(("/", "~")) or project[1:3] in (":\\", ":/")
    return project.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] if is_path else project


def _is_work(event: object) -> bool:
    app = _data_of(event).get("app")
    return type(app) is str and is_known(_app_name(app)) and not is_browser(tool_slug(_app_name(app)))


def _app_name(app: str) -> str:
    return app[:-4] if app.lower().endswith(".exe") else app


def _cut(event: dict[str, Any], away: list[tuple[int, int]], received_ms: int) -> Iterator[dict[str, Any]]:
    """The parts of the event at which somebody was there."""
    span = _span_of(event, received_ms)
    if span is None:
        yield event
        return
    start_ms, end_ms = span
    data = _data_of(event)
    data = {**data, "app": _app_name(str(data["app"]))}
    for gone_ms, back_ms in away[max(bisect_left(away, (start_ms, 0)) - 1, 0) :]:
        if gone_ms >= end_ms:
            break
        if gone_ms > start_ms:
            yield {"timestamp": start_ms, "duration": (gone_ms - start_ms) / 1_000, "data": data}
        start_ms = max(start_ms, min(back_ms, end_ms))
    if start_ms < end_ms:
        yield {"timestamp": start_ms, "duration": (end_ms - start_ms) / 1_000, "data": data}


def _span_of(event: dict[str, Any], received_ms: int) -> tuple[int, int] | None:
    """Start and end of an event; None where it tells none."""
    try:
        start_ms = parse_instant(event.get("timestamp"), received_ms, "timestamp")
        return start_ms, start_ms + (read_duration(event) or 0)
    except Invalid:
        return None


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start_ms, end_ms in sorted(spans):
        if merged and start_ms <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end_ms, merged[-1][1]))
        else:
            merged.append((start_ms, end_ms))
    return merged
