-- Where every lead stood: for every position of the ledger (known_from up to, not including, known_to) and every day
-- (from_on up to, not including, to_on). What is still known has the last known_to, what still holds the last day.
-- Stages are their order in the funnel, 0 for a merged lead. Beside it, the movements of each day as known now, by one
-- dimension at a time: their sum up to a day is the funnel of that day.

-- ddl
CREATE TABLE funnel_interval (
    lead          uuid     NOT NULL,
    known_from    bigint   NOT NULL,
    from_on       date     NOT NULL,
    known_to      bigint   NOT NULL,
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

CREATE TABLE funnel_daily (
    dimension  text     NOT NULL,
    key        text     NOT NULL,
    day        date     NOT NULL,
    status     text     NOT NULL,
    stage      smallint NOT NULL,
    reached    smallint NOT NULL,
    leads      bigint   NOT NULL,
    amount_fen bigint   NOT NULL,
    PRIMARY KEY (dimension, key, day, status, stage, reached)
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
CREATE INDEX funnel_then ON funnel_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX funnel_known ON funnel_interval (known_to, known_from);
CREATE INDEX funnel_learned ON funnel_interval (known_from);
CREATE INDEX funnel_begun ON funnel_interval (from_on, known_from);
CREATE INDEX funnel_ended ON funnel_interval (to_on, known_to) WHERE to_on < DATE '9999-12-31';
CREATE INDEX funnel_daily_level ON funnel_daily (leads) WHERE leads = 0 AND amount_fen = 0;

-- name: current
SELECT lead, from_on, to_on, known_from, status, stage, reached, channel, occasion, owner, country, region, industry,
       amount_fen, registered_on
FROM funnel_interval
WHERE lead = ANY (%(leads)s) AND known_to = 9223372036854775807
ORDER BY lead, from_on

-- name: move
INSERT INTO funnel_daily AS d (dimension, key, day, status, stage, reached, leads, amount_fen)
SELECT dimension, key, day, status, stage, reached, leads, amount_fen FROM incoming_funnel_daily
ON CONFLICT (dimension, key, day, status, stage, reached)
DO UPDATE SET leads = d.leads + excluded.leads, amount_fen = d.amount_fen + excluded.amount_fen

-- name: level
DELETE FROM funnel_daily WHERE leads = 0 AND amount_fen = 0

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
i.known_from <= %(known_at)s AND i.known_to > %(known_at)s AND i.from_on <= %(as_at)s AND i.to_on > %(as_at)s
  AND {seen} AND {asked}

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

-- name: daily_key
nullif(d.key, '')

-- name: daily_kind
c.kind

-- name: of_days
SELECT NULL::text, NULL::text, 0::smallint, 0::smallint, position, 0::numeric FROM projection WHERE name = 'funnel'
UNION ALL
SELECT {group}, d.status, d.stage, d.reached, sum(d.leads), sum(d.amount_fen)
FROM funnel_daily d LEFT JOIN channel c ON c.id::text = d.key
WHERE d.dimension = %(dimension)s AND d.day <= %(as_at)s
  AND (%(key)s::text IS NULL OR d.key = %(key)s)
  AND (%(kind)s::text IS NULL OR c.kind = %(kind)s)
GROUP BY {group}, d.status, d.stage, d.reached

-- name: keys
WITH RECURSIVE found (key) AS (
    (SELECT d.key FROM funnel_daily d WHERE d.dimension = %(dimension)s ORDER BY d.key LIMIT 1)
    UNION ALL
    SELECT (SELECT d.key FROM funnel_daily d WHERE d.dimension = %(dimension)s AND d.key > f.key ORDER BY d.key LIMIT 1)
    FROM found f WHERE f.key IS NOT NULL
)
SELECT key FROM found WHERE key <> ''

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
    FROM search s JOIN event e ON e.position = (s.low + s.high + 1) / 2
    WHERE s.low < s.high
)
SELECT low FROM search WHERE low = high
