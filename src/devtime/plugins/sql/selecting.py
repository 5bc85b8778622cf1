"""Judging SELECT, and putting the user's own rows where it names a table."""

from __future__ import annotations

from devtime.plugins.sql.expressions import Expressions
from devtime.plugins.sql.refusal import Refused
from devtime.plugins.sql.relations import RELATIONS, Relation
from devtime.plugins.sql.scopes import Columns, Ctes, Names
from devtime.plugins.sql.tree import Node, kind_of, names, relation_of_one, unwrap
from devtime.plugins.sql.vocabulary import ROWS

_NO_SET_OPERATION = (0, 1)
_PLAIN_LIMITS = (0, 1, 2)
"""Undefined, none, LIMIT; the other is WITH TIES."""


class Selecting:
    """The SELECTs of one statement."""

    def __init__(self, parameters: int) -> None:
        self.names = Names()
        self.parameters = parameters
        self.expressions = Expressions(self.names, parameters, self.judge)

    def judge(self, wrapper: Node, outer: Ctes) -> Columns:
        """Judge a SELECT or VALUES and rewrite its tables; answers the columns it is known to have."""
        node = unwrap(wrapper)
        if node is None or kind_of(node) != "SelectStmt":
            raise Refused("only a SELECT can stand inside a statement")
        ctes = self.judge_with(node, outer)
        if node.HasField("into_clause"):
            raise Refused("SELECT INTO makes a table; plugins cannot")
        if len(node.locking_clause):
            raise Refused("rows cannot be locked: leave FOR UPDATE and FOR SHARE out")
        if node.op not in _NO_SET_OPERATION:
            columns = self.judge(node.larg, ctes)
            self.judge(node.rarg, ctes)
        elif len(node.values_lists):
            self.expressions.judge_all(node.values_lists, ctes)
            row = unwrap(node.values_lists[0])
            columns = tuple(f"column{number}" for number in range(1, len(row.items if row is not None else ()) + 1))
        else:
            everything = self.judge_from(node.from_clause, ctes)
            columns = self.judge_targets(node.target_list, ctes, everything)
        judge = self.expressions.judge
        for clause in (node.where_clause, node.having_clause, node.limit_offset, node.limit_count):
            judge(clause, ctes)
        for clauses in (node.distinct_clause, node.group_clause, node.window_clause, node.sort_clause):
            self.expressions.judge_all(clauses, ctes)
        return columns

    def judge_with(self, node: Node, outer: Ctes) -> Ctes:
        """Judge the WITH of any statement; answers what it makes visible."""
        if not node.HasField("with_clause"):
            return outer
        if node.with_clause.recursive:
            raise Refused("WITH RECURSIVE is not available to plugins; generate_series can often replace it")
        ctes = Ctes(outer)
        for wrapper in node.with_clause.ctes:
            cte = unwrap(wrapper)
            if cte is None or cte.HasField("search_clause") or cte.HasField("cycle_clause"):
                raise Refused("SEARCH and CYCLE are not available to plugins")
            query = unwrap(cte.ctequery)
            if query is None or kind_of(query) != "SelectStmt":
                raise Refused("WITH holds SELECT only; run what changes rows as a statement of its own")
            columns = _renamed(self.judge(cte.ctequery, ctes), names(cte.aliascolnames) or [])
            ctes.add(cte.ctename, columns)
        return ctes

    def judge_targets(self, targets: Node, ctes: Ctes, everything: Columns) -> Columns:
        """Judge what SELECT or RETURNING lists; answers the names of its columns, as far as they are certain."""
        columns: list[str] = []
        for wrapper in targets:
            target = unwrap(wrapper)
            if target is None or kind_of(target) != "ResTarget" or len(target.indirection):
                raise Refused("this column list is not available to plugins")
            value = unwrap(target.val)
            if value is not None and kind_of(value) == "ColumnRef" and _ends_in_star(value):
                columns += self._judge_star(value, everything)
                continue
            if value is not None and kind_of(value) == "RowExpr":
                raise Refused("a row cannot be answered; list its parts as columns")
            self.expressions.judge(target.val, ctes)
            columns.append(target.name or _name_of(value))
        return tuple(columns)

    def judge_from(self, items: Node, ctes: Ctes) -> Columns:
        """Judge what stands in FROM; answers all its columns."""
        return tuple(column for wrapper in items for column in self._judge_item(wrapper, ctes))

    def _judge_item(self, wrapper: Node, ctes: Ctes) -> Columns:
        node = unwrap(wrapper)
        judge = getattr(self, f"_judge_{kind_of(node)}", None) if node is not None else None
        if judge is None or node is None:
            told = {"RangeTableSample": "TABLESAMPLE"}.get(kind_of(node), "this") if node is not None else "this"
            raise Refused(f"{told} is not available to plugins in FROM")
        return judge(wrapper, node, ctes)

    def _judge_RangeVar(self, wrapper: Node, node: Node, ctes: Ctes) -> Columns:
        cte = None if node.schemaname or node.catalogname else ctes.find(node.relname)
        if cte is not None:
            renamed = _renamed(cte, names(node.alias.colnames) or [])
            self.names.add(node.alias.aliasname or node.relname, renamed)
            return renamed
        relation = find_relation(node)
        columns = _renamed(tuple(sorted(relation.columns)), names(node.alias.colnames) or [], is_ordered=False)
        alias = node.alias.aliasname or node.relname
        self.names.add(alias, columns)
        self._confine(wrapper, node, relation, alias)
        return columns

    def _confine(self, wrapper: Node, node: Node, relation: Relation, alias: str) -> None:
        """Put the user's own rows in the place of the table."""
        if relation.owner is None:
            node.schemaname = relation.schema
            return
        kept = list(node.alias.colnames)
        own = relation_of_one(relation.schema, relation.name, relation.owner, self.parameters + 1)
        inner = own.range_subselect
        inner.alias.aliasname = alias
        inner.alias.colnames.extend(kept)
        wrapper.CopyFrom(own)

    def _judge_RangeSubselect(self, _wrapper: Node, node: Node, ctes: Ctes) -> Columns:
        columns = _renamed(self.judge(node.subquery, ctes), names(node.alias.colnames) or [])
        if node.alias.aliasname:
            self.names.add(node.alias.aliasname, columns)
        return columns

    def _judge_JoinExpr(self, _wrapper: Node, node: Node, ctes: Ctes) -> Columns:
        if node.HasField("alias") or node.HasField("join_using_alias"):
            raise Refused("a JOIN itself takes no alias; give its tables one")
        columns = self._judge_item(node.larg, ctes) + self._judge_item(node.rarg, ctes)
        self.expressions.judge(node.quals, ctes)
        return columns

    def _judge_RangeFunction(self, _wrapper: Node, node: Node, ctes: Ctes) -> Columns:
        if len(node.coldeflist) or node.is_rowsfrom or len(node.functions) != 1:
            raise Refused("FROM takes one function without column definitions")
        inner = unwrap(node.functions[0])
        items = list(inner.items) if inner is not None and kind_of(inner) == "List" else []
        call = unwrap(items[0]) if items else None
        parts = names(call.funcname) if call is not None and kind_of(call) == "FuncCall" else None
        if not parts or parts[-1] not in ROWS or any(unwrap(item) is not None for item in items[1:]):
            raise Refused(f"{'.'.join(parts or ['this'])} is not available to plugins in FROM")
        self.expressions.judge(items[0], ctes)
        alias = node.alias.aliasname or parts[-1]
        known = ROWS[parts[-1]]
        columns = tuple(sorted(known)) or (alias,)
        columns = _renamed(columns + (("ordinality",) if node.ordinality else ()), names(node.alias.colnames) or [])
        self.names.add(alias, columns, is_scalar=len(known) < 2 and not node.ordinality)
        return columns

    def _judge_star(self, value: Node, everything: Columns) -> Columns:
        fields = names(list(value.fields)[:-1])
        if fields is None or len(fields) > 1:
            raise Refused("* is written by itself or as alias.*")
        if not fields:
            return everything
        self.names.refer_to_all(fields[0])
        return tuple(self.names.columns(fields[0])) if self.names.has(fields[0]) else ()


def find_relation(node: Node) -> Relation:
    """The documented table a name means."""
    if node.schemaname not in ("", "public") or node.catalogname:
        raise Refused(
            f'"{node.schemaname}.{node.relname}" is not available to plugins; tables are named without a schema'
        )
    relation = RELATIONS.get(node.relname)
    if relation is None:
        raise Refused(f'the table "{node.relname}" is not available to plugins; these are: {", ".join(RELATIONS)}')
    return relation


def _renamed(columns: Columns, new: list[str], *, is_ordered: bool = True) -> Columns:
    """Columns after an alias's column list. Where the order is not certain, only what it names is."""
    if not new:
        return columns
    return (*new, *columns[len(new) :]) if is_ordered and len(set(columns)) == len(columns) else tuple(new)


def _ends_in_star(node: Node) -> bool:
    last = unwrap(node.fields[-1])
    return last is not None and kind_of(last) == "A_Star"


def _name_of(value: Node | None) -> str:
    """How PostgreSQL calls an unnamed column; a name nobody can write where that is not certain."""
    if value is not None and kind_of(value) == "ColumnRef":
        return (names(value.fields) or [""])[-1]
    if value is not None and kind_of(value) == "FuncCall":
        return (names(value.funcname) or [""])[-1]
    return ""
