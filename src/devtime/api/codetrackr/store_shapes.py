"""From what the marketplace knows to CodeTrackr's shapes."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from devtime.kernel.clock import to_rfc3339
from devtime.kernel.errors import Invalid
from devtime.marketplace.listings import Listing
from devtime.marketplace.themes import Theme
from devtime.wire.store import StorePlugin, ThemeEntry

_Shape = TypeVar("_Shape")

_COPIED = tuple(
    name
    for name in StorePlugin.__struct_fields__
    if name not in ("id", "author_id", "created_at", "updated_at", "hosts", "scopes")
)


def store_plugin(listing: Listing) -> StorePlugin:
    """A listing, with its script if it has one at hand."""
    return StorePlugin(
        **{name: getattr(listing, name) for name in _COPIED},
        id=str(listing.id),
        author_id=str(listing.author_id),
        created_at=to_rfc3339(listing.created_at),
        updated_at=to_rfc3339(listing.updated_at),
        hosts=list(listing.grants.hosts),
        scopes=list(listing.grants.scopes),
    )


def theme_entry(theme: Theme) -> ThemeEntry:
    """A theme."""
    fields = {**msgspec.structs.asdict(theme), "id": str(theme.id)}
    return msgspec.convert(fields, ThemeEntry)


def read_body(body: bytes, shape: type[_Shape], *, may_be_empty: bool = False) -> _Shape:
    """The body as the shape; an absent one is an object without fields where that is allowed."""
    if not body.strip():
        if not may_be_empty:
            raise Invalid("", "the body is empty")
        body = b"{}"
    return msgspec.json.decode(body, type=shape)
