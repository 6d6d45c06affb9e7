-- The reserve of plans by both clocks.

-- ddl
CREATE TABLE plan_interval (
    id          uuid     NOT NULL,
    known_from  bigint   NOT NULL,
    from_on     date     NOT NULL,
    known_to    bigint   NOT NULL,
    to_on       date     NOT NULL,
    name        text     NOT NULL,
    status      text     NOT NULL,
    stage       text     NOT NULL,
    year        smallint NOT NULL,
    industry    text     NOT NULL,
    estimate    bigint   NOT NULL,
    place       text,
    source      text,
    proposed_on date     NOT NULL,
    project     uuid,
    drop_reason text,
    leader      uuid,
    departments text,
    officers    uuid[]   NOT NULL,
    begun_by    uuid     NOT NULL,
    name_key    text COLLATE "C" NOT NULL,
    searchable  text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX plan_now_estimate ON plan_interval (estimate, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX plan_now_stage ON plan_interval (stage, status, estimate, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX plan_now_name ON plan_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX plan_now_year ON plan_interval ((year::bigint), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX plan_now_proposed ON plan_interval (proposed_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX plan_known ON plan_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.status, i.stage, i.year, i.industry, i.estimate, i.place, i.source, i.proposed_on, i.project,
i.drop_reason, i.leader, i.departments, i.officers, i.begun_by

-- name: matching
(%(status)s::text IS NULL OR i.status = %(status)s)
  AND (%(stage)s::text IS NULL OR i.stage = %(stage)s)
  AND (%(year)s::smallint IS NULL OR i.year = %(year)s)
  AND (%(industry)s::text IS NULL OR i.industry = %(industry)s)
  AND (%(leader)s::uuid IS NULL OR i.leader = %(leader)s)
  AND (%(answers)s::uuid IS NULL OR i.leader = %(answers)s OR %(answers)s = ANY (i.officers))
  AND (%(at_least)s::bigint IS NULL OR i.estimate >= %(at_least)s)
  AND (%(project)s::uuid IS NULL OR i.project = %(project)s)
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_estimate
i.estimate

-- name: key_name
i.name_key

-- name: key_year
i.year::bigint

-- name: key_proposed
i.proposed_on

-- name: stages
i.stage

-- name: years
i.year
