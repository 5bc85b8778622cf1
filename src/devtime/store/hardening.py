"""Taking from everybody what PostgreSQL gives everybody: a superuser's work, done once to the built-in database.

Functions that act or look around (sleep, locks, large objects, other sessions, settings) and the catalog are left to
the core role. A statement of a plugin's that got past the guard then finds nothing to call.
"""

from __future__ import annotations

from collections.abc import Iterable

from devtime.store.database import Connection

# gen_random_uuid is a default of columns plugins insert into.
_KEPT = ("gen_random_uuid", "random")
_TAKEN = """
    current_setting repeat lpad rpad format has_table_privilege has_column_privilege has_any_column_privilege
    has_schema_privilege has_database_privilege has_function_privilege has_sequence_privilege has_type_privilege
    has_server_privilege has_tablespace_privilege has_language_privilege has_foreign_data_wrapper_privilege
    has_parameter_privilege has_largeobject_privilege pg_has_role pg_get_functiondef pg_get_viewdef pg_get_userbyid
    pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_ruledef pg_get_triggerdef obj_description col_description
    shobj_description to_regclass to_regrole to_regproc to_regtype to_regnamespace inet_server_addr inet_server_port
    inet_client_addr inet_client_port version current_database current_schemas pg_backend_pid pg_postmaster_start_time
    regexp_replace regexp_match regexp_matches regexp_split_to_array regexp_split_to_table regexp_count regexp_instr
    regexp_like regexp_substr textregexeq textregexne texticregexeq texticregexne similar_escape similar_to_escape
    jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_path_match
""".split()  # noqa: SIM905 - a list of so many words is read best like this

# What drivers must read to know the types of a statement.
_READABLE = ("pg_type", "pg_namespace", "pg_range")

_SCHEMAS = "'pg_catalog'::regnamespace, 'information_schema'::regnamespace"

_TAKE = """
DO $$
DECLARE
    routines text;
    relations text;
BEGIN
    SELECT string_agg(oid::regprocedure::text, ', ') INTO routines FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
        AND (provolatile = 'v' AND NOT proname = ANY ({kept}) OR proname = ANY ({taken}));
    EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', routines);
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO {role}', routines);
    SELECT string_agg(c.oid::regclass::text, ', ') INTO relations FROM pg_class c
    WHERE c.relnamespace IN ({schemas})
        AND c.relkind IN ('r', 'v') AND NOT c.relname = ANY ({readable})
        AND has_table_privilege('{role}', c.oid, 'SELECT');
    EXECUTE format('REVOKE ALL ON TABLE %s FROM PUBLIC', relations);
    EXECUTE format('GRANT SELECT ON TABLE %s TO {role}', relations);
    GRANT SELECT (oid, reltype) ON TABLE pg_catalog.pg_class TO PUBLIC;
    GRANT SELECT (attrelid, attname, atttypid, attnum, attisdropped) ON TABLE pg_catalog.pg_attribute TO PUBLIC;
    -- As if it had been so from initdb on: pg_dump and pg_upgrade then have nothing to tell about it.
    DELETE FROM pg_catalog.pg_init_privs WHERE classoid IN ('pg_proc'::regclass, 'pg_class'::regclass);
    INSERT INTO pg_catalog.pg_init_privs (objoid, classoid, objsubid, privtype, initprivs)
    SELECT oid, 'pg_proc'::regclass, 0, 'i', proacl FROM pg_proc
    WHERE pronamespace IN ({schemas}) AND proacl IS NOT NULL
    UNION ALL SELECT oid, 'pg_class'::regclass, 0, 'i', relacl FROM pg_class
    WHERE relnamespace IN ({schemas}) AND relacl IS NOT NULL
    UNION ALL SELECT attrelid, 'pg_class'::regclass, attnum, 'i', attacl FROM pg_attribute
    JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace IN ({schemas}) AND attacl IS NOT NULL;
END
$$
"""


async def harden(connection: Connection, core_role: str) -> None:
    """Leave the catalog and whatever acts or looks around to the core role, in the database of this connection.

    Done again it changes nothing.
    """
    kept, taken, readable = _array(_KEPT), _array(_TAKEN), _array(_READABLE)
    statement = _TAKE.format(kept=kept, taken=taken, readable=readable, role=core_role, schemas=_SCHEMAS)
    async with connection.transaction():
        await connection.execute(statement)


def _array(words: Iterable[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]"
