"""Checking one statement: parsed, judged, bound to a user, written anew. What runs is what was judged."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from devtime.plugins.sql.refusal import Refused
from devtime.plugins.sql.scopes import Ctes
from devtime.plugins.sql.selecting import Selecting
from devtime.plugins.sql.tree import Node, children, kind_of, parse, unwrap, write
from devtime.plugins.sql.writing import Writing

MOST_CHARS = 10_000
MOST_PARAMETERS = 100
ROW_BYTES = 1 << 20
"""The largest row that leaves the database."""
TOO_LARGE = "devtime: row too large"
"""What the database's error tells when a row is larger."""

_REMEMBERED = 1_024


class Checked(msgspec.Struct, frozen=True):
    """A statement that may run. After the plugin's own parameters it takes the user's id, and then, if `has_instant`,
    the time of the transaction.
    """

    text: str
    verb: str
    """select, insert, update or delete."""
    has_rows: bool
    has_user: bool
    has_instant: bool


def check_statement(text: str, parameters: int) -> Checked:
    """Check a plugin's statement that comes with so many parameters; Refused, in words for its author."""
    if len(text) > MOST_CHARS:
        raise Refused(f"the statement has {len(text)} characters; the most is {MOST_CHARS}. Pass data as parameters")
    if parameters > MOST_PARAMETERS:
        raise Refused(f"there are {parameters} parameters; the most is {MOST_PARAMETERS}. Pass a list as one parameter")
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refused("the statement holds a character that is no text")
    answer = _check(text, parameters)
    if isinstance(answer, str):
        raise Refused(answer)
    return answer


@lru_cache(maxsize=_REMEMBERED)
def _check(text: str, parameters: int) -> Checked | str:
    """What is to run, or why not: refusals are remembered too."""
    try:
        return _judge(text, parameters)
    except Refused as refused:
        return refused.reason


def _judge(text: str, parameters: int) -> Checked:
    tree = parse(text)
    if len(tree.stmts) != 1:
        raise Refused("one statement at a time" if len(tree.stmts) else "there is no statement")
    wrapper = tree.stmts[0].stmt
    node = unwrap(wrapper)
    verb = _VERBS.get(kind_of(node)) if node is not None else None
    if node is None or verb is None:
        raise Refused("only SELECT, INSERT, UPDATE and DELETE are available to plugins")
    selecting = Selecting(parameters)
    has_instant = _judge_verb(verb, wrapper, node, selecting)
    selecting.names.judge()
    unused = set(range(1, parameters + 1)) - selecting.expressions.used
    if unused:
        raise Refused(f"parameter ${min(unused)} is given but not used")
    has_user = _uses(wrapper, parameters + 1)
    if not has_user:
        _renumber(wrapper, parameters + 2, parameters + 1)
    has_rows = verb == "select" or node.HasField("returning_clause")
    # A lone semicolon's length would cut the text that is written.
    tree.stmts[0].stmt_len = 0
    return Checked(
        text=_bounded(write(tree), verb) if has_rows else write(tree),
        verb=verb,
        has_rows=has_rows,
        has_user=has_user,
        has_instant=has_instant or selecting.expressions.has_instant,
    )


def _judge_verb(verb: str, wrapper: Node, node: Node, selecting: Selecting) -> bool:
    if verb == "select":
        selecting.judge(wrapper, Ctes())
        return False
    writing = Writing(selecting)
    if verb == "insert":
        writing.judge_insert(node)
        return False
    if verb == "update":
        writing.judge_update(node)
        return False
    return writing.judge_delete(wrapper, node)


def _parameters(node: Node) -> Iterator[Node]:
    for child in children(node):
        if kind_of(child) == "ParamRef":
            yield child
        yield from _parameters(child)


def _uses(node: Node, number: int) -> bool:
    return any(parameter.number == number for parameter in _parameters(node))


def _renumber(node: Node, old: int, new: int) -> None:
    for parameter in _parameters(node):
        if parameter.number == old:
            parameter.number = new


def _bounded(text: str, verb: str) -> str:
    """The same rows, with an error in the place of one that is too large: the reader must not have to hold it."""
    told = f"('{TOO_LARGE}' || pg_column_size(q.*))::boolean"
    bound = f"CASE WHEN pg_column_size(q.*) <= {ROW_BYTES} THEN true ELSE {told} END"
    if verb == "select":
        return f"SELECT q.* FROM ({text}) q WHERE {bound}"  # noqa: S608 - written from the judged tree
    return f"WITH q AS ({text}) SELECT q.* FROM q WHERE {bound}"  # noqa: S608


_VERBS = {"SelectStmt": "select", "InsertStmt": "insert", "UpdateStmt": "update", "DeleteStmt": "delete"}
