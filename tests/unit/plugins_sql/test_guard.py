"""What the guard of plugin SQL refuses, lets through and writes."""

from __future__ import annotations

import string

import postgast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtime.plugins.sql import Refused, check_statement
from devtime.plugins.sql.relations import RELATIONS
from plugin_attacks import CONFINED, REFUSED, SLOW

_B = "11111111-1111-4111-8111-111111111111"
_SCHEMAS = {"devtime", "plugin_api"}


@pytest.mark.parametrize("attack", REFUSED.values(), ids=REFUSED.keys())
def test_an_attack_is_refused_in_words_that_name_no_schema(attack: str) -> None:
    with pytest.raises(Refused) as refused:
        check_statement(attack.replace("{b}", _B).replace("{{", "{").replace("}}", "}"), 0)
    reason = str(refused.value)
    assert reason
    assert all(name not in reason for name in ("devtime", "plugin_api") if name not in attack)


def test_there_are_as_many_attacks_as_promised() -> None:
    assert len(REFUSED) + len(CONFINED) + len(SLOW) >= 150


@pytest.mark.parametrize("sql", [*CONFINED.values(), *SLOW.values()], ids=[*CONFINED, *SLOW])
def test_what_passes_reads_only_the_users_own_rows(sql: str) -> None:
    try:
        checked = check_statement(sql.replace("{b}", _B).replace("{{", "{").replace("}}", "}"), 0)
    except Refused:
        return
    _assert_confined(checked.text)


def test_the_present_is_told_as_a_value_where_a_conflict_is_settled() -> None:
    checked = check_statement(
        "INSERT INTO plugin_settings (user_id, plugin) VALUES ($1, 'p') "
        "ON CONFLICT (user_id, plugin) DO UPDATE SET updated_at = now()",
        1,
    )
    assert checked.has_instant
    assert not checked.has_user
    assert "now()" not in checked.text
    assert "$2::timestamptz" in checked.text


def test_an_account_is_marked_and_not_deleted() -> None:
    checked = check_statement("DELETE FROM users WHERE id = $1", 1)
    assert checked.text.startswith("UPDATE devtime.users")
    assert "users.id = $2::uuid AND id = $1" in checked.text
    assert checked.has_instant


def test_an_outer_join_stays_one() -> None:
    text = check_statement("SELECT 1 FROM users u LEFT JOIN heartbeats h ON h.user_id = u.id", 0).text
    assert "LEFT JOIN (SELECT * FROM plugin_api.heartbeats WHERE user_id = $1::uuid) h" in text


def test_a_parameter_that_is_not_used_is_told() -> None:
    with pytest.raises(Refused, match=r"\$2 is given but not used"):
        check_statement("SELECT $1::text", 2)


def test_the_reason_for_a_foreign_table_names_the_documented_ones() -> None:
    with pytest.raises(Refused, match="heartbeats, projects, daily_stats_cache, plugin_store"):
        check_statement("SELECT * FROM accounts", 0)


_WORDS = st.sampled_from(
    """SELECT INSERT UPDATE DELETE FROM WHERE heartbeats users plugin_settings api_keys pg_class pg_sleep devtime
    web_sessions user_id id project settings * , . ( ) = AND OR NOT EXISTS IN VALUES INTO SET WITH a AS b h JOIN ON
    LEFT LATERAL ORDER BY GROUP count sum now current_user 1 'x' $1 $2 $3 :: regclass text uuid || -> UNION RETURNING
    ON CONFLICT DO NOTHING EXCLUDED LIMIT ctid FOR CASE WHEN THEN END ARRAY [ ] generate_series ; -- /* */
    identity_key plugin_api lower OVER PARTITION HAVING USING pg_catalog information_schema NATURAL ROW""".split()  # noqa: SIM905
)


@settings(max_examples=600, deadline=None)
@given(st.lists(_WORDS, min_size=1, max_size=25))
def test_no_soup_of_words_crashes_it_or_reaches_another_table(words: list[str]) -> None:
    _try(" ".join(words))


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from([*CONFINED.values(), *REFUSED.values()]).filter(lambda sql: len(sql) < 2_000),
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 12), _WORDS | st.text(string.printable, max_size=3)), max_size=4
    ),
)
def test_no_mutated_attack_crashes_it_or_reaches_another_table(sql: str, edits: list[tuple[int, int, str]]) -> None:
    for place, length, inserted in edits:
        sql = f"{sql[:place]} {inserted} {sql[place + length :]}"
    _try(sql)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(0, 3))
def test_no_text_at_all_crashes_it(text: str, parameters: int) -> None:
    _try(text, parameters)


def _try(sql: str, parameters: int = 0) -> None:
    try:
        checked = check_statement(sql, parameters)
    except Refused:
        return
    _assert_confined(checked.text)


def _assert_confined(text: str) -> None:
    """What is written parses, is one statement, and names nothing but documented tables, each bound to its user."""
    tree = postgast.parse(text)
    assert len(tree.stmts) == 1
    ctes = {node.ctename for _, node in postgast.walk(tree.stmts[0]) if type(node).__name__ == "CommonTableExpr"}
    for _, node in postgast.walk(tree.stmts[0]):
        kind = type(node).__name__
        if kind == "RangeVar":
            assert node.schemaname in _SCHEMAS or (not node.schemaname and node.relname in ctes)
            assert node.relname in RELATIONS or node.relname in ctes
        if kind == "FuncCall":
            assert not [part.string.sval for part in node.funcname if part.string.sval.startswith("pg_s")]
        assert kind not in {"LockingClause", "IntoClause", "CurrentOfExpr"}
