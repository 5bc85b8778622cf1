"""The syntax tree of PostgreSQL's own parser: into it, out of it, and its small change. Nothing here judges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import postgast
from google.protobuf.message import DecodeError

from devtime.plugins.sql.refusal import Refused

Node = Any
"""A message of the tree; which kind it is, `kind_of` says. Only this package touches them."""

_MESSAGE = 11
"""The type number of fields that hold messages, in protocol buffers."""


def parse(text: str) -> Node:
    """The tree of a text; Refused when it is no SQL, or nested deeper than can be read."""
    try:
        return postgast.parse(text)
    except postgast.PgQueryError as error:
        raise Refused(str(error).split(" (")[0]) from None
    except (DecodeError, RecursionError):
        raise Refused("the statement is nested too deeply; split it, or use WITH") from None


def write(tree: Node) -> str:
    """The text of a tree."""
    try:
        return postgast.deparse(tree)
    except postgast.PgQueryError:
        raise Refused("the statement uses something plugins cannot use") from None


def kind_of(node: Node) -> str:
    """The name of a message's type."""
    return node.DESCRIPTOR.name


def unwrap(node: Node) -> Node | None:
    """What a `Node` holds; None when it is empty; any other message as it is."""
    if kind_of(node) != "Node":
        return node
    name = node.WhichOneof("node")
    return None if name is None else getattr(node, name)


def wrappers(node: Node) -> Iterator[Node]:
    """Every message directly below, still wrapped, in the tree's order."""
    for field, value in node.ListFields():
        if field.type == _MESSAGE:
            if hasattr(value, "DESCRIPTOR"):
                yield value
            else:
                yield from value


def children(node: Node) -> Iterator[Node]:
    """Every message directly below, unwrapped; empty ones are left out."""
    for wrapper in wrappers(node):
        child = unwrap(wrapper)
        if child is not None:
            yield child


def names(parts: Node) -> list[str] | None:
    """The strings of a list of String nodes; None when it holds anything else."""
    found: list[str] = []
    for part in parts:
        node = unwrap(part)
        if node is None or kind_of(node) != "String":
            return None
        found.append(node.sval)
    return found


def expression(text: str) -> Node:
    """The tree of one expression of ours."""
    return cast("Node", postgast.parse(f"SELECT {text}")).stmts[0].stmt.select_stmt.target_list[0].res_target.val


def relation_of_one(schema: str, table: str, column: str, parameter: int) -> Node:
    """A subquery of ours that answers the rows of a table that belong to the user `$parameter`."""
    text = f"SELECT * FROM (SELECT * FROM {schema}.{table} WHERE {column} = ${parameter}::uuid) x"  # noqa: S608
    return cast("Node", postgast.parse(text)).stmts[0].stmt.select_stmt.from_clause[0]
