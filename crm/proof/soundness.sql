-- What must hold of a ledger beside its chain: the command log and the streams.

-- name: command_differs
SELECT e.position FROM event e LEFT JOIN command c ON c.id = e.command
WHERE e.position > %(after)s AND e.position <= %(until)s
  AND (c.id IS NULL OR e.position < c.first OR e.position > c.last OR c.actor <> e.actor
       OR c.recorded_at <> e.recorded_at)
ORDER BY e.position LIMIT 1

-- name: command_alone
SELECT c.first FROM command c LEFT JOIN event e ON e.position = c.first LEFT JOIN event l ON l.position = c.last
WHERE e.command IS DISTINCT FROM c.id OR l.command IS DISTINCT FROM c.id OR e.stream <> c.stream
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
