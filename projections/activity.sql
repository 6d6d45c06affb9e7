-- Who did what, and when it was that it happened: one row an event. Beside it, one row an origin (an import, a book
-- handed over): what came of it; and one row a person and day: how much they recorded.

-- ddl
CREATE TABLE activity (
    position    bigint      PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    occurred_on date        NOT NULL,
    late_days   integer     NOT NULL,
    actor       uuid        NOT NULL,
    role        text        NOT NULL,
    stream      uuid        NOT NULL,
    version     integer     NOT NULL,
    aggregate   text        NOT NULL,
    topic       text        NOT NULL,
    origin      uuid,
    title       text        NOT NULL,
    channel     uuid,
    owner       uuid,
    correction  boolean     NOT NULL,
    outside     boolean     NOT NULL,
    bulk        boolean     NOT NULL
);

CREATE TABLE activity_origin (
    origin         uuid        PRIMARY KEY,
    actor          uuid        NOT NULL,
    events         bigint      NOT NULL,
    leads          bigint      NOT NULL,
    first_position bigint      NOT NULL,
    last_position  bigint      NOT NULL,
    recorded_at    timestamptz NOT NULL
);

-- `in_minute` counts what the person recorded by hand in `minute`, the last one so far; `few` are those not (yet) bulk.
CREATE TABLE activity_day (
    actor       uuid        NOT NULL,
    day         date        NOT NULL,
    events      integer     NOT NULL,
    leads       integer     NOT NULL,
    corrections integer     NOT NULL,
    late        integer     NOT NULL,
    outside     integer     NOT NULL,
    bulk        integer     NOT NULL,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    minute      timestamptz NOT NULL,
    in_minute   integer     NOT NULL,
    few         bigint[]    NOT NULL,
    PRIMARY KEY (actor, day)
);

-- indexes
CREATE INDEX activity_actor ON activity (actor, position);
CREATE INDEX activity_stream ON activity (stream, position);
CREATE INDEX activity_topic ON activity (topic, position);
CREATE INDEX activity_channel ON activity (channel, position);
CREATE INDEX activity_origin_events ON activity (origin, position) WHERE origin IS NOT NULL;
CREATE INDEX activity_recorded ON activity (recorded_at, position);
CREATE INDEX activity_occurred ON activity (occurred_on, position);
CREATE INDEX activity_role ON activity (role, position) WHERE role <> 'staff';
CREATE INDEX activity_aggregate ON activity (aggregate, position) WHERE aggregate <> 'lead';
CREATE INDEX activity_correction ON activity (position) WHERE correction;
CREATE INDEX activity_outside ON activity (position) WHERE outside;
CREATE INDEX activity_bulk ON activity (position) WHERE bulk;
CREATE INDEX activity_late ON activity (position) WHERE late_days > 7;
CREATE INDEX activity_very_late ON activity (position) WHERE late_days > 30;
CREATE INDEX activity_origin_last ON activity_origin (last_position);
CREATE INDEX activity_day_day ON activity_day (day);

-- name: known_origins
SELECT origin, actor, events, leads, first_position, last_position, recorded_at
FROM activity_origin
WHERE origin = ANY (%(origins)s)

-- name: known_days
SELECT actor, day, events, leads, corrections, late, outside, bulk, first_at, last_at, minute, in_minute, few
FROM activity_day
WHERE (actor, day) IN (SELECT * FROM unnest(%(actors)s::uuid[], %(days)s::date[]))

-- name: many
UPDATE activity SET bulk = true WHERE position = ANY (%(positions)s)

