-- Rights on the ledger, however they were come by.

-- name: granted
SELECT c.relname::text, coalesce(r.rolname, 'PUBLIC')::text, a.privilege_type
FROM pg_class c CROSS JOIN LATERAL (
    SELECT x.grantee, x.privilege_type FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
    UNION
    SELECT x.grantee, x.privilege_type
    FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) x
    WHERE t.attrelid = c.oid AND NOT t.attisdropped
) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relname = ANY (%(ledger)s)
  AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
  AND (a.grantee <> c.relowner
       OR (c.relname IN ('event', 'reading') AND a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')))
ORDER BY 1, 2, 3

-- A right on a column alone counts as well, but for the one that pages have by design.
-- name: had
SELECT w.of, w.role, w.may
FROM unnest(%(tables)s::text[], %(roles)s::text[], %(rights)s::text[]) WITH ORDINALITY AS w (of, role, may, nth)
WHERE to_regclass(quote_ident(w.of)) IS NOT NULL
  AND CASE
      WHEN w.may IN ('SELECT', 'INSERT', 'UPDATE') AND w.of <> 'log_key'
          THEN has_any_column_privilege(w.role::name, quote_ident(w.of), w.may)
      ELSE has_table_privilege(w.role::name, quote_ident(w.of), w.may)
  END
ORDER BY w.nth

-- name: powers
SELECT rolname::text, concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
       CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolreplication THEN 'REPLICATION' END)
FROM pg_roles
WHERE rolname = ANY (%(serving)s::text[] || %(owner)s::text)
  AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)
UNION ALL
SELECT rolname::text, 'LOGIN' FROM pg_roles WHERE rolname = %(owner)s AND rolcanlogin
ORDER BY 1, 2

-- name: members
SELECT m.rolname::text, r.rolname::text
FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
WHERE m.rolname = ANY (%(serving)s::text[] || %(owner)s::text)
   OR (r.rolname = %(owner)s AND m.rolname <> current_user AND NOT m.rolsuper)
ORDER BY 1, 2

-- name: owners
SELECT x.name, x.owner, %(owner)s
FROM (
    SELECT c.relname::text, pg_get_userbyid(c.relowner)::text FROM pg_class c
    WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relname = ANY (%(ledger)s)
    UNION ALL
    SELECT p.proname::text, pg_get_userbyid(p.proowner)::text FROM pg_proc p
    WHERE p.pronamespace = to_regnamespace(current_schema()) AND p.proname = ANY (%(doors)s)
) AS x (name, owner)
WHERE x.owner <> %(owner)s AND EXISTS (SELECT FROM pg_roles WHERE rolname = %(web)s)
ORDER BY 1

-- name: callers
SELECT p.proname::text, coalesce(r.rolname, 'PUBLIC')::text
FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE p.pronamespace = to_regnamespace(current_schema()) AND p.proname = ANY (%(doors)s)
  AND a.grantee <> p.proowner AND r.rolname IS DISTINCT FROM %(web)s
ORDER BY 1, 2

-- name: makers
SELECT r.rolname::text FROM pg_roles r
WHERE r.rolname = ANY (ARRAY[%(web)s::text, %(auditor)s::text]) AND NOT r.rolsuper
  AND has_schema_privilege(r.rolname, current_schema(), 'CREATE')
ORDER BY 1
