-- What differs between two points (a day, a position known): the intervals that hold at one of them and not at the
-- other, brought together by lead. Statuses and topics come as parameters: the domain names them.

-- name: moved
WITH old AS (
    SELECT i.*, {group} AS key, {seen} AS seen, coalesce({seen} AND {asked}, false) AS counted
    FROM {left} LEFT JOIN channel c ON c.id = i.channel
    WHERE {held}
), new AS (
    SELECT i.*, {group} AS key, {seen} AS seen, coalesce({seen} AND {asked}, false) AS counted
    FROM {entered} LEFT JOIN channel c ON c.id = i.channel
    WHERE {holds}
), pair AS (
    SELECT coalesce(n.lead, o.lead) AS lead, coalesce(n.registered_on, o.registered_on) AS sorted_by,
           coalesce(o.counted, false) AS had, coalesce(n.counted, false) AS has,
           o.lead AS old_lead, o.seen AS old_seen, o.status AS old_status, o.stage AS old_stage,
           o.reached AS old_reached, o.from_on AS old_from_on, o.key AS old_key, o.amount_fen AS old_fen, o.channel AS old_channel,
           o.occasion AS old_occasion, o.owner AS old_owner, o.country AS old_country, o.region AS old_region,
           o.industry AS old_industry, o.registered_on AS old_registered_on,
           n.lead AS new_lead, n.seen AS new_seen, n.status AS new_status, n.stage AS new_stage,
           n.reached AS new_reached, n.from_on AS new_from_on, n.key AS new_key, n.amount_fen AS new_fen, n.channel AS new_channel,
           n.occasion AS new_occasion, n.owner AS new_owner, n.country AS new_country, n.region AS new_region,
           n.industry AS new_industry, n.registered_on AS new_registered_on
    FROM old o FULL JOIN new n ON n.lead = o.lead
    WHERE coalesce(o.counted, false) OR coalesce(n.counted, false)
), kinded AS (
    SELECT p.*, p.had AND p.has AND p.old_fen <> p.new_fen AND %(merged)s NOT IN (p.old_status, p.new_status) AS revalued,
           CASE
               WHEN p.old_lead IS NULL THEN 'entered'
               -- Not EXISTS, which the planner takes as leave to read the whole table.
               WHEN p.new_lead IS NULL THEN CASE WHEN (
                   SELECT true FROM funnel_interval x
                   WHERE x.lead = p.lead AND x.known_from <= %(new_known)s AND x.known_to > %(new_known)s LIMIT 1
               ) THEN 'deferred' ELSE 'voided' END
               WHEN NOT p.had THEN 'came_in'
               WHEN NOT p.has THEN 'went_out'
               WHEN p.new_status <> p.old_status THEN CASE
                   WHEN p.new_status = %(merged)s THEN 'merged'
                   WHEN p.old_status = %(merged)s THEN 'unmerged'
                   WHEN p.new_status = %(lost)s THEN 'lost'
                   WHEN p.new_status = %(on_hold)s THEN 'held'
                   WHEN p.old_status = %(lost)s THEN 'reopened'
                   ELSE 'resumed' END
               WHEN p.new_stage > p.old_stage THEN 'advanced'
               WHEN p.new_stage < p.old_stage THEN 'fell_back'
               WHEN p.new_reached <> p.old_reached THEN 'reached'
               WHEN p.new_fen <> p.old_fen AND p.new_status <> %(merged)s THEN 'amount'
               WHEN p.new_key IS DISTINCT FROM p.old_key THEN 'reattributed'
           END AS kind
    FROM pair p
), moved AS (
    SELECT k.*, {cause} AS cause FROM kinded k {causes} WHERE k.kind IS NOT NULL
)

-- name: turned: those of which something was learned
({turned}) t CROSS JOIN LATERAL ({of_lead}) i

-- name: ended: between both days, as known at one position
(SELECT * FROM funnel_interval x
 WHERE x.to_on > %(old_day)s AND x.to_on <= %(new_day)s AND x.ended_at <= %(old_known)s OFFSET 0) i

-- name: begun
(SELECT * FROM funnel_interval x WHERE x.from_on > %(old_day)s AND x.from_on <= %(new_day)s OFFSET 0) i

-- name: and_begun
UNION
SELECT i.lead FROM funnel_interval i WHERE i.from_on > %(old_day)s AND i.from_on <= %(new_day)s

-- name: no_cause
NULL::text

-- name: cause: in a word; a lead is voided by a retraction alone, whatever else was learned of it before
CASE WHEN k.kind = 'voided' THEN 'retracted' ELSE w.cause END

-- name: weightiest: of what was learned
w.cause

-- name: causes: of all the leads at once
LEFT JOIN (
    SELECT l.lead, CASE
        WHEN bool_or(e.topic = ANY (%(topics_merged)s)) THEN 'merged'
        WHEN bool_or(e.topic = ANY (%(topics_unmerged)s)) THEN 'unmerged'
        WHEN bool_or(e.topic = ANY (%(topics_retracted)s)) THEN 'retracted'
        WHEN bool_or(e.topic = ANY (%(topics_reinstated)s)) THEN 'reinstated'
        WHEN bool_or(e.topic = ANY (%(topics_corrected)s)) THEN 'corrected'
        ELSE 'late' END AS cause
    FROM {learned} l CROSS JOIN LATERAL (SELECT x.topic FROM event x WHERE x.position = l.position OFFSET 0) e
    GROUP BY l.lead
) w ON w.lead = k.lead

-- name: those_moved
(SELECT lead FROM kinded WHERE kind IS NOT NULL)

-- name: those_named
unnest(%(leads)s::uuid[])

