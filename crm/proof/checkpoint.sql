-- Checkpoints kept in the database.

-- name: listed
SELECT size, key, root, recorded_at, made_at, note FROM checkpoint
WHERE %(before)s::bigint IS NULL OR size < %(before)s
ORDER BY size DESC, made_at DESC, key
LIMIT %(limit)s

-- name: covering
SELECT size, key, root, recorded_at, made_at, note FROM checkpoint
WHERE size >= %(position)s
ORDER BY size, made_at, key
LIMIT 1

-- name: of_size
SELECT size, key, root, recorded_at, made_at, note FROM checkpoint
WHERE size = %(size)s
ORDER BY made_at DESC, key
LIMIT 1

-- name: last_of_key
SELECT size, key, root, recorded_at, made_at, note FROM checkpoint
WHERE key = %(key)s
ORDER BY size DESC
LIMIT 1

-- name: of_key
SELECT size, key, root, recorded_at, made_at, note FROM checkpoint
WHERE size = %(size)s AND key = %(key)s

-- name: store
INSERT INTO checkpoint (size, key, root, recorded_at, made_at, note)
VALUES (%(size)s, %(key)s, %(root)s, %(recorded_at)s, %(made_at)s, %(note)s)

-- name: lock
SELECT pg_advisory_xact_lock(hashtextextended('landfall checkpoint ' || current_schema(), 0))