-- name: asked
(%(all)s OR a.channel = ANY (%(channels)s::uuid[]) OR a.owner = %(viewer)s::uuid)
  AND (%(actor)s::uuid IS NULL OR a.actor = %(actor)s)
  AND (%(role)s::text IS NULL OR a.role = %(role)s)
  AND (%(aggregate)s::text IS NULL OR a.aggregate = %(aggregate)s)
  AND (%(topic)s::text IS NULL OR a.topic = %(topic)s)
  AND (%(stream)s::uuid IS NULL OR a.stream = %(stream)s)
  AND (%(streams)s::uuid[] IS NULL OR a.stream = ANY (%(streams)s))
  AND (%(channel)s::uuid IS NULL OR a.channel = %(channel)s)
  AND (%(origin)s::uuid IS NULL OR a.origin = %(origin)s)
  AND (%(recorded_from)s::timestamptz IS NULL OR a.recorded_at >= %(recorded_from)s)
  AND (%(recorded_to)s::timestamptz IS NULL OR a.recorded_at <= %(recorded_to)s)
  AND (%(occurred_from)s::date IS NULL OR a.occurred_on >= %(occurred_from)s)
  AND (%(occurred_to)s::date IS NULL OR a.occurred_on <= %(occurred_to)s)
  AND (%(late_over)s::integer IS NULL OR a.late_days > %(late_over)s)
  AND (NOT %(corrections)s OR a.correction)
  AND (NOT %(outside)s OR a.outside)
  AND (NOT %(bulk)s OR a.bulk)

-- name: by_stream (what a question is looked up by, each an index that holds it in the list's order: `activity_asked`)
a.stream = %(stream)s

-- name: by_streams
a.stream = ANY (%(streams)s)

-- name: by_origin
a.origin = %(origin)s

-- name: by_actor
a.actor = %(actor)s

-- name: by_correction
a.correction

-- name: by_role
a.role = %(role)s AND a.role <> 'staff'

-- name: by_aggregate
a.aggregate = %(aggregate)s AND a.aggregate <> 'lead'

-- name: by_topic
a.topic = %(topic)s

-- name: by_channel
a.channel = %(channel)s

-- name: by_very_late
a.late_days > 30

-- name: by_late
a.late_days > 7

-- name: by_bulk
a.bulk

-- name: by_outside
a.outside

-- name: by_occurred
a.occurred_on BETWEEN coalesce(%(occurred_from)s::date, '-infinity') AND coalesce(%(occurred_to)s::date, 'infinity')

-- name: by_all
true

-- name: in_order_recorded
a.position DESC

-- name: in_order_occurred
a.occurred_on DESC, a.position DESC

-- name: beyond_recorded
(%(at)s::bigint IS NULL OR a.position < %(at)s)

-- name: beyond_occurred
(%(at)s::bigint IS NULL OR (a.occurred_on, a.position) < (%(on)s::date, %(at)s))

-- name: within
a.position >= %(first)s AND a.position <= %(last)s

-- name: looked_at
SELECT a.*
FROM activity a
WHERE {driver} AND {within} AND {beyond}
ORDER BY {order}
LIMIT %(scan)s

-- name: columns
a.position, a.recorded_at, a.occurred_on, a.actor, a.role, a.stream, a.aggregate, a.topic, a.version, a.origin,
a.late_days, a.title, a.channel, a.correction, a.outside, a.bulk

-- name: one
SELECT {columns} FROM activity a WHERE a.position = %(position)s

-- name: listed
SELECT {columns}
FROM ({looked_at}) AS a
WHERE {asked}
ORDER BY {order}
LIMIT %(limit)s

-- name: counted
SELECT count(*) FROM (SELECT 1 FROM ({looked_at}) AS a WHERE {asked} LIMIT %(limit)s) AS counted

-- name: counted_at_once
SELECT count(*) FROM (SELECT 1 FROM activity a WHERE {driver} AND {within} LIMIT %(limit)s) AS counted

-- name: last_looked_at
SELECT a.position, a.occurred_on
FROM activity a
WHERE {driver} AND {within} AND {beyond}
ORDER BY {order}
OFFSET %(scan)s - 1 LIMIT 1

-- name: first_position
SELECT position FROM activity WHERE recorded_at >= %(moment)s ORDER BY recorded_at, position LIMIT 1

-- name: last_position
SELECT position FROM activity WHERE recorded_at <= %(moment)s ORDER BY recorded_at DESC, position DESC LIMIT 1

-- name: actors
SELECT actor, sum(events), sum(leads), sum(corrections), sum(late), sum(outside), sum(bulk), min(first_at), max(last_at)
FROM activity_day
WHERE day >= %(first)s AND day <= %(last)s
GROUP BY actor
ORDER BY 2 DESC, 1

-- name: origins
SELECT origin, actor, events, leads, first_position, last_position, recorded_at, last_position
FROM activity_origin
WHERE %(at)s::bigint IS NULL OR last_position < %(at)s
ORDER BY last_position DESC
LIMIT %(limit)s
