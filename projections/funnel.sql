-- Where every lead stood: a place held from a day (from_on) up to, not including, another (to_on), known from a position
-- (known_from) up to, not including, another (known_to). That it ends is known from ended_at on: until then it held for
-- good. What is still known, or still holds, has the last position, the last day. Stages are their order in the funnel,
-- 0 for a merged lead.
--
-- Beside it, sums of what changed, by one dimension at a time: along the axis "day" of each day as known now, along the
-- axis "position" of each block of events whatever the day; `start` counts days (the first of the year 1 is 1) or
-- positions in spans of 2^bits. Added up from the beginning they are the funnel of a day, or as known at a position.
--
-- And the changes that were recorded on another day than they speak of: first_day and last_day are those they changed.
-- `lag` is how late the first is, as a power of two (1: a day, 2: 2 or 3, 3: 4 to 7, …; 0: not late), `ahead` says that
-- the last was still to come.

-- ddl
CREATE TABLE funnel_interval (
    lead          uuid     NOT NULL,
    known_from    bigint   NOT NULL,
    from_on       date     NOT NULL,
    known_to      bigint   NOT NULL,
    ended_at      bigint   NOT NULL,
    to_on         date     NOT NULL,
    status        text     NOT NULL,
    stage         smallint NOT NULL,
    reached       smallint NOT NULL,
    channel       uuid     NOT NULL,
    occasion      uuid,
    owner         uuid,
    country       text     NOT NULL,
    region        text,
    industry      text     NOT NULL,
    amount_fen    bigint   NOT NULL,
    registered_on date     NOT NULL,
    PRIMARY KEY (lead, known_from, from_on)
);

CREATE TABLE funnel_sum (
    axis       text     NOT NULL,
    dimension  text     NOT NULL,
    key        text     NOT NULL,
    bits       smallint NOT NULL,
    start      bigint   NOT NULL,
    status     text     NOT NULL,
    stage      smallint NOT NULL,
    reached    smallint NOT NULL,
    leads      bigint   NOT NULL,
    amount_fen bigint   NOT NULL,
    PRIMARY KEY (axis, dimension, key, bits, start, status, stage, reached)
);

CREATE TABLE funnel_late (
    position  bigint   NOT NULL,
    lead      uuid     NOT NULL,
    first_day date     NOT NULL,
    last_day  date     NOT NULL,
    lag       smallint NOT NULL,
    ahead     boolean  NOT NULL,
    PRIMARY KEY (position, lead)
);

-- indexes
CREATE INDEX funnel_now ON funnel_interval (registered_on, lead)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funnel_now_stage ON funnel_interval (status, stage, registered_on, lead)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funnel_now_channel ON funnel_interval (channel, registered_on, lead)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funnel_now_owner ON funnel_interval (owner, registered_on, lead)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funnel_came ON funnel_interval (from_on, lead) WHERE reached >= 3 AND known_to > 9223372036854775806;
CREATE INDEX funnel_begun ON funnel_interval (from_on, known_from);
CREATE INDEX funnel_ended ON funnel_interval (to_on) WHERE to_on < DATE '9999-12-31';
CREATE INDEX funnel_learned ON funnel_interval (known_from);
CREATE INDEX funnel_unlearned ON funnel_interval (known_to) WHERE known_to < 9223372036854775807;
CREATE INDEX funnel_late_lag ON funnel_late (lag, first_day, position) INCLUDE (lead);
CREATE INDEX funnel_late_ahead ON funnel_late (last_day, position) WHERE ahead;
CREATE INDEX funnel_sum_level ON funnel_sum (leads) WHERE leads = 0 AND amount_fen = 0;

-- name: current
SELECT lead, from_on, to_on, known_from, ended_at, status, stage, reached, channel, occasion, owner, country, region,
       industry, amount_fen, registered_on
FROM funnel_interval
WHERE lead = ANY (%(leads)s) AND known_to = 9223372036854775807
ORDER BY lead, from_on

-- name: add
INSERT INTO funnel_sum AS s (axis, dimension, key, bits, start, status, stage, reached, leads, amount_fen)
SELECT n.axis, n.dimension, n.key, w.bits, n.start >> (w.bits - w.smallest), n.status, n.stage, n.reached,
       sum(n.leads), sum(n.amount_fen)
