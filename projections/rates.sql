-- What rates are made of: populations at a cut-off, one row for each lead, project or problem in a cohort: id, name,
-- channel, the day from which it belongs there, what it is worth, and then the numbers that rates divide one by another.

-- name: negotiated: leads that first came to talks in the period
SELECT a.id, a.name, a.channel, a.day, a.fen, 1 AS negotiated, (a.reached >= %(signed)s)::integer AS signed
FROM ({entered}) a

-- name: signed: leads whose contract was first signed in the period, with the projects that came of them
SELECT a.id, a.name, a.channel, a.day, a.fen, 1 AS signed, (a.reached >= %(landed)s)::integer AS landed,
       (a.reached >= %(landed)s AND (coalesce(p.started, false) OR coalesce(p.arrived, 0) > 0))::integer AS fulfilled,
       coalesce(p.started, false)::integer AS started, coalesce(p.producing, false)::integer AS producing,
       a.fen AS contracted, coalesce(p.arrived, 0)::bigint AS arrived
FROM ({entered}) a
LEFT JOIN LATERAL (
    SELECT bool_or(i.reached[%(start)s::integer] IS NOT NULL) AS started,
           bool_or(i.reached[%(production)s::integer] IS NOT NULL) AS producing, sum(i.invested) AS arrived
    FROM project_interval i
    WHERE i.lead = a.id AND {standing}
) p ON true

-- name: planned: major projects planned for the year, and those that started or resumed in it, planned or not
SELECT i.id, i.name, i.channel, coalesce(m.day, i.opened_on) AS day, i.investment AS fen,
       (i.planned_year = %(year)s)::integer AS planned, (m.id IS NOT NULL)::integer AS begun
FROM project_interval i
LEFT JOIN ({major}) m ON m.id = i.id
WHERE {standing} AND i.investment >= %(at_least)s AND i.kind <> ALL (%(excluded)s::text[])
  AND (i.planned_year = %(year)s OR m.id IS NOT NULL)

-- name: taken: problems taken in the period
SELECT i.id, i.name, NULL::uuid AS channel, i.taken_on AS day, i.investment AS fen, 1 AS taken,
       (i.status = ANY (%(settled)s::text[]))::integer AS solved
FROM problem_interval i
WHERE {standing} AND i.taken_on >= %(first)s AND i.taken_on <= %(until)s

-- name: by_none
NULL::text

-- name: by_channel
coalesce(a.channel::text, '')

-- name: by_month
to_char(a.day, 'YYYY-MM')

-- name: sums
SELECT {key}, {sums} FROM ({rows}) a GROUP BY 1 ORDER BY 1

-- name: count
SELECT count(*), coalesce(sum({number}), 0)::bigint
FROM ({rows}) a
WHERE {number} <> 0 AND (%(group)s::text IS NULL OR {key} = %(group)s)

-- name: behind
SELECT a.id, a.name, a.channel, a.day, a.fen, {number}::bigint, a.day, a.id
FROM ({rows}) a
WHERE {number} <> 0 AND (%(group)s::text IS NULL OR {key} = %(group)s)
  AND (%(id)s::uuid IS NULL OR (a.day, a.id) {beyond} (%(key)s, %(id)s))
ORDER BY a.day {direction}, a.id {direction}
LIMIT %(limit)s
