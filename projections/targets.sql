-- Targets by both clocks: `place` is the order of whose it is times 100, and that of its metric.

-- ddl
CREATE TABLE target_interval (
    id         uuid       NOT NULL,
    known_from bigint     NOT NULL,
    from_on    date       NOT NULL,
    known_to   bigint     NOT NULL,
    to_on      date       NOT NULL,
    name       text       NOT NULL,
    year       smallint   NOT NULL,
    metric     text       NOT NULL,
    owner_kind text       NOT NULL,
    channel    uuid,
    leader     uuid,
    industry   text,
    goal       bigint     NOT NULL,
    pace       smallint[] NOT NULL,
    document   text,
    set_on     date       NOT NULL,
    dropped    text,
    answers    uuid,
    begun_by   uuid       NOT NULL,
    place      integer    NOT NULL,
    searchable text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX target_now ON target_interval (year, place, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX target_known ON target_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.year, i.metric, i.owner_kind, i.channel, i.leader, i.industry, i.goal, i.pace, i.document,
i.set_on, i.dropped, i.answers, i.begun_by

-- name: matching
(%(year)s::smallint IS NULL OR i.year = %(year)s)
  AND (%(metric)s::text IS NULL OR i.metric = %(metric)s)
  AND (%(owner_kind)s::text IS NULL OR i.owner_kind = %(owner_kind)s)
  AND (%(channel)s::uuid IS NULL OR i.channel = %(channel)s)
  AND (%(leader)s::uuid IS NULL OR i.leader = %(leader)s)
  AND (%(industry)s::text IS NULL OR i.industry = %(industry)s)
  AND (%(dropped)s OR i.dropped IS NULL)
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_owner
i.place::bigint

-- name: key_metric
((i.place %% 100) * 100 + i.place / 100)::bigint

-- name: key_goal
i.goal

-- name: years
i.year
