"""What a plugin may ask for beyond what every plugin may."""

from __future__ import annotations

from typing import Any

import pytest

from devtime.kernel.errors import Invalid
from devtime.plugins.grants import Grants, parse_grants


def test_grants_are_read_sorted_and_once() -> None:
    told = {"hosts": ["b.example.org", "API.example.org ", "b.example.org"], "scopes": ["ingest"]}
    assert parse_grants(told) == Grants(("api.example.org", "b.example.org"), ("ingest",))
    assert parse_grants(None) == parse_grants({}) == Grants()


@pytest.mark.parametrize(
    "host",
    [
        "*", "*.example.org", "localhost", "127.0.0.1", "[::1]", "169.254.169.254", "0x7f.1", "2130706433", "intranet",
        "printer.local", "api.example.org:8080", "https://api.example.org", "api.example.org/path", "api.example.org.",
        "user@api.example.org", "api.example.org; script-src *", "api.example.org 'unsafe-inline'", "аpi.example.org",
        "api.example.org\n", "", "-a.example.org", "a" * 64 + ".org", "metadata.google.internal", "a.b\u2028.org",
    ],
)  # fmt: skip
def test_only_full_names_of_public_hosts_are_asked_for(host: str) -> None:
    if host.strip() == "api.example.org":
        assert parse_grants({"hosts": [host]}).hosts == ("api.example.org",)
        return
    with pytest.raises(Invalid):
        parse_grants({"hosts": [host]})


@pytest.mark.parametrize(
    "told",
    [
        [], "hosts", 1, True, {"hosts": "api.example.org"}, {"hosts": [1]}, {"scopes": ["full"]}, {"scopes": {"a": 1}},
        {"admin": True}, {"hosts": [f"h{number}.example.org" for number in range(11)]},
    ],
)  # fmt: skip
def test_what_is_no_grant_is_refused(told: Any) -> None:
    with pytest.raises(Invalid):
        parse_grants(told)


def test_grants_are_compared_by_what_they_allow() -> None:
    few, many = parse_grants({"hosts": ["a.org"]}), parse_grants({"hosts": ["a.org", "b.org"], "scopes": ["write"]})
    assert many.covers(few)
    assert not few.covers(many)
    assert few.covers(Grants())
    assert many.within(few) == few
    assert many.beyond(few) == parse_grants({"hosts": ["b.org"], "scopes": ["write"]})
    assert not Grants()


def test_each_grant_is_a_sentence() -> None:
    sentences = parse_grants({"hosts": ["a.example.org"], "scopes": ["write", "ingest"]}).describe()
    assert len(sentences) == 3
    assert "a.example.org" in sentences[0]
    assert all(sentence.endswith(".") for sentence in sentences)
