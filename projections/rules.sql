-- Every version of the district's rules, as set: for the rules in force on a day as known at a position.

-- ddl
CREATE TABLE rules_version (
    position    bigint      PRIMARY KEY,
    version     integer     NOT NULL,
    from_on     date        NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor       uuid        NOT NULL,
    data        text        NOT NULL
);

-- indexes
CREATE INDEX rules_from ON rules_version (from_on, version);

-- name: in_force
SELECT position, version, from_on, recorded_at, actor, data
FROM rules_version
WHERE (%(day)s::date IS NULL OR from_on <= %(day)s)
  AND (%(known_at)s::bigint IS NULL OR position <= %(known_at)s)
ORDER BY from_on DESC, version DESC
LIMIT 1

-- name: listed
SELECT position, version, from_on, recorded_at, actor, data
FROM rules_version
WHERE (%(before)s::integer IS NULL OR version < %(before)s)
ORDER BY version DESC
LIMIT %(limit)s
