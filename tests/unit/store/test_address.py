"""Addresses of databases, as URIs and back."""

from __future__ import annotations

import pytest

from devtime.kernel.errors import Invalid
from devtime.store.address import Address, parse_address

AWKWARD = "p@ss:w/or?d #%+&='\"é"


@pytest.mark.parametrize("host", ["db.example", "127.0.0.1", "::1", "/run/a b/é%2F"])
@pytest.mark.parametrize("password", [AWKWARD, "", None])
@pytest.mark.parametrize("ssl", ["require", None])
def test_an_address_survives_being_written_as_a_uri(host: str, password: str | None, ssl: str | None) -> None:
    address = Address(host, 5433, "us er@x", password, "da/ta base", ssl)
    assert parse_address(address.dsn()) == address


def test_what_a_uri_leaves_out_has_the_usual_values() -> None:
    assert parse_address("postgres://ada@db") == Address("db", 5432, "ada", None, "ada")
    assert parse_address("postgresql:///shop?user=ada&host=/run/pg&port=6000&password=x") == Address(
        "/run/pg", 6000, "ada", "x", "shop"
    )


@pytest.mark.parametrize(
    "text",
    [
        "mysql://a@b/c",
        "nonsense",
        "postgresql://host/db",
        "postgresql://a:secret@b:port/c",
        "postgresql://[a",
        "postgresql:///d?user=a&port=x",
    ],
)
def test_a_uri_that_names_no_database_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_address(text)
    assert caught.value.field == "DATABASE_URL"
    assert "secret" not in str(caught.value)


def test_the_password_is_not_shown() -> None:
    assert AWKWARD not in repr(Address("h", 1, "u", AWKWARD, "d"))


def test_programs_get_the_password_by_their_environment() -> None:
    variables = Address("/run/x", 5432, "u", "p", "d", "require").libpq()
    assert variables == {
        "PGHOST": "/run/x",
        "PGPORT": "5432",
        "PGUSER": "u",
        "PGPASSWORD": "p",
        "PGDATABASE": "d",
        "PGSSLMODE": "require",
    }
    assert "PGPASSWORD" not in Address("h", 1, "u", None, "d").libpq()
