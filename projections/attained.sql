-- What counts for a metric in a part of a year, one row for each lead or project: id, name, day, fen, channel, leader,
-- industry. The sums and the lists behind them are made from these rows.

-- name: leads
SELECT x.lead AS id, coalesce(l.company, '') AS name, x.day, i.amount_fen AS fen, i.channel, i.owner AS leader, i.industry,
       i.reached
FROM (
    SELECT b.lead, min(b.from_on) AS day
    FROM funnel_interval b
    WHERE b.from_on >= %(first)s AND b.from_on <= %(until)s AND b.known_from <= %(known_at)s AND b.known_to > %(known_at)s
      AND b.reached >= %(order)s
    GROUP BY b.lead
) x
JOIN funnel_interval i ON i.lead = x.lead AND {holds} AND i.reached >= %(order)s
LEFT JOIN lead l ON l.id = x.lead
WHERE NOT EXISTS (
    SELECT FROM funnel_interval e
    WHERE e.lead = x.lead AND e.from_on < %(first)s AND e.known_from <= %(known_at)s AND e.known_to > %(known_at)s
      AND e.reached >= %(order)s
)
  AND (%(all)s OR i.channel = ANY (%(channels)s::uuid[]) OR i.owner = %(viewer)s::uuid)

-- name: milestone
SELECT i.id, i.name, i.reached[%(order)s::integer] AS day, i.investment AS fen, i.channel, i.leader, i.industry
FROM project_interval i
WHERE {standing} AND i.reached[%(order)s::integer] >= %(first)s AND i.reached[%(order)s::integer] <= %(until)s

-- name: major: started in that time, or resumed in it after a pause; whichever came first
SELECT i.id, i.name, least(s.day, r.day) AS day, i.investment AS fen, i.channel, i.leader, i.industry
FROM project_interval i
CROSS JOIN LATERAL (
    SELECT CASE WHEN i.reached[%(order)s::integer] BETWEEN %(first)s AND %(until)s THEN i.reached[%(order)s::integer] END AS day
) s
LEFT JOIN (
    SELECT b.id, min(b.from_on) AS day
    FROM project_interval p
    JOIN project_interval b ON b.id = p.id AND b.from_on = p.to_on AND b.status = %(active)s
                           AND b.known_from <= %(known_at)s AND b.known_to > %(known_at)s
    WHERE p.status = %(paused)s AND p.to_on >= %(first)s AND p.to_on <= %(until)s
      AND p.known_from <= %(known_at)s AND p.known_to > %(known_at)s
    GROUP BY b.id
) r ON r.id = i.id
WHERE {standing} AND i.investment >= %(at_least)s AND (s.day IS NOT NULL OR r.day IS NOT NULL)

-- name: realised: by how much what is realised has grown since the year began
SELECT i.id, i.name, i.reported_on AS day, i.invested - coalesce(e.invested, 0) AS fen, i.channel, i.leader, i.industry
FROM project_interval i
LEFT JOIN project_interval e ON e.id = i.id AND e.from_on < %(first)s AND e.to_on >= %(first)s
                            AND e.known_from <= %(known_at)s AND e.known_to > %(known_at)s
WHERE {standing} AND i.reported_on >= %(first)s AND i.reported_on <= %(until)s
  AND i.invested > coalesce(e.invested, 0)

-- name: whose
(%(of_channel)s::uuid IS NULL OR a.channel = %(of_channel)s::uuid)
  AND (%(of_leader)s::uuid IS NULL OR a.leader = %(of_leader)s::uuid)
  AND (%(of_industry)s::text IS NULL OR a.industry = %(of_industry)s::text)

-- name: sums
SELECT grouping(a.channel, a.leader, a.industry), coalesce(a.channel::text, a.leader::text, a.industry), count(*),
       coalesce(sum(a.fen), 0)::bigint
FROM ({rows}) a
GROUP BY GROUPING SETS ((), (a.channel), (a.leader), (a.industry))

-- name: one
SELECT count(*), coalesce(sum(a.fen), 0)::bigint FROM ({rows}) a WHERE {whose}

-- name: behind
SELECT a.id, a.name, a.day, a.fen, a.channel, a.leader, a.industry, a.day, a.id
FROM ({rows}) a
WHERE {whose} AND (%(id)s::uuid IS NULL OR (a.day, a.id) {beyond} (%(key)s, %(id)s))
ORDER BY a.day {direction}, a.id {direction}
LIMIT %(limit)s
