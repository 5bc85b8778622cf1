"""Settings: where each comes from, which source wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtime.kernel.errors import Invalid
from devtime.kernel.settings import SETTINGS, Settings, merge_settings

HOME = Path("/somewhere")


def test_a_flag_wins_over_the_environment_which_wins_over_the_file() -> None:
    document = {"server": {"port": 1, "host": "file", "workers": 3}}
    environment = {"DEVTIME_PORT": "2", "DEVTIME_HOST": "environment"}
    settings = merge_settings(HOME, {"port": 4, "host": None}, environment, document)
    assert (settings.port, settings.host, settings.workers) == (4, "environment", 3)


def test_nothing_told_is_the_default() -> None:
    assert merge_settings(HOME, {}, {}, {}) == Settings(home=HOME)


def test_every_setting_can_be_told_by_environment_and_by_file() -> None:
    for setting in SETTINGS:
        value = {"port": "81", "workers": "2", "trust_proxy": "yes", "collect": "no"}.get(setting.field, "7")
        partner = {"tls_cert": "tls_key", "tls_key": "tls_cert"}.get(setting.field)
        others = {each.field: each for each in SETTINGS}
        environment = {setting.variable: value} | ({others[partner].variable: "x"} if partner else {})
        told = getattr(merge_settings(HOME, {}, environment, {}), setting.field)
        section, name = setting.key.split(".")
        document = {section: {name: value} | ({others[partner].key.split(".")[1]: "x"} if partner else {})}
        assert getattr(merge_settings(HOME, {}, {}, document), setting.field) == told == setting.read(value)


def test_an_empty_variable_counts_as_not_told() -> None:
    assert merge_settings(HOME, {}, {"DEVTIME_PORT": ""}, {}).port == Settings(home=HOME).port


@pytest.mark.parametrize(
    ("environment", "source"),
    [
        ({"DEVTIME_PORT": "eighty"}, "DEVTIME_PORT"),
        ({"DEVTIME_PORT": "70000"}, "port"),
        ({"DEVTIME_WORKERS": "0"}, "workers"),
        ({"DEVTIME_TRUST_PROXY": "maybe"}, "DEVTIME_TRUST_PROXY"),
        ({"DEVTIME_TLS_CERT": "cert.pem"}, "tls_cert"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_source(environment: dict[str, str], source: str) -> None:
    with pytest.raises(Invalid) as caught:
        merge_settings(HOME, {}, environment, {})
    assert caught.value.field == source


def test_a_wrong_type_in_the_file_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid, match=r"config\.toml, server\.port"):
        merge_settings(HOME, {}, {}, {"server": {"port": True}})


def test_a_section_that_is_no_table_is_passed_over() -> None:
    assert merge_settings(HOME, {}, {}, {"server": 5}).port == Settings(home=HOME).port


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8765"),
        ("0.0.0.0", "http://localhost:8765"),
        ("::", "http://localhost:8765"),
        ("::1", "http://[::1]:8765"),
    ],
)
def test_the_address_is_one_a_person_can_type(host: str, address: str) -> None:
    assert Settings(home=HOME, host=host).address == address


def test_the_public_url_is_the_address_when_there_is_one() -> None:
    assert Settings(home=HOME, public_url="https://time.example/").address == "https://time.example"