FROM incoming_funnel_sum n JOIN unnest(%(axes)s::text[], %(smallest)s::integer[], %(bits)s::integer[]) w (axis, smallest, bits)
  ON w.axis = n.axis AND w.smallest = n.bits
GROUP BY n.axis, n.dimension, n.key, w.bits, n.start >> (w.bits - w.smallest), n.status, n.stage, n.reached
HAVING sum(n.leads) <> 0 OR sum(n.amount_fen) <> 0
ON CONFLICT (axis, dimension, key, bits, start, status, stage, reached)
DO UPDATE SET leads = s.leads + excluded.leads, amount_fen = s.amount_fen + excluded.amount_fen

-- name: level
DELETE FROM funnel_sum WHERE leads = 0 AND amount_fen = 0

-- name: group_none
NULL::text

-- name: group_kind
c.kind

-- name: group_channel
i.channel::text

-- name: group_occasion
i.occasion::text

-- name: group_country
i.country

-- name: group_region
i.region

-- name: group_industry
i.industry

-- name: group_owner
i.owner::text

-- name: group_month
to_char(i.registered_on, 'YYYY-MM')

-- name: group_band
width_bucket(i.amount_fen, %(bands)s::bigint[])::text

-- name: standing
{holds} AND {seen} AND {asked}

-- name: holds
i.known_from <= {known} AND i.known_to > {known} AND i.from_on <= {day} AND (i.to_on > {day} OR i.ended_at > {known})

-- name: holds_now: the same where {known} is all that is known, in which every end is: so that indexes of now serve it
i.known_from <= {known} AND i.known_to > {known} AND i.from_on <= {day} AND i.to_on > {day}

-- name: seen
(%(all)s OR i.channel = ANY (%(channels)s::uuid[]) OR i.owner = %(viewer)s::uuid)

-- name: asked
(%(kind)s::uuid[] IS NULL OR i.channel = ANY (%(kind)s))
  AND (%(channel)s::uuid IS NULL OR i.channel = %(channel)s)
  AND (%(occasion)s::uuid IS NULL OR i.occasion = %(occasion)s)
  AND (%(country)s::text IS NULL OR i.country = %(country)s)
  AND (%(region)s::text IS NULL OR i.region = %(region)s)
  AND (%(industry)s::text IS NULL OR i.industry = %(industry)s)
  AND (%(owner)s::uuid IS NULL OR i.owner = %(owner)s)
  AND (%(month_from)s::date IS NULL OR i.registered_on >= %(month_from)s)
  AND (%(month_to)s::date IS NULL OR i.registered_on < %(month_to)s)
  AND (%(amount_from)s::bigint IS NULL OR i.amount_fen >= %(amount_from)s)
  AND (%(amount_to)s::bigint IS NULL OR i.amount_fen < %(amount_to)s)

-- name: of_intervals
SELECT NULL::text, NULL::text, 0::smallint, 0::smallint, position, 0::numeric FROM projection WHERE name = 'funnel'
UNION ALL
SELECT {group}, i.status, i.stage, i.reached, count(*), sum(i.amount_fen)
FROM funnel_interval i LEFT JOIN channel c ON c.id = i.channel
WHERE {standing}
GROUP BY {group}, i.status, i.stage, i.reached

-- name: sum_key
nullif(k.key, '')

-- name: key_given
key (key) AS (SELECT unnest(%(keys)s::text[]))

-- name: key_every
key (key) AS (
    (SELECT s.key FROM funnel_sum s WHERE s.axis = %(axis)s AND s.dimension = %(dimension)s ORDER BY s.key LIMIT 1)
    UNION ALL
    SELECT (
        SELECT s.key FROM funnel_sum s
        WHERE s.axis = %(axis)s AND s.dimension = %(dimension)s AND s.key > k.key ORDER BY s.key LIMIT 1
    )
    FROM key k WHERE k.key IS NOT NULL
)

-- name: of_sums: along one axis, up to a day or a position; with what {turned} leads count otherwise at the point asked for
WITH RECURSIVE {keys}
SELECT NULL::text, NULL::text, 0::smallint, 0::smallint, position, 0::numeric FROM projection WHERE name = 'funnel'
UNION ALL
SELECT {group}, s.status, s.stage, s.reached, sum(s.leads), sum(s.amount_fen)
FROM key k
CROSS JOIN unnest(%(bits)s::smallint[], %(starts)s::bigint[], %(ends)s::bigint[]) w (bits, first, past)
JOIN funnel_sum s ON s.axis = %(axis)s AND s.dimension = %(dimension)s AND s.key = k.key AND s.bits = w.bits
                 AND s.start >= w.first AND s.start < w.past
{kinds}
GROUP BY {group}, s.status, s.stage, s.reached
{turned}

