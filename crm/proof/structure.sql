-- Everything a schema's migrations make, as (kind, of what, what it is like): equal sets, equal schemas. Names of constraints
-- and indexes that only serve speed are left out.

-- name: parts
SELECT 'table', c.relname::text,
       CASE WHEN c.relkind = 'r' AND c.relpersistence = 'p' AND NOT c.relispartition AND NOT EXISTS (
           SELECT FROM pg_inherits i WHERE i.inhparent = c.oid OR i.inhrelid = c.oid
       ) THEN 'plain table' ELSE 'something in its place' END
FROM pg_class c WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
UNION ALL
SELECT 'column', c.relname::text, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
UNION ALL
SELECT 'constraint', c.relname::text, a.attname || ' NOT NULL'
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind = 'r'
UNION ALL
SELECT 'constraint', c.relname::text,
       replace(pg_get_constraintdef(k.oid), quote_ident(%(schema)s) || '.', '')
           || CASE WHEN i.indisvalid AND i.indisready AND i.indisunique OR k.contype IN ('c', 'f') THEN '' ELSE ' (off)' END
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_index i ON i.indexrelid = k.conindid
WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind = 'r' AND k.contype <> 'n'
UNION ALL
SELECT 'interference', c.relname::text, t.tgname::text
FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
WHERE c.relnamespace = to_regnamespace(%(schema)s)
UNION ALL
SELECT 'interference', c.relname::text, r.rulename::text
FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid
WHERE c.relnamespace = to_regnamespace(%(schema)s)
UNION ALL
SELECT 'interference', c.relname::text, 'ROW LEVEL SECURITY'
FROM pg_class c WHERE c.relnamespace = to_regnamespace(%(schema)s) AND (c.relrowsecurity OR c.relforcerowsecurity)
UNION ALL
SELECT 'function', p.proname::text,
       left(encode(sha256(convert_to(concat_ws(
           chr(10), pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), l.lanname, p.prosecdef,
           replace(array_to_string(p.proconfig, chr(10)), quote_ident(%(schema)s), '{}'), p.prosrc
       ), 'UTF8')), 'hex'), 12)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = to_regnamespace(%(schema)s)
UNION ALL
SELECT 'function', o.oprname::text, format_type(o.oprleft, NULL) || ', ' || format_type(o.oprright, NULL)
FROM pg_operator o WHERE o.oprnamespace = to_regnamespace(%(schema)s)
