"""Nobody signs up as the author of what comes with DevTime, nor as something that looks like it."""

from __future__ import annotations

import pytest

from devtime.accounts.names import read_username, suggest_username
from devtime.kernel.errors import Invalid


@pytest.mark.parametrize("name", ["devtime", "DevTime", " devtime ", "dev-time", "d.e.v.t.i.m.e", "devt1me", "d3vtlme"])
def test_the_builtin_author_cannot_be_impersonated(name: str) -> None:
    with pytest.raises(Invalid):
        read_username(name)


def test_a_machine_user_of_that_name_becomes_owner() -> None:
    assert suggest_username("devtime") == "owner"
    assert suggest_username("devtime-ci") == "devtime-ci"
    assert read_username("devtimes") == "devtimes"