-- name: sum_kinds
LEFT JOIN channel c ON c.id::text = k.key

-- name: otherwise: what the leads {turned} count otherwise at a point than at the one that was summed up to
UNION ALL
SELECT {group}, i.status, i.stage, i.reached, sum(CASE WHEN {holds} THEN 1 ELSE -1 END),
       sum(CASE WHEN {holds} THEN i.amount_fen ELSE -i.amount_fen END)
FROM ({turned}) t CROSS JOIN LATERAL ({of_lead}) i LEFT JOIN channel c ON c.id = i.channel
WHERE ({holds}) <> ({held}) AND {asked}
GROUP BY {group}, i.status, i.stage, i.reached

-- name: all_of_lead: OFFSET keeps the planner from reading the whole table where it thinks the leads many
SELECT * FROM funnel_interval x WHERE x.lead = {lead} OFFSET 0

-- name: turned_late: leads of which something was learned between two positions, all after a day, that changed that day
SELECT t.lead
FROM unnest(%(lags)s::smallint[], %(lagging)s::date[]) w (lag, since) CROSS JOIN LATERAL (
    SELECT x.lead FROM funnel_late x
    WHERE x.lag = w.lag AND x.first_day >= w.since AND x.first_day <= {day} AND x.position > {after} AND x.position <= {until}
    OFFSET 0
) t
GROUP BY t.lead

-- name: turned: leads of which anything was learned between two positions that changed any day
SELECT i.lead FROM funnel_interval i WHERE i.known_from > {after} AND i.known_from <= {until}
UNION
SELECT i.lead FROM funnel_interval i WHERE i.known_to > {after} AND i.known_to <= {until} AND i.known_to < 9223372036854775807

-- name: turned_ahead: and those of which, by then, something was known of days still to come
UNION
SELECT t.lead FROM funnel_late t WHERE t.ahead AND t.last_day > {day} AND t.position <= {until}

-- name: recorded_at
SELECT recorded_at FROM event WHERE position = %(position)s

-- name: keys
WITH RECURSIVE {keys} SELECT key FROM key WHERE key <> ''

-- name: behind
SELECT i.lead, l.company, i.status, i.stage, i.reached, i.amount_fen, i.channel, i.occasion, i.owner, i.country,
       i.region, i.industry, i.registered_on, i.from_on, i.registered_on, i.lead
FROM funnel_interval i LEFT JOIN lead l ON l.id = i.lead LEFT JOIN channel c ON c.id = i.channel
WHERE {standing} AND {cell}
  AND (%(cell_status)s::text IS NULL OR i.status = %(cell_status)s)
  AND (%(cell_stage)s::smallint IS NULL OR i.stage = %(cell_stage)s)
  AND (%(cell_reached)s::smallint IS NULL OR i.reached >= %(cell_reached)s)
  AND (%(id)s::uuid IS NULL OR (i.registered_on, i.lead) {beyond} (%(key)s, %(id)s))
ORDER BY i.registered_on {direction}, i.lead {direction}
LIMIT %(limit)s

-- name: cell
{group} IS NOT DISTINCT FROM %(cell_key)s::text

-- name: of_lead
SELECT from_on, to_on, status, stage
FROM funnel_interval
WHERE lead = %(lead)s AND known_to = 9223372036854775807
ORDER BY from_on

-- name: position_at
WITH RECURSIVE search (low, high) AS (
    SELECT 0::bigint, (SELECT position FROM head WHERE id = 1)
    UNION ALL
    SELECT CASE WHEN e.recorded_at <= %(moment)s THEN e.position ELSE s.low END,
           CASE WHEN e.recorded_at <= %(moment)s THEN s.high ELSE e.position - 1 END
    FROM search s CROSS JOIN LATERAL (
        SELECT x.position, x.recorded_at FROM event x WHERE x.position = (s.low + s.high + 1) / 2 OFFSET 0
    ) e
    WHERE s.low < s.high
)
SELECT low FROM search WHERE low = high
