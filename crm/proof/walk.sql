-- What is asked of the ledger besides reading its rows in order.

-- name: head
SELECT h.position, h.hash, coalesce(h.recorded_at = coalesce(e.recorded_at, timestamptz 'epoch'), false)
FROM head h LEFT JOIN event e ON e.position = h.position AND h.position > 0
WHERE h.id = 1

-- name: beyond
SELECT min(position) FROM event WHERE position > coalesce((SELECT position FROM head WHERE id = 1), 0)

-- The first row that no append can have written: it cannot be hashed, or not even be read.
-- name: impossible
SELECT position, CASE
    WHEN recorded_at IS NULL OR recorded_at < 'epoch' OR recorded_at > '9999-12-30' THEN 'recorded_at'
    WHEN occurred_on IS NULL OR occurred_on < '0001-01-01' OR occurred_on > '9999-12-30' THEN 'occurred_on'
    WHEN version IS NULL OR version < 1 THEN 'version'
    WHEN schema IS NULL OR schema < 1 THEN 'schema'
    WHEN actor IS NULL THEN 'actor'
    WHEN stream IS NULL THEN 'stream'
    WHEN command IS NULL THEN 'command'
    WHEN topic IS NULL THEN 'topic'
    WHEN role IS NULL THEN 'role'
    WHEN data IS NULL THEN 'data'
    ELSE 'hash' END
FROM event
WHERE position > 0 AND (
    recorded_at IS NULL OR recorded_at < 'epoch' OR recorded_at > '9999-12-30'
    OR occurred_on IS NULL OR occurred_on < '0001-01-01' OR occurred_on > '9999-12-30'
    OR version IS NULL OR version < 1 OR schema IS NULL OR schema < 1
    OR num_nulls(actor, stream, command, topic, role, data, hash) > 0
)
ORDER BY position LIMIT 1
