"""Judging INSERT, UPDATE and DELETE, and binding them to the user's own rows."""

from __future__ import annotations

from collections.abc import Callable

from devtime.plugins.sql.refusal import Refused
from devtime.plugins.sql.relations import DELETION_MARK, WRITTEN_SCHEMA, Relation
from devtime.plugins.sql.scopes import Ctes
from devtime.plugins.sql.selecting import Selecting, find_relation
from devtime.plugins.sql.tree import Node, expression, kind_of, names, parse, unwrap

_Rule = Callable[[Relation], bool]

_OVERRIDING_NOTHING = (0, 1)
_DO_NOTHING, _DO_UPDATE = 2, 3
_NO_STAR = frozenset({"users", "api_keys"})
"""Tables that have more than plugins may see, so that `RETURNING *` would ask too much."""


class Writing:
    """One statement that changes rows."""

    def __init__(self, selecting: Selecting) -> None:
        self._selecting = selecting
        self._expressions = selecting.expressions
        self._names = selecting.names

    def judge_insert(self, node: Node) -> None:
        """Judge an INSERT. That the rows are the user's own, the database checks: they may come from anywhere."""
        ctes = self._selecting.judge_with(node, Ctes())
        relation = self._target(node.relation, ctes, lambda found: bool(found.inserts))
        if node.override not in _OVERRIDING_NOTHING:
            raise Refused("OVERRIDING is not available to plugins")
        if not len(node.cols) or not node.HasField("select_stmt"):
            raise Refused(f"name the columns: INSERT INTO {relation.name} (user_id, …) VALUES ($1, …)")  # noqa: S608
        columns = [self._written(wrapper, relation, relation.inserts, ctes) for wrapper in node.cols]
        if relation.owner not in columns:
            raise Refused(f"{relation.owner} is missing: every row belongs to a user, ctx.user_id")
        self._selecting.judge(node.select_stmt, ctes)
        if node.HasField("on_conflict_clause"):
            self._judge_conflict(node.on_conflict_clause, relation, ctes)
        self._judge_returning(node, relation, ctes)

    def judge_update(self, node: Node) -> None:
        """Judge an UPDATE and confine it to the user's rows."""
        ctes = self._selecting.judge_with(node, Ctes())
        relation = self._target(node.relation, ctes, lambda found: bool(found.updates))
        everything = self._selecting.judge_from(node.from_clause, ctes)
        for wrapper in node.target_list:
            self._written(wrapper, relation, relation.updates, ctes)
        self._expressions.judge(node.where_clause, ctes)
        self._judge_returning(node, relation, ctes, everything)
        self._confine(node, relation)

    def judge_delete(self, wrapper: Node, node: Node) -> bool:
        """Judge a DELETE and confine it; an account is marked instead. Answers whether the instant is needed."""
        ctes = self._selecting.judge_with(node, Ctes())
        relation = self._target(node.relation, ctes, lambda found: found.deletes)
        everything = self._selecting.judge_from(node.using_clause, ctes)
        self._expressions.judge(node.where_clause, ctes)
        self._judge_returning(node, relation, ctes, everything)
        self._confine(node, relation)
        if relation.name != "users":
            return False
        instant = self._selecting.parameters + 2
        mark = parse(f"UPDATE x SET {DELETION_MARK} = ${instant}::timestamptz").stmts[0].stmt  # noqa: S608
        update = mark.update_stmt
        for field in ("relation", "where_clause", "returning_clause", "with_clause"):
            if node.HasField(field):
                getattr(update, field).CopyFrom(getattr(node, field))
        update.from_clause.extend(node.using_clause)
        wrapper.CopyFrom(mark)
        return True

    def _target(self, node: Node, ctes: Ctes, is_allowed: _Rule) -> Relation:
        if ctes.find(node.relname) is not None:
            raise Refused(f'"{node.relname}" is a WITH query; only a table can be changed')
        relation = find_relation(node)
        if not is_allowed(relation):
            raise Refused(f"this change of {relation.name} is not available to plugins: {relation.refusal}")
        alias = node.alias.aliasname or node.relname
        if len(node.alias.colnames):
            raise Refused("the table that is changed takes an alias, but no column names")
        self._names.add(alias, relation.columns)
        node.schemaname = WRITTEN_SCHEMA
        node.alias.aliasname = alias
        return relation

    def _written(self, wrapper: Node, relation: Relation, allowed: frozenset[str], ctes: Ctes) -> str:
        target = unwrap(wrapper)
        if target is None or kind_of(target) != "ResTarget":
            raise Refused("this column list is not available to plugins")
        if target.name not in allowed:
            raise Refused(f'the column "{target.name}" of {relation.name} cannot be changed by plugins')
        for step in target.indirection:
            if kind_of(unwrap(step) or step) != "A_Indices":
                raise Refused(f'"{target.name}" has no parts that can be set by themselves')
            self._expressions.judge(step, ctes)
        self._expressions.judge(target.val, ctes)
        return target.name

    def _judge_conflict(self, node: Node, relation: Relation, ctes: Ctes) -> None:
        if node.infer.conname:
            raise Refused("name the columns of the conflict: ON CONFLICT (user_id, …)")
        elements = [unwrap(wrapper) for wrapper in node.infer.index_elems]
        keys = [element.name for element in elements if element is not None]
        if "" in keys or not set(keys) <= relation.columns or node.infer.HasField("where_clause"):
            raise Refused("ON CONFLICT takes names of columns")
        if node.action == _DO_NOTHING:
            return
        if node.action != _DO_UPDATE or relation.owner not in keys:
            raise Refused(f"name the columns of the conflict, {relation.owner} among them")
        self._names.add("excluded", relation.columns)
        self._expressions.is_settling = True
        for wrapper in node.target_list:
            self._written(wrapper, relation, relation.updates, ctes)
        self._expressions.judge(node.where_clause, ctes)
        self._expressions.is_settling = False

    def _judge_returning(self, node: Node, relation: Relation, ctes: Ctes, everything: tuple[str, ...] = ()) -> None:
        if not node.HasField("returning_clause"):
            return
        if len(node.returning_clause.options):
            raise Refused("RETURNING WITH is not available to plugins")
        if relation.name in _NO_STAR and any(_is_star(wrapper) for wrapper in node.returning_clause.exprs):
            raise Refused(f"RETURNING * is not available for {relation.name}; name the columns you need")
        self._selecting.judge_targets(node.returning_clause.exprs, ctes, (*relation.columns, *everything))

    def _confine(self, node: Node, relation: Relation) -> None:
        alias, parameter = node.relation.alias.aliasname, self._selecting.parameters + 1
        own = expression(f'"x"."{relation.owner}" = ${parameter}::uuid')
        own.a_expr.lexpr.column_ref.fields[0].string.sval = alias
        if node.HasField("where_clause"):
            both = expression("true AND true")
            both.bool_expr.args[0].CopyFrom(own)
            both.bool_expr.args[1].CopyFrom(node.where_clause)
            own = both
        node.where_clause.CopyFrom(own)


def _is_star(wrapper: Node) -> bool:
    target = unwrap(wrapper)
    value = unwrap(target.val) if target is not None else None
    return value is not None and kind_of(value) == "ColumnRef" and names(value.fields) is None
