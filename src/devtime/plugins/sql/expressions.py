"""Judging expressions: which kinds of nodes, functions, operators and types may stand in them."""

from __future__ import annotations

from collections.abc import Callable

from devtime.plugins.sql.refusal import Refused
from devtime.plugins.sql.scopes import Ctes, Names
from devtime.plugins.sql.tree import Node, expression, kind_of, names, unwrap, wrappers
from devtime.plugins.sql.vocabulary import FUNCTIONS, OPERATORS, PLAIN_NODES, PRESENT, TYPES, VOLATILE

_MOST_NODES = 5_000
_SIMILAR, _BETWEEN_FIRST = 10, 11
"""Numbers of A_Expr kinds: SIMILAR TO, and the first of the four BETWEENs, whose operator has no name of its own."""
_USER_FUNCTIONS = range(10, 16)
"""CURRENT_ROLE … CURRENT_SCHEMA."""
_NOW = (4, 5)
"""CURRENT_TIMESTAMP, with and without a precision."""

Subquery = Callable[[Node, Ctes], object]


class Expressions:
    """The expressions of one statement. `subquery` judges a SELECT inside one."""

    def __init__(self, names_: Names, parameters: int, subquery: Subquery) -> None:
        self._names = names_
        self._parameters = parameters
        self._subquery = subquery
        self._nodes = 0
        self.is_settling = False
        """Whether what is judged stands in DO UPDATE: the present is then told as a value."""
        self.has_instant = False
        self.used: set[int] = set()

    def judge(self, wrapper: Node, ctes: Ctes) -> None:
        """Refuse what must not be in this expression; rewrite what must be written otherwise."""
        node = unwrap(wrapper)
        if node is None:
            return
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise Refused("the statement is too long; pass a list as one parameter: column = ANY($1)")
        kind = kind_of(node)
        if self.is_settling and self._is_present(kind, node):
            wrapper.CopyFrom(expression(f"${self._parameters + 2}::timestamptz"))
            self.has_instant = True
            return
        special = getattr(self, f"_judge_{kind}", None)
        if special is not None:
            special(node, ctes)
        elif kind in PLAIN_NODES:
            self._judge_inside(node, ctes)
        else:
            raise Refused(_REASONS.get(kind, f"{_words(kind)} is not available to plugins"))

    def judge_all(self, wrappers_: Node, ctes: Ctes) -> None:
        """Judge each of a list."""
        for wrapper in wrappers_:
            self.judge(wrapper, ctes)

    def _judge_inside(self, node: Node, ctes: Ctes) -> None:
        for wrapper in wrappers(node):
            self.judge(wrapper, ctes)

    def _judge_ColumnRef(self, node: Node, _ctes: Ctes) -> None:
        fields = names(node.fields)
        if fields is None:
            raise Refused("* stands only by itself in SELECT or RETURNING, or in count(*)")
        self._names.refer(fields)

    def _judge_ParamRef(self, node: Node, _ctes: Ctes) -> None:
        if not 1 <= node.number <= self._parameters:
            told = f"{self._parameters} given" if self._parameters else "none was given"
            raise Refused(f"${node.number} has no parameter: {told}")
        self.used.add(node.number)

    def _judge_FuncCall(self, node: Node, ctes: Ctes) -> None:
        parts = names(node.funcname) or []
        name = parts[-1] if parts else ""
        if parts[:-1] not in ([], ["pg_catalog"]) or name not in FUNCTIONS:
            raise Refused(f"the function {'.'.join(parts)} is not available to plugins")
        if self.is_settling and name in VOLATILE:
            raise Refused(f"{name}() cannot be used in DO UPDATE; pass the value as a parameter")
        for wrapper in wrappers(node):
            if kind_of(unwrap(wrapper) or wrapper) != "String":
                self.judge(wrapper, ctes)

    def _judge_A_Expr(self, node: Node, ctes: Ctes) -> None:
        if node.kind == _SIMILAR:
            raise Refused("SIMILAR TO is not available to plugins; use LIKE")
        if node.kind < _BETWEEN_FIRST:
            self._judge_operator(node.name)
        self.judge(node.lexpr, ctes)
        self.judge(node.rexpr, ctes)

    def _judge_operator(self, parts: Node) -> None:
        found = names(parts)
        if found is None or len(found) != 1 or found[0] not in OPERATORS:
            raise Refused(f"the operator {'.'.join(found or ['?'])} is not available to plugins")

    def _judge_TypeCast(self, node: Node, ctes: Ctes) -> None:
        self.judge(node.arg, ctes)
        self.judge_type(node.type_name, ctes)

    def judge_type(self, node: Node, ctes: Ctes) -> None:
        """Refuse a type that is not listed."""
        parts = names(node.names) or []
        if parts[:-1] not in ([], ["pg_catalog"]) or not parts or parts[-1] not in TYPES:
            raise Refused(f"the type {'.'.join(parts)} is not available to plugins")
        if node.setof or node.pct_type:
            raise Refused("a type is named by its name only")
        self.judge_all(node.typmods, ctes)

    def _judge_TypeName(self, node: Node, ctes: Ctes) -> None:
        self.judge_type(node, ctes)

    def _judge_SubLink(self, node: Node, ctes: Ctes) -> None:
        if len(node.oper_name):
            self._judge_operator(node.oper_name)
        if node.HasField("testexpr"):
            self.judge(node.testexpr, ctes)
        self._subquery(node.subselect, ctes)

    def _judge_A_Indirection(self, node: Node, ctes: Ctes) -> None:
        for wrapper in node.indirection:
            if kind_of(unwrap(wrapper) or wrapper) != "A_Indices":
                raise Refused("(value).name is not available to plugins; write alias.column")
            self.judge(wrapper, ctes)
        self.judge(node.arg, ctes)

    def _judge_SortBy(self, node: Node, ctes: Ctes) -> None:
        if len(node.use_op):
            raise Refused("ORDER BY … USING is not available to plugins; use ASC or DESC")
        self.judge(node.node, ctes)

    def _judge_SQLValueFunction(self, node: Node, _ctes: Ctes) -> None:
        if node.op in _USER_FUNCTIONS:
            raise Refused("who is connected to the database is not told to plugins; use ctx.user_id")

    def _is_present(self, kind: str, node: Node) -> bool:
        if kind == "SQLValueFunction":
            return node.op in _NOW
        found = names(node.funcname) if kind == "FuncCall" else None
        return bool(found) and found[-1] in PRESENT and len(node.args) == 0


def _words(kind: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip("_ ")


_REASONS = {
    "SelectStmt": "a SELECT inside an expression stands in brackets",
    "CollateClause": "COLLATE is not available to plugins",
    "LockingClause": "rows cannot be locked: leave FOR UPDATE out",
    "IntoClause": "SELECT INTO makes a table; plugins cannot",
    "CurrentOfExpr": "CURRENT OF is not available to plugins",
    "MultiAssignRef": "SET (a, b) = … is not available to plugins; write SET a = …, b = …",
    "XmlExpr": "XML is not available to plugins",
    "BitString": "bit strings are not available to plugins",
}
