-- Who did what, and when it was that it happened: one row an event. Beside it, one row an origin (an import, a book
-- handed over): what came of it.

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
    owner       uuid
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

-- indexes
CREATE INDEX activity_actor ON activity (actor, position);
CREATE INDEX activity_stream ON activity (stream, position);
CREATE INDEX activity_topic ON activity (topic, position);
CREATE INDEX activity_channel ON activity (channel, position);
CREATE INDEX activity_origin_events ON activity (origin, position) WHERE origin IS NOT NULL;
CREATE INDEX activity_recorded ON activity (recorded_at, position);
CREATE INDEX activity_occurred ON activity (occurred_on, position);
CREATE INDEX activity_late ON activity (late_days, position) WHERE late_days > 0;
CREATE INDEX activity_origin_last ON activity_origin (last_position);

-- name: known_origins
SELECT origin, actor, events, leads, first_position, last_position, recorded_at
FROM activity_origin
WHERE origin = ANY (%(origins)s)

-- name: asked
(%(all)s OR a.channel = ANY (%(channels)s::uuid[]) OR a.owner = %(viewer)s::uuid)
  AND (%(actor)s::uuid IS NULL OR a.actor = %(actor)s)
  AND (%(aggregate)s::text IS NULL OR a.aggregate = %(aggregate)s)
  AND (%(topics)s::text[] IS NULL OR a.topic = ANY (%(topics)s))
  AND (%(stream)s::uuid IS NULL OR a.stream = %(stream)s)
  AND (%(channel)s::uuid IS NULL OR a.channel = %(channel)s)
  AND (%(origin)s::uuid IS NULL OR a.origin = %(origin)s)
  AND (%(recorded_from)s::timestamptz IS NULL OR a.recorded_at >= %(recorded_from)s)
  AND (%(recorded_to)s::timestamptz IS NULL OR a.recorded_at <= %(recorded_to)s)
  AND (%(occurred_from)s::date IS NULL OR a.occurred_on >= %(occurred_from)s)
  AND (%(occurred_to)s::date IS NULL OR a.occurred_on <= %(occurred_to)s)
  AND (%(late_over)s::integer IS NULL OR a.late_days > %(late_over)s)

-- name: listed
SELECT a.position, a.recorded_at, a.occurred_on, a.actor, a.role, a.stream, a.aggregate, a.topic, a.version, a.origin,
       a.late_days, a.title, a.channel, a.position
FROM activity a
WHERE {asked} AND (%(at)s::bigint IS NULL OR a.position {beyond} %(at)s)
ORDER BY a.position {direction}
LIMIT %(limit)s

-- name: by_actor
SELECT actor, count(*), count(DISTINCT stream) FILTER (WHERE aggregate = 'lead'), count(*) FILTER (WHERE late_days > 0),
       min(recorded_at), max(recorded_at)
FROM activity
WHERE recorded_at >= %(recorded_from)s AND recorded_at <= %(recorded_to)s
GROUP BY actor
ORDER BY 2 DESC, 1

-- name: origins
SELECT origin, actor, events, leads, first_position, last_position, recorded_at, last_position
FROM activity_origin
WHERE %(at)s::bigint IS NULL OR last_position < %(at)s
ORDER BY last_position DESC
LIMIT %(limit)s
