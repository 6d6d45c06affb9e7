-- Questions about the funnel's own past. No tables: it is asked of the funnel's and of the ledger.

-- name: first_day
SELECT start FROM funnel_sum
WHERE axis = 'day' AND dimension = 'none' AND key = '' AND bits = 0
ORDER BY start LIMIT 1

-- name: recorded_since
SELECT recorded_at FROM event WHERE position = 1

-- name: place
CASE WHEN {seen} AND {asked} THEN ROW(
    i.status, i.stage, i.reached, CASE WHEN i.status <> %(merged)s THEN i.amount_fen END, {group}
)::text END

-- name: apart: whoever holds another place now, one by one until there are enough, and whoever holds none any more
SELECT count(*) FROM (
    SELECT FROM (
        SELECT i.lead, {place} AS place
        FROM {changed} LEFT JOIN channel c ON c.id = i.channel
        WHERE {holds} AND i.known_from > %(old_known)s AND i.known_from <= %(new_known)s
        OFFSET 0
    ) n
    WHERE n.place IS DISTINCT FROM (
        SELECT {place}
        FROM funnel_interval i LEFT JOIN channel c ON c.id = i.channel
        WHERE i.lead = n.lead AND {held}
    )
    UNION ALL
    SELECT FROM funnel_interval i LEFT JOIN channel c ON c.id = i.channel
    WHERE {held} AND {seen} AND {asked}
      AND i.known_to > %(old_known)s AND i.known_to <= %(new_known)s AND i.known_to < 9223372036854775807
      AND (SELECT true FROM funnel_interval n
           WHERE n.lead = i.lead AND n.known_from <= %(new_known)s AND n.known_to > %(new_known)s
             AND n.from_on <= %(new_day)s AND n.to_on > %(new_day)s) IS NULL
    LIMIT %(most)s
) a

-- name: anyone
(SELECT * FROM funnel_interval x
 WHERE x.known_from > %(old_known)s AND x.known_from <= %(new_known)s
 ORDER BY x.known_from DESC OFFSET 0) i

-- name: anyone_of
({turned}) t CROSS JOIN LATERAL ({of_lead}) i