-- name: learned: the events between both positions that changed the place of leads on the later day, and how
(SELECT s.lead, p.position, p.old_status, p.old_stage, p.old_fen, p.new_status, p.new_stage, p.new_fen
 FROM (
     SELECT t.*, lag(t.ends) OVER known = t.begins AS follows, lead(t.begins) OVER known = t.ends AS goes_on,
            lag(t.place) OVER known AS old_place, lag(t.status) OVER known AS old_status,
            lag(t.stage) OVER known AS old_stage, lag(t.fen) OVER known AS old_fen
     FROM (
         SELECT i.lead, i.known_from AS begins, e.ends, i.status, i.stage, i.amount_fen AS fen,
                CASE WHEN {seen} AND {asked} THEN ROW(
                    i.status, i.stage, i.reached, CASE WHEN i.status <> %(merged)s THEN i.amount_fen END, {group}
                )::text END AS place
         FROM {those} t (lead) CROSS JOIN LATERAL ({of_lead}) i LEFT JOIN channel c ON c.id = i.channel
         CROSS JOIN LATERAL (
             SELECT CASE WHEN i.to_on > %(new_day)s THEN i.known_to ELSE least(i.ended_at, i.known_to) END AS ends
         ) e
         WHERE i.from_on <= %(new_day)s AND e.ends > i.known_from
           AND e.ends > %(old_known)s AND i.known_from <= %(new_known)s
     ) t
     WINDOW known AS (PARTITION BY t.lead ORDER BY t.begins)
 ) s CROSS JOIN LATERAL (
     SELECT s.begins AS position, s.place AS new_place, s.status AS new_status, s.stage AS new_stage, s.fen AS new_fen,
            CASE WHEN s.follows THEN s.old_place END AS old_place, CASE WHEN s.follows THEN s.old_status END AS old_status,
            CASE WHEN s.follows THEN s.old_stage END AS old_stage, CASE WHEN s.follows THEN s.old_fen END AS old_fen,
            false AS gone
     UNION ALL
     SELECT s.ends, NULL, NULL, NULL, NULL, s.place, s.status, s.stage, s.fen, s.goes_on IS NULL
     WHERE s.goes_on IS NOT TRUE
 ) p
 WHERE p.position > %(old_known)s AND p.position <= %(new_known)s
   -- What took it out of the funnel did so, though it may not have been among those asked for any more.
   AND (p.gone OR p.old_place IS DISTINCT FROM p.new_place))

-- name: moves
{moved}
SELECT m.kind, m.cause, m.revalued,
       m.had, m.old_status, m.old_stage, m.old_reached, m.old_key,
       m.has, m.new_status, m.new_stage, m.new_reached, m.new_key,
       count(*), coalesce(sum(m.old_fen), 0), coalesce(sum(m.new_fen), 0)
FROM moved m
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13

-- name: reached
SELECT position FROM projection WHERE name = 'funnel'

-- name: listed
{moved}
SELECT m.lead, l.company, m.kind, m.cause, m.revalued,
       m.had, m.old_seen, m.old_status, m.old_stage, m.old_reached, m.old_fen, m.old_channel, m.old_occasion,
       m.old_owner, m.old_country, m.old_region, m.old_industry, m.old_registered_on, m.old_from_on,
       m.has, m.new_seen, m.new_status, m.new_stage, m.new_reached, m.new_fen, m.new_channel, m.new_occasion,
       m.new_owner, m.new_country, m.new_region, m.new_industry, m.new_registered_on, m.new_from_on,
       m.sorted_by, m.lead
FROM moved m LEFT JOIN lead l ON l.id = m.lead
WHERE (%(kind_of_move)s::text IS NULL OR m.kind = %(kind_of_move)s)
  AND (%(cause)s::text IS NULL OR m.cause = %(cause)s)
  AND CASE %(side)s::text
      WHEN 'came' THEN {after} AND NOT {before}
      WHEN 'left' THEN {before} AND NOT {after}
      WHEN 'stayed' THEN {before} AND {after} AND m.revalued
      ELSE {before} OR {after} END
  AND (%(id)s::uuid IS NULL OR (m.sorted_by, m.lead) {beyond} (%(key)s, %(id)s))
ORDER BY m.sorted_by {direction}, m.lead {direction}
LIMIT %(limit)s

-- name: before
coalesce(m.had AND (%(cell_status)s::text IS NULL OR m.old_status = %(cell_status)s)
    AND (%(cell_stage)s::smallint IS NULL OR m.old_stage = %(cell_stage)s)
    AND (%(cell_reached)s::smallint IS NULL OR m.old_reached >= %(cell_reached)s)
    AND (NOT %(cell_grouped)s OR m.old_key IS NOT DISTINCT FROM %(cell_key)s::text), false)

-- name: after
coalesce(m.has AND (%(cell_status)s::text IS NULL OR m.new_status = %(cell_status)s)
    AND (%(cell_stage)s::smallint IS NULL OR m.new_stage = %(cell_stage)s)
    AND (%(cell_reached)s::smallint IS NULL OR m.new_reached >= %(cell_reached)s)
    AND (NOT %(cell_grouped)s OR m.new_key IS NOT DISTINCT FROM %(cell_key)s::text), false)

-- name: because
SELECT l.lead, l.old_status, l.old_stage, l.old_fen, l.new_status, l.new_stage, l.new_fen,
       e.position, e.stream, e.version, e.topic, e.schema, e.occurred_on, e.recorded_at, e.actor, e.role, e.command,
       e.origin, e.data, e.hash
FROM {learned} l JOIN event e ON e.position = l.position
ORDER BY l.lead, e.position
