-- What must hold of a ledger beside its chain: the command log, the streams, the function that appends, and the rights.

-- name: command_differs
SELECT e.position FROM event e LEFT JOIN command c ON c.id = e.command
WHERE e.position > %(after)s AND e.position <= %(until)s
  AND (c.id IS NULL OR e.position < c.first OR e.position > c.last OR c.actor <> e.actor
       OR c.recorded_at <> e.recorded_at)
ORDER BY e.position LIMIT 1

-- name: command_alone
SELECT c.first FROM command c LEFT JOIN event e ON e.position = c.first
WHERE c.first <= (SELECT position FROM head WHERE id = 1) AND (e.command IS NULL OR e.command <> c.id)
ORDER BY c.first LIMIT 1

-- name: remembered
SELECT greatest((SELECT max(last) FROM command), (SELECT max(position) FROM projection))

-- name: torn_stream
SELECT min(position) FROM event GROUP BY stream HAVING count(*) <> max(version) ORDER BY 1 LIMIT 1

-- name: goes_back
SELECT e.position FROM event e JOIN event b ON b.position = e.position - 1
WHERE e.position > %(after)s AND e.position <= %(until)s AND e.recorded_at < b.recorded_at
ORDER BY e.position LIMIT 1

-- name: witness_differs
SELECT e.position FROM event e LEFT JOIN activity a ON a.position = e.position
WHERE e.position > %(after)s AND e.position <= %(until)s
  AND (a.position IS NULL OR a.actor <> e.actor OR a.recorded_at <> e.recorded_at OR a.topic <> e.topic
       OR a.stream <> e.stream OR a.version <> e.version OR a.occurred_on <> e.occurred_on OR a.role <> e.role)
ORDER BY e.position LIMIT 1

-- name: append_function
SELECT p.prosrc, p.prosecdef FROM pg_proc p
WHERE p.pronamespace = to_regnamespace(current_schema()) AND p.proname = 'append_events'

-- name: too_wide
SELECT c.relname, coalesce(r.rolname, 'PUBLIC'), string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
FROM pg_class c CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relname IN ('event', 'head', 'command')
  AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
  AND (a.grantee <> c.relowner OR (c.relname = 'event' AND a.privilege_type <> 'INSERT'))
GROUP BY 1, 2 ORDER BY 1, 2

-- name: interferes
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relname IN ('event', 'head', 'command')
  AND NOT t.tgisinternal
UNION ALL
SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relname IN ('event', 'head', 'command')
ORDER BY 1, 2
