"""What `devtime up` prints: services keep it in a log, so it tells a secret only where nobody could sign in without."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from devtime.accounts.users import User
from devtime.cli.up import tell_started
from devtime.kernel.settings import Settings
from devtime.running.first_start import Arrival
from devtime.running.up import Started

KEY = "dt_0123456789abcdef0123456789abcdef"
FLAGS = [field.name for field in msgspec.structs.fields(User) if field.type is bool]
OWNER = msgspec.convert(
    dict.fromkeys(("display_name", "email", "avatar_url", "password_hash", "country", "bio", "website"))
    | dict.fromkeys(FLAGS, False)
    | {"id": UUID(int=0), "username": "ada", "role": "owner", "plan": "free", "timezone": "UTC", "week_start": 1}
    | {"created_at": 0, "updated_at": 0},
    User,
)


@pytest.mark.parametrize("link", ["a-token", None])
def test_the_key_is_printed_until_the_owner_has_a_password(
    capsys: pytest.CaptureFixture[str], link: str | None
) -> None:
    tell_started(Started(Settings(home=Path("/home/ada/.devtime")), Arrival(OWNER, KEY, link)))
    told = capsys.readouterr().out
    assert ((KEY in told), ("a-token" in told)) == (link is not None, link is not None)
    assert "config.toml" in told
