"""Made-up views of everything that is not a chart: settings, access, connect, reference."""

from __future__ import annotations

from zoneinfo import available_timezones

from devtime.kernel.clock import DAY_MS, HOUR_MS
from devtime.web.reference import describe
from devtime.web.snippets import list_clients
from devtime.web.views.access import ErrorView, LoginView, SignupView, WelcomeView
from devtime.web.views.connect import Arrival, ConnectView
from devtime.web.views.reference import ReferenceView
from devtime.web.views.settings import (
    AccountView,
    DataView,
    ImportJob,
    InvitationRow,
    KeyRow,
    KeysView,
    MemberRow,
    PeopleView,
    PrivacyView,
)
from samples.activity import NOW_MS, ZONE
from samples.names import HOSTILE

KEY = "dt_a1b2c3d4e5f64a7b8c9d0e1f2a3b4c5d"


def make_account(name: str = "ada", *, wrong: bool = False) -> AccountView:
    """The account page, with errors when `wrong`."""
    errors = (
        {"username": "someone has this name already", "timezone": "no zone is called Mars/Olympus"} if wrong else {}
    )
    return AccountView(
        username=name,
        display_name=name.title(),
        email="ada@example.org",
        has_password=True,
        timezone=ZONE,
        timezones=tuple(sorted(available_timezones())),
        timeout_minutes=15,
        week_start=1,
        theme="auto",
        sessions=3,
        is_owner=True,
        is_rebuilding=wrong,
        errors=errors,
    )


def make_keys(
    names: tuple[str, ...] = ("laptop, VS Code", "build box", "status page"), *, is_new: bool = False
) -> KeysView:
    """API keys, one of them just made."""
    scopes = ("ingest", "read", "full")
    rows = tuple(
        KeyRow(
            f"00000000-0000-4000-8000-00000000000{index}",
            name,
            f"dt_{index}f3a9c07b",
            scopes[index % 3],
            NOW_MS - (40 + index) * DAY_MS,
            None if index == 1 else NOW_MS - index * HOUR_MS,
        )
        for index, name in enumerate(names)
    )
    if not is_new:
        return KeysView(ZONE, NOW_MS, rows)
    return KeysView(ZONE, NOW_MS, rows, KEY, names[0], "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d")


def make_privacy(patterns: tuple[str, ...] = ("*.env", "*/private/*")) -> PrivacyView:
    """Privacy with some exclusions."""
    return PrivacyView("keep", "hash", ("secret-work",), patterns)


def make_data(name: str = "wakatime-dump.json") -> DataView:
    """Imports in all states."""
    kinds = (("auto", "Find out by itself"), ("wakatime", "WakaTime data dump"), ("wakapi", "Wakapi CSV or JSON"))
    jobs = (
        ImportJob("1", name, "wakatime", "running", NOW_MS - 20_000, 61_200, 148_000, 60_990, 180, 30),
        ImportJob(
            "2",
            "export.csv",
            "wakapi",
            "done",
            NOW_MS - 3 * DAY_MS,
            900,
            900,
            880,
            8,
            12,
            ("row 17: time: no time at all", f"row 40: project: {HOSTILE[0]}"),
        ),
        ImportJob(
            "3",
            "holiday.zip",
            "auto",
            "failed",
            NOW_MS - 4 * DAY_MS,
            0,
            0,
            0,
            0,
            0,
            (),
            "this is no export of any kind known here",
        ),
    )
    return DataView(ZONE, NOW_MS, 412_906, NOW_MS - 900 * DAY_MS, 730, kinds, jobs)


def make_people(names: tuple[str, ...] = ("ada", "grace", "linus", "barbara")) -> PeopleView:
    """Members of every role and two invitations."""
    roles = ("owner", "admin", "member", "member")
    members = tuple(
        MemberRow(
            f"00000000-0000-4000-8000-00000000000{index}",
            name,
            name.title(),
            f"{name[:20]}@example.org",
            roles[index % 4],
            NOW_MS - (900 - index) * DAY_MS,
            None if index == 3 else NOW_MS - index * HOUR_MS,
            index == 3,
            index == 0,
        )
        for index, name in enumerate(names)
    )
    invitations = (
        InvitationRow("1", "Margaret", "member", names[0], NOW_MS - DAY_MS, NOW_MS + 6 * DAY_MS),
        InvitationRow("2", "", "admin", names[0], NOW_MS - 2 * DAY_MS, NOW_MS + 5 * DAY_MS),
    )
    link = "http://127.0.0.1:8787/signup?invite=kq3v0Yp2m8sTz4b7Xw1Lr9NcUe6Ja5Hd"
    return PeopleView(ZONE, NOW_MS, "invite", members, invitations, True, link, "Margaret")


