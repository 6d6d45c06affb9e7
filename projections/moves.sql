-- What moved between two points: of what was recorded or happened in between, found by its indexes, the row `n` that
-- holds now and `w`, the one that held then.

-- name: both
(
    SELECT id FROM {table} WHERE known_from > %(known_at_then)s AND known_from <= %(known_at)s
    UNION
    SELECT id FROM {table} WHERE from_on > %(as_at_then)s AND from_on <= %(as_at)s
) AS touched
JOIN {table} n ON n.id = touched.id
    AND n.known_from <= %(known_at)s AND n.known_to > %(known_at)s AND n.from_on <= %(as_at)s AND n.to_on > %(as_at)s
LEFT JOIN {table} w ON w.id = touched.id
    AND w.known_from <= %(known_at_then)s AND w.known_to > %(known_at_then)s
    AND w.from_on <= %(as_at_then)s AND w.to_on > %(as_at_then)s

-- name: found
SELECT kind, id, total
FROM (
    SELECT k.kind, n.id, count(*) OVER (PARTITION BY k.kind) AS total, {worth} AS worth,
           row_number() OVER (PARTITION BY k.kind ORDER BY {worth} DESC, n.id) AS nth
    FROM {both}
    CROSS JOIN LATERAL (VALUES {cases}) AS k (kind, moved)
    WHERE k.moved
) AS ranked
WHERE nth <= %(most)s
ORDER BY kind, nth

-- name: page
SELECT n.id, {worth}, n.id
FROM {both}
WHERE ({kind}) AND (%(last)s::uuid IS NULL OR ({worth}, n.id) < (%(worth)s, %(last)s))
ORDER BY {worth} DESC, n.id DESC
LIMIT %(limit)s
