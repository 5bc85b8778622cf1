"""`.ctplugin` files: what is packed comes out again, and nothing else does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.errors import Invalid
from devtime.plugins.kit.archive import Bundle, pack, unpack
from devtime.plugins.kit.manifest import Manifest


@given(st.text(max_size=200).filter(lambda text: text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)))
def test_a_plugin_comes_out_as_it_went_in(script: str) -> None:
    bundle = Bundle(Manifest(name="a-b", display_name="A «B»", plugin_type="lifecycle"), script)
    assert unpack(pack(bundle)) == bundle


def test_a_publish_body_alone_is_read_too() -> None:
    body = {"name": "a", "display_name": "A", "script": "log(1)", "has_external_access": False, "widget_type": None}
    assert unpack(json.dumps(body).encode()).manifest == Manifest(name="a", display_name="A")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04", "is not a .ctplugin file"),
        (b"\xff\xfe", "is not a .ctplugin file"),
        (b"[]", "is not a .ctplugin file"),
        (b'{"format": "zip"}', "is not a .ctplugin file"),
        (b'{"format": "ctplugin", "format_version": 2, "script": ""}', "newer format"),
        (b'{"name": "a", "display_name": "A"}', "holds no script"),
        (b'{"name": "../../etc", "display_name": "A", "script": ""}', "kebab-case"),
        (b" " * 600_000, "larger than"),
    ],
)
def test_what_is_no_plugin_is_refused_in_words(content: bytes, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        unpack(content)
