"""One key, many spellings; and names that are taken as they are meant."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.accounts.keys import read_key, spell_uuid
from devtime.accounts.names import read_email, read_label, read_username, suggest_username
from devtime.accounts.passwords import check_password
from devtime.accounts.sessions import read_cookie
from devtime.kernel.errors import Invalid


@given(st.uuids(version=4), st.booleans(), st.sampled_from(["", "dt_", "waka_"]), st.booleans())
def test_every_spelling_of_a_key_is_the_same_key(uuid: UUID, is_dashed: bool, prefix: str, is_upper: bool) -> None:
    spelled = prefix + (str(uuid) if is_dashed else uuid.hex)
    assert read_key(f" {spelled.upper() if is_upper else spelled}\n") == f"dt_{uuid.hex}"
    assert spell_uuid(f"dt_{uuid.hex}") == str(uuid)


@given(st.text(max_size=80))
def test_any_other_text_is_no_key_and_no_fault(text: str) -> None:
    key = read_key(text)
    assert key is None or len(key) == 35
    read_cookie(text)


@pytest.mark.parametrize("text", ["", "dt_", "dt_" + "0" * 31, "dt_" + "0" * 33, "ct_" + "0" * 32, "dt_" + "g" * 32])
def test_what_is_no_key_is_told_apart(text: str) -> None:
    assert read_key(text) is None


@given(st.text())
def test_a_suggested_username_is_always_a_good_one(text: str) -> None:
    assert read_username(suggest_username(text)) == suggest_username(text)


@pytest.mark.parametrize("name", ["", " ", ".x", "x-", "a b", "<b>", "a\x00", "x" * 65, "ä", "\ud800"])
def test_bad_usernames_are_refused(name: str) -> None:
    with pytest.raises(Invalid, match="username"):
        read_username(name)


def test_labels_are_one_line_of_text() -> None:
    assert read_label(" <b>laptop</b> ", "name") == "<b>laptop</b>"
    for bad in ("a\nb", "\x00", "\ud800", "x" * 129):
        with pytest.raises(Invalid, match="name"):
            read_label(bad, "name")


def test_addresses_look_like_addresses() -> None:
    assert read_email(" ada@example.com ") == "ada@example.com"
    assert read_email("  ") is read_email(None) is None
    for bad in ("ada", "a@b@c", "a b@c.example", "a\x00@b.example", "x" * 300 + "@b.example"):
        with pytest.raises(Invalid, match="email"):
            read_email(bad)


def test_passwords_of_one_look_are_one_password() -> None:
    assert check_password("cafe\u0301 cafe\u0301!") == check_password("café café!")
    for bad in ("short", "x" * 1_025, "lone surrogate \ud800"):
        with pytest.raises(Invalid, match="password"):
            check_password(bad)