def make_connect(*, arrived: bool = False, with_key: bool = False, project: str = "orbit-api") -> ConnectView:
    """Before and after the first heartbeat."""
    address = "http://127.0.0.1:8787"
    latest = Arrival(NOW_MS - 4_000, "vscode", project, "/heartbeats") if arrived else None
    return ConnectView(ZONE, NOW_MS, address, list_clients(address, KEY if with_key else ""), with_key, 2, latest)


def make_reference() -> ReferenceView:
    """A small document with every kind of thing in it."""
    heartbeat = {
        "type": "object",
        "required": ["tool", "timestamp"],
        "properties": {
            "tool": {"type": "string", "description": "The client, such as `vscode`."},
            "timestamp": {"type": "integer", "description": "Epoch milliseconds; seconds are understood, too."},
            "activity_type": {
                "type": "string",
                "enum": ["coding", "debugging", "prompting", "idle"],
                "default": "coding",
            },
            "project": {"oneOf": [{"type": "string"}, {"type": "null"}]},
            "ai": {
                "type": "object",
                "properties": {"tokens_in": {"type": "integer"}, "tokens_out": {"type": "integer"}},
            },
        },
    }
    answer = {
        "description": "Recorded",
        "content": {"application/json": {"example": {"ok": True}, "schema": {"type": "object"}}},
    }
    problem = {
        "description": f"Refused {HOSTILE[0]}",
        "content": {"application/problem+json": {"schema": {"type": "object"}}},
    }
    return describe(
        {
            "info": {
                "title": "DevTime API",
                "version": "0.1.0",
                "description": "Send heartbeats, read what they add up to.",
            },
            "tags": [
                {"name": "Heartbeats", "description": "What editors send."},
                {"name": "Statistics", "description": ""},
            ],
            "components": {"schemas": {"Heartbeat": heartbeat}},
            "security": [{"key": []}],
            "paths": {
                "/api/heartbeat": {
                    "post": {
                        "tags": ["Heartbeats"],
                        "summary": "Record one heartbeat",
                        "description": "Answers when it is durable.",
                        "requestBody": {
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Heartbeat"}}}
                        },
                        "responses": {"200": answer, "422": problem},
                    }
                },
                "/api/stats": {
                    "get": {
                        "tags": ["Statistics"],
                        "summary": "Time by tool, project, language and day",
                        "security": [],
                        "parameters": [
                            {
                                "name": "range",
                                "in": "query",
                                "description": "Which days.",
                                "schema": {"type": "string", "enum": ["today", "week", "month"], "default": "week"},
                            },
                            {
                                "name": "project",
                                "in": "query",
                                "schema": {"type": "array", "items": {"type": "string"}},
                            },
                        ],
                        "responses": {"200": answer},
                    },
                    "delete": {"summary": "Old", "deprecated": True, "responses": {"204": {"description": "Gone"}}},
                },
            },
        },
        "/api/docs/openapi.json",
    )


LOGIN = LoginView()
LOGIN_WRONG = LoginView("ada", "/range", "The name or the password is wrong.", True)
WELCOME = WelcomeView("kq3v0Yp2m8sTz4b7", "ada", is_first=True)
WELCOME_USED = WelcomeView("", "", is_valid=False)
SIGNUP = SignupView(invite="x", invited_by="ada")
SIGNUP_WRONG = SignupView(HOSTILE[0], "not an address", errors={"username": "letters, digits, dots and dashes only"})
SIGNUP_CLOSED = SignupView(is_open=False, reason="This server takes no new accounts. Ask its owner for an invitation.")
MISSING = ErrorView(404, "There is nothing here", "The address may be mistyped, or what it named has been deleted.")
BROKEN = ErrorView(400, "This range makes no sense", f"start: {HOSTILE[1]} is no day", "Back to ranges", "/range")
