-- Firms by both clocks. `known_as` are the names a firm goes or went by, as compared.

-- ddl
CREATE TABLE company_interval (
    id            uuid   NOT NULL,
    known_from    bigint NOT NULL,
    from_on       date   NOT NULL,
    known_to      bigint NOT NULL,
    to_on         date   NOT NULL,
    name          text   NOT NULL,
    former_names  text[] NOT NULL,
    credit_code   text   COLLATE "C",
    sector        text   NOT NULL,
    seat          text   NOT NULL,
    status        text   NOT NULL,
    address       text,
    parent        uuid,
    leads         uuid[] NOT NULL,
    registered_on date   NOT NULL,
    leader        uuid,
    task_force    text,
    departments   text,
    officers      uuid[] NOT NULL,
    begun_by      uuid   NOT NULL,
    name_key      text   COLLATE "C" NOT NULL,
    known_as      text[] COLLATE "C" NOT NULL,
    searchable    text   COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX company_now_name ON company_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX company_now_registered ON company_interval (registered_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX company_now_leader ON company_interval (leader, name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX company_now_parent ON company_interval (parent)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND parent IS NOT NULL;
CREATE INDEX company_now_code ON company_interval (credit_code)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND credit_code IS NOT NULL;
CREATE INDEX company_officers ON company_interval USING gin (officers);
CREATE INDEX company_leads ON company_interval USING gin (leads);
CREATE INDEX company_known_as ON company_interval USING gin (known_as);
CREATE INDEX company_then ON company_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX company_known ON company_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.former_names, i.credit_code, i.sector, i.seat, i.status, i.address, i.parent, i.leads,
i.registered_on, i.leader, i.task_force, i.departments, i.officers, i.begun_by

-- name: matching
(%(sector)s::text IS NULL OR i.sector = %(sector)s)
  AND (%(seat)s::text IS NULL OR i.seat = %(seat)s)
  AND (%(status)s::text IS NULL OR i.status = %(status)s)
  AND (%(leader)s::uuid IS NULL OR i.leader = %(leader)s)
  AND (%(officer)s::uuid IS NULL OR i.officers @> ARRAY[%(officer)s::uuid])
  AND (%(answers)s::uuid IS NULL OR i.leader = %(answers)s OR i.officers @> ARRAY[%(answers)s::uuid])
  AND (%(answered)s::boolean IS NULL OR (i.leader IS NOT NULL) = %(answered)s)
  AND (%(parent)s::uuid IS NULL OR i.parent = %(parent)s)
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_name
i.name_key

-- name: key_registered
i.registered_on

-- name: sectors
i.sector

-- name: leaders
i.leader

-- name: officers
unnest(i.officers)

-- name: alike
SELECT i.id, i.from_on, i.name, i.former_names, i.credit_code, i.sector, i.seat, i.status, i.address, i.parent, i.leads,
       i.registered_on, i.leader, i.task_force, i.departments, i.officers, i.begun_by
FROM company_interval i
WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
  AND (i.leads @> ARRAY[%(lead)s::uuid] OR i.credit_code = ANY (%(codes)s) OR i.known_as && %(names)s::text[])
ORDER BY i.leads @> ARRAY[%(lead)s::uuid] DESC, i.credit_code = ANY (%(codes)s) DESC NULLS LAST, i.name_key, i.id
LIMIT %(limit)s::bigint
