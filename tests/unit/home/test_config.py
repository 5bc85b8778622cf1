"""`config.toml`: read, written without loss, and only for its owner's eyes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from devtime.home.config import config_path, home_folder, load_settings, read_api, write_api
from devtime.kernel.errors import Invalid


def test_the_home_is_the_flag_then_the_variable_then_a_folder_of_the_user() -> None:
    environment = {"DEVTIME_HOME": "/from/environment"}
    assert home_folder(environment, Path("/from/flag")) == Path("/from/flag")
    assert home_folder(environment) == Path("/from/environment")
    assert home_folder({}) == Path("~/.devtime").expanduser()


def test_a_fresh_file_has_the_sections_clients_read(tmp_path: Path) -> None:
    write_api(tmp_path / "home", "http://localhost:1", "dt_x")
    text = config_path(tmp_path / "home").read_text("utf-8")
    for line in ("[api]", "[privacy]", "[tracking]", 'endpoint = "http://localhost:1"', 'key = "dt_x"'):
        assert line in text


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    config_path(tmp_path).write_text('# mine\n[tracking]\nidle_timeout_minutes = 5 # short\n[api]\nkey = "old"\n')
    write_api(tmp_path, "http://localhost:1", "new")
    text = config_path(tmp_path).read_text("utf-8")
    assert "# mine" in text
    assert "idle_timeout_minutes = 5 # short" in text
    assert read_api(tmp_path) == ("http://localhost:1", "new")


def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    config_path(tmp_path).write_text("")
    config_path(tmp_path).chmod(0o644)
    write_api(tmp_path, "http://localhost:1", "dt_x")
    assert stat.S_IMODE(config_path(tmp_path).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_a_file_that_is_not_toml_is_named_with_the_place(tmp_path: Path) -> None:
    config_path(tmp_path).write_text("[api\nkey = 1\n")
    with pytest.raises(Invalid, match=r"not valid TOML.*line 1"):
        load_settings(tmp_path, {}, {})


def test_no_file_and_strange_types_read_as_nothing(tmp_path: Path) -> None:
    assert read_api(tmp_path) == ("", "")
    config_path(tmp_path).write_text("api = 3\n")
    assert read_api(tmp_path) == ("", "")
