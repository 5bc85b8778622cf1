"""What the connect page tells people to paste, and the reference made of an OpenAPI document."""

from __future__ import annotations

import json
import shlex
import tomllib
from configparser import ConfigParser
from uuid import UUID

import pytest

from devtime.web import links
from devtime.web.reference import describe
from devtime.web.snippets import PLACEHOLDER, UUID_PLACEHOLDER, curl_heartbeat, list_clients
from samples.rooms import KEY, make_reference

ADDRESS = "http://127.0.0.1:8787"


def codes(language: str, key: str = KEY) -> list[str]:
    """The snippets in a language."""
    clients = list_clients(f"{ADDRESS}/", key)
    return [each.code for client in clients for each in client.snippets if each.language == language]


def test_every_wakatime_plugin_is_given_the_address_and_the_key_as_a_uuid() -> None:
    found = codes("ini")
    assert len(found) >= 6
    for code in found:
        config = ConfigParser()
        config.read_string(code)
        assert dict(config["settings"]) == {"api_url": f"{ADDRESS}/api/v1", "api_key": str(UUID(KEY[3:]))}


def test_settings_files_parse_and_hold_address_and_key() -> None:
    files = [tomllib.loads(code) for code in codes("toml")]
    own = [file for file in files if "api" in file]
    assert len(own) == 3
    assert all(file == {"api": {"endpoint": ADDRESS, "key": KEY}} for file in own)
    for code in codes("json"):
        text = json.dumps(json.loads(code))
        assert (ADDRESS in text and KEY in text) or "lsp" in text.lower()


def test_the_shell_snippet_sends_a_whole_heartbeat() -> None:
    words = shlex.split(curl_heartbeat(ADDRESS, KEY).replace("$(date +%s)", "1705600000"))
    assert words[:4] == ["curl", "-X", "POST", f"{ADDRESS}/api/heartbeat"]
    assert f"Authorization: Bearer {KEY}" in words
    body = json.loads(words[words.index("-d") + 1])
    assert body == {"tool": "curl", "project": "hello", "activity_type": "coding", "timestamp": 1705600000000}


def test_without_a_key_the_snippets_say_where_it_goes() -> None:
    assert all(UUID_PLACEHOLDER in code for code in codes("ini", ""))
    kept = [code for kind in ("toml", "sh", "json") for code in codes(kind, "") if "api" in code or "curl" in code]
    assert len(kept) >= 5
    assert all(PLACEHOLDER in code for code in kept)


def test_the_reference_groups_endpoints_and_follows_references() -> None:
    view = make_reference()
    assert [group.name for group in view.groups] == ["Heartbeats", "Statistics", "Other"]
    (post,) = view.groups[0].endpoints
    assert (post.method, post.path, post.needs_key) == ("POST", "/api/heartbeat", True)
    fields = {field.name: field for field in post.requests[0].fields}
    assert fields["tool"].is_required
    assert fields["project"].type == "string or null"
    assert fields["activity_type"].choices == ("coding", "debugging", "prompting", "idle")
    assert fields["ai.tokens_in"].type == "integer"
    (get,) = view.groups[1].endpoints
    assert not get.needs_key
    assert [field.type for field in get.parameters] == ["string", "array of string"]


@pytest.mark.parametrize(
    "document", [{}, {"paths": {"/a": {"get": None}}}, {"paths": {"/a": {"get": {"responses": 3}}}}]
)
def test_a_document_with_holes_in_it_is_still_described(document: dict[str, object]) -> None:
    assert describe(document, "/").title == ""


def test_a_reference_that_leads_to_itself_ends() -> None:
    loop = {"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}}
    body = {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}
    assert describe({**loop, "paths": {"/a": {"post": {"tags": ["t"], **body}}}}, "/").groups[0].endpoints


def test_links_quote_values_and_name_what_was_never_recorded() -> None:
    path = links.heartbeats_path(0, 1, {"project": "a&b=c d", "tool": "", "language": ["x", "y"]})
    assert path.startswith("/heartbeats?start=1970-01-01T00%3A00%3A00Z&end=1970-01-01T00%3A00%3A00.001Z&")
    assert path.endswith("project=a%26b%3Dc+d&tool=Unknown&language=x&language=y")
    assert links.project_path("ö/<x>") == "/project?name=%C3%B6%2F%3Cx%3E"
