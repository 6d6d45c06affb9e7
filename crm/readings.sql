-- The log of readings (migration 0007): written through its one function, read by pages and by the verification.

-- name: append
SELECT append_reading(
    %(person)s::uuid, %(role)s, %(route)s, %(subject)s::uuid,
    coalesce(
        %(rested_on)s::bigint, (SELECT min(position) FROM projection WHERE stopped IS NULL),
        (SELECT position FROM head WHERE id = 1), 0
    )
)

-- name: stream_of
SELECT stream FROM event WHERE position = %(position)s

-- name: after
SELECT position, recorded_at, person, role, route, subject, rested_on, hash
FROM reading
WHERE position > %(at)s
ORDER BY position
LIMIT %(limit)s

-- name: head
SELECT position, hash FROM reading_head WHERE id = 1

-- name: asked
(%(person)s::uuid IS NULL OR r.person = %(person)s)
  AND (%(subject)s::uuid IS NULL OR r.subject = %(subject)s)
  AND (%(routes)s::text[] IS NULL OR r.route = ANY (%(routes)s))
  AND (%(recorded_from)s::timestamptz IS NULL OR r.recorded_at >= %(recorded_from)s)
  AND (%(recorded_to)s::timestamptz IS NULL OR r.recorded_at < %(recorded_to)s)

-- name: listed
SELECT r.position, r.recorded_at, r.person, r.role, r.route, r.subject, r.rested_on, r.hash, r.position
FROM reading r
WHERE {asked} AND (%(at)s::bigint IS NULL OR r.position {beyond} %(at)s)
ORDER BY r.position {direction}
LIMIT %(limit)s

-- name: counted
SELECT count(*) FROM (SELECT 1 FROM reading r WHERE {asked} LIMIT %(most)s) AS counted

-- name: readers
SELECT p.person, (SELECT max(r.position) FROM reading r WHERE r.person = p.person)
FROM (
    WITH RECURSIVE one AS (
        (SELECT person FROM reading ORDER BY person LIMIT 1)
        UNION ALL
        SELECT (SELECT r.person FROM reading r WHERE r.person > one.person ORDER BY r.person LIMIT 1)
        FROM one WHERE one.person IS NOT NULL
    )
    SELECT person FROM one WHERE person IS NOT NULL
) AS p
ORDER BY 2 DESC
