-- What differs between two points (a day, a position known): the intervals that hold at one of them and not at the
-- other, brought together by lead. Statuses and topics come as parameters: the domain names them.

-- name: moved
WITH old AS (
    SELECT i.*, {group} AS key, {seen} AS seen, coalesce({seen} AND {asked}, false) AS counted
    FROM funnel_interval i LEFT JOIN channel c ON c.id = i.channel
    WHERE i.known_from <= %(old_known)s AND i.known_to > %(old_known)s
      AND i.from_on <= %(old_day)s AND i.to_on > %(old_day)s
      AND ((i.known_to > %(old_known)s AND i.known_to <= %(new_known)s)
           OR (i.to_on > %(old_day)s AND i.to_on <= %(new_day)s))
), new AS (
    SELECT i.*, {group} AS key, {seen} AS seen, coalesce({seen} AND {asked}, false) AS counted
    FROM funnel_interval i LEFT JOIN channel c ON c.id = i.channel
    WHERE i.known_from <= %(new_known)s AND i.known_to > %(new_known)s
      AND i.from_on <= %(new_day)s AND i.to_on > %(new_day)s
      AND ((i.known_from > %(old_known)s AND i.known_from <= %(new_known)s)
           OR (i.from_on > %(old_day)s AND i.from_on <= %(new_day)s))
), pair AS (
    SELECT coalesce(n.lead, o.lead) AS lead, coalesce(n.registered_on, o.registered_on) AS sorted_by,
           coalesce(o.counted, false) AS had, coalesce(n.counted, false) AS has,
           o.lead AS old_lead, o.seen AS old_seen, o.status AS old_status, o.stage AS old_stage,
           o.reached AS old_reached, o.key AS old_key, o.amount_fen AS old_fen, o.channel AS old_channel,
           o.occasion AS old_occasion, o.owner AS old_owner, o.country AS old_country, o.region AS old_region,
           o.industry AS old_industry, o.registered_on AS old_registered_on,
           n.lead AS new_lead, n.seen AS new_seen, n.status AS new_status, n.stage AS new_stage,
           n.reached AS new_reached, n.key AS new_key, n.amount_fen AS new_fen, n.channel AS new_channel,
           n.occasion AS new_occasion, n.owner AS new_owner, n.country AS new_country, n.region AS new_region,
           n.industry AS new_industry, n.registered_on AS new_registered_on
    FROM old o FULL JOIN new n ON n.lead = o.lead
    WHERE coalesce(o.counted, false) OR coalesce(n.counted, false)
), kinded AS (
    SELECT p.*, p.had AND p.has AND p.old_fen <> p.new_fen AND %(merged)s NOT IN (p.old_status, p.new_status) AS revalued,
           CASE
               WHEN p.old_lead IS NULL THEN 'entered'
               WHEN p.new_lead IS NULL THEN CASE WHEN EXISTS (
                   SELECT FROM funnel_interval x
                   WHERE x.lead = p.lead AND x.known_from <= %(new_known)s AND x.known_to > %(new_known)s
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
    SELECT k.*, {cause} AS cause FROM kinded k WHERE k.kind IS NOT NULL
)

-- name: no_cause
NULL::text

-- name: cause
(SELECT CASE
     WHEN bool_or(e.topic = ANY (%(topics_merged)s)) THEN 'merged'
     WHEN bool_or(e.topic = ANY (%(topics_unmerged)s)) THEN 'unmerged'
     WHEN bool_or(e.topic = ANY (%(topics_retracted)s)) THEN 'retracted'
     WHEN bool_or(e.topic = ANY (%(topics_reinstated)s)) THEN 'reinstated'
     WHEN bool_or(e.topic = ANY (%(topics_corrected)s)) THEN 'corrected'
     ELSE 'late' END
 FROM event e
 WHERE e.position > %(old_known)s AND e.position <= %(new_known)s
   AND e.stream = ANY (ARRAY(
       SELECT k.lead UNION ALL
       SELECT (a.data::json ->> 'absorbed')::uuid FROM event a
       WHERE a.stream = k.lead AND a.topic = %(absorbs)s AND a.position <= %(new_known)s)))

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
