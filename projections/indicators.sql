-- Figures reported from outside by both clocks.

-- ddl
CREATE TABLE indicator_interval (
    id          uuid     NOT NULL,
    known_from  bigint   NOT NULL,
    from_on     date     NOT NULL,
    known_to    bigint   NOT NULL,
    to_on       date     NOT NULL,
    name        text     NOT NULL,
    value       numeric  NOT NULL,
    unit        text     NOT NULL,
    bound       text     NOT NULL,
    year        smallint NOT NULL,
    period      text     NOT NULL,
    source      text     NOT NULL,
    reported_on date     NOT NULL,
    checked_on  date,
    begun_by    uuid     NOT NULL,
    name_key    text COLLATE "C" NOT NULL,
    searchable  text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX indicator_now_reported ON indicator_interval (reported_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX indicator_now_name ON indicator_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX indicator_known ON indicator_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.value, i.unit, i.bound, i.year, i.period, i.source, i.reported_on, i.checked_on, i.begun_by

-- name: matching
(%(year)s::smallint IS NULL OR i.year = %(year)s)
  AND (NOT %(unchecked)s OR i.checked_on IS NULL)
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_reported
i.reported_on

-- name: key_name
i.name_key

-- name: years
i.year
