-- What has arrived where.

-- name: pending
SELECT c.size, c.key, c.root, c.recorded_at, c.made_at, c.note FROM checkpoint c
WHERE c.made_at >= coalesce(
    (SELECT min(f.made_at) FROM checkpoint f JOIN checkpoint_sent s USING (size, key) WHERE s.destination = %(destination)s),
    (SELECT max(l.made_at) FROM checkpoint l)
) AND NOT EXISTS (
    SELECT FROM checkpoint_sent s WHERE s.destination = %(destination)s AND s.size = c.size AND s.key = c.key
)
ORDER BY c.made_at, c.size
LIMIT %(limit)s

-- name: sent
INSERT INTO checkpoint_sent (destination, size, key, sent_at)
VALUES (%(destination)s, %(size)s, %(key)s, %(moment)s)
ON CONFLICT (destination, size, key) DO NOTHING
