"""What a user allows a plugin beyond what every plugin may: foreign hosts, and scopes of its token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from devtime.kernel.errors import Invalid

MOST_HOSTS = 10
SCOPES: Mapping[str, str] = {
    "ingest": "It may record time for you, as an editor does.",
    "write": "It may change what you have here: settings, plugins and notes, but neither keys nor passwords.",
}
"""The scopes there are besides reading, which every plugin may: by name, in words for the person who is asked."""

_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_INWARD = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".onion")


class Grants(msgspec.Struct, frozen=True):
    """Hosts a plugin may reach, and scopes its token has besides reading; each sorted, none twice."""

    hosts: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hosts or self.scopes)

    def covers(self, other: Grants) -> bool:
        """Whether all that the other allows is allowed here too."""
        return set(other.hosts) <= set(self.hosts) and set(other.scopes) <= set(self.scopes)

    def within(self, other: Grants) -> Grants:
        """What both allow."""
        return Grants(
            tuple(host for host in self.hosts if host in other.hosts),
            tuple(scope for scope in self.scopes if scope in other.scopes),
        )

    def beyond(self, other: Grants) -> Grants:
        """What is allowed here and not there."""
        return Grants(
            tuple(host for host in self.hosts if host not in other.hosts),
            tuple(scope for scope in self.scopes if scope not in other.scopes),
        )

    def describe(self) -> list[str]:
        """A sentence for each, as the person who is asked reads it."""
        hosts = [f"It may exchange data with {host}, and tell it anything it can read here." for host in self.hosts]
        return hosts + [SCOPES[scope] for scope in self.scopes if scope in SCOPES]


def parse_grants(told: Any) -> Grants:
    """The grants of `{"hosts": […], "scopes": […]}`, both optional; None is none. Invalid names the field."""
    if told is None:
        return Grants()
    try:
        fields = msgspec.convert(told, dict[str, Any])
    except msgspec.ValidationError:
        raise Invalid("grants", "is an object with hosts and scopes") from None
    if unknown := sorted(fields.keys() - {"hosts", "scopes"}):
        raise Invalid(f"grants.{unknown[0][:64]}", "is not known; there are hosts and scopes")
    hosts, scopes = _read_texts(fields, "hosts"), _read_texts(fields, "scopes")
    if len(hosts) > MOST_HOSTS:
        raise Invalid("grants.hosts", f"are {MOST_HOSTS} at most")
    return Grants(
        tuple(sorted({_read_host(host) for host in hosts})), tuple(sorted({_read_scope(scope) for scope in scopes}))
    )


def _read_texts(fields: Mapping[str, Any], name: str) -> list[str]:
    told: Any = fields.get(name, ())
    try:
        return msgspec.convert(told, list[str])
    except msgspec.ValidationError:
        raise Invalid(f"grants.{name}", "is a list of texts") from None


def _read_host(text: str) -> str:
    host = text.strip().lower()
    if not _HOST.fullmatch(host) or host.endswith(_INWARD):
        raise Invalid(
            "grants.hosts",
            "are full names such as api.example.org: no address, port, wildcard or name of a local network",
        )
    return host


def _read_scope(text: str) -> str:
    if text not in SCOPES:
        raise Invalid("grants.scopes", f"are of {', '.join(SCOPES)}")
    return text
