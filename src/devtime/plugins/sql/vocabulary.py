"""What SQL plugins may use: functions, types, operators, kinds of nodes. What is not here is refused.

Nothing here reads files, settings, the catalog or other sessions, sleeps, locks, or makes much of little (`repeat`).
"""

from __future__ import annotations

FUNCTIONS = frozenset(
    """
    count sum avg min max array_agg string_agg bool_and bool_or every jsonb_agg jsonb_object_agg json_agg
    json_object_agg stddev stddev_pop stddev_samp variance var_pop var_samp corr percentile_cont percentile_disc mode
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
    abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log10 mod power div greatest least width_bucket
    degrees radians pi sin cos tan asin acos atan atan2 random
    lower upper initcap length char_length character_length octet_length substring substr left right position strpos
    trim btrim ltrim rtrim split_part concat concat_ws replace reverse starts_with ascii chr translate md5
    to_char to_number to_date to_timestamp to_hex quote_literal encode decode
    now transaction_timestamp date_trunc date_part extract age make_date make_time make_timestamp make_timestamptz
    make_interval timezone justify_days justify_hours justify_interval isfinite date_bin overlaps
    to_json to_jsonb jsonb_build_object jsonb_build_array json_build_object json_build_array jsonb_set jsonb_insert
    jsonb_typeof jsonb_array_length jsonb_strip_nulls jsonb_extract_path jsonb_extract_path_text jsonb_pretty
    jsonb_each jsonb_each_text jsonb_array_elements jsonb_array_elements_text jsonb_object_keys jsonb_exists
    array_length array_position array_positions array_append array_prepend array_cat array_remove cardinality
    array_to_string string_to_array unnest generate_series coalesce nullif gen_random_uuid
    """.split()  # noqa: SIM905 - a list of so many words is read best like this
)

ROWS: dict[str, frozenset[str]] = {
    "generate_series": frozenset(),
    "unnest": frozenset(),
    "jsonb_object_keys": frozenset(),
    "jsonb_each": frozenset({"key", "value"}),
    "jsonb_each_text": frozenset({"key", "value"}),
    "jsonb_array_elements": frozenset({"value"}),
    "jsonb_array_elements_text": frozenset({"value"}),
}
"""Functions that may stand in FROM, with the columns they name; none: one column that is called like the alias."""

VOLATILE = frozenset({"random", "gen_random_uuid"})
"""Functions that cannot be used where a conflict is settled (docs/decisions/0003-citus-ready-schema.md)."""

PRESENT = frozenset({"now", "transaction_timestamp"})
"""Functions that answer the time of the transaction."""

TYPES = frozenset(
    """
    bool boolean int2 int4 int8 smallint int integer bigint float4 float8 real numeric decimal text varchar bpchar char
    uuid date time timetz timestamp timestamptz interval json jsonb
    """.split()  # noqa: SIM905
)

OPERATORS = frozenset(
    "+ - * / % ^ = <> != < > <= >= || -> ->> #> #>> #- @> <@ ? ?| ?& && ~~ !~~ ~~* !~~* @".split()  # noqa: SIM905
)

SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"})

PLAIN_NODES = frozenset(
    """
    A_Const Integer Float Boolean String BoolExpr NullTest BooleanTest NamedArgExpr CaseExpr CaseWhen CoalesceExpr
    MinMaxExpr A_ArrayExpr A_Indices RowExpr GroupingSet GroupingFunc SetToDefault List WindowDef
    """.split()  # noqa: SIM905
)
"""Kinds of nodes that are harmless when what is inside them is."""
