-- Funding from above by both clocks. Amounts in 分; `disbursed` is all that was paid out by then.

-- ddl
CREATE TABLE funding_interval (
    id           uuid     NOT NULL,
    known_from   bigint   NOT NULL,
    from_on      date     NOT NULL,
    known_to     bigint   NOT NULL,
    to_on        date     NOT NULL,
    name         text     NOT NULL,
    kind         text     NOT NULL,
    status       text     NOT NULL,
    department   text,
    project      uuid,
    company      uuid,
    applicant    text,
    applied_on   date     NOT NULL,
    requested    bigint   NOT NULL,
    approved_on  date,
    approved     bigint   NOT NULL,
    document     text,
    disbursed_on date,
    disbursed    bigint   NOT NULL,
    leader       uuid,
    officers     uuid[]   NOT NULL,
    begun_by     uuid     NOT NULL,
    name_key     text COLLATE "C" NOT NULL,
    searchable   text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX funding_now_applied ON funding_interval (applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funding_now_requested ON funding_interval (requested, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funding_now_approved ON funding_interval (approved, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funding_now_left ON funding_interval ((approved - disbursed), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funding_now_name ON funding_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX funding_now_project ON funding_interval (project, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND project IS NOT NULL;
CREATE INDEX funding_now_company ON funding_interval (company, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND company IS NOT NULL;
CREATE INDEX funding_then ON funding_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX funding_known ON funding_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.kind, i.status, i.department, i.project, i.company, i.applicant, i.applied_on, i.requested,
i.approved_on, i.approved, i.document, i.disbursed_on, i.disbursed, i.leader, i.officers, i.begun_by

-- name: matching
(%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(status)s::text IS NULL OR i.status = %(status)s)
  AND (%(applied_from)s::date IS NULL OR i.applied_on BETWEEN %(applied_from)s AND %(applied_to)s)
  AND (%(approved_from)s::date IS NULL OR i.approved_on BETWEEN %(approved_from)s AND %(approved_to)s)
  AND (%(paid)s::boolean IS NULL OR i.disbursed > 0)
  AND (%(unpaid)s::boolean IS NULL OR i.approved > i.disbursed)
  AND (%(project)s::uuid IS NULL OR i.project = %(project)s)
  AND (%(company)s::uuid IS NULL OR i.company = %(company)s)
  AND (%(answers)s::uuid IS NULL OR i.leader = %(answers)s OR %(answers)s = ANY (i.officers))
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: by_kind
i.kind

-- name: sums
sum(i.requested)::bigint, count(*) FILTER (WHERE i.approved > 0), sum(i.approved)::bigint,
count(*) FILTER (WHERE i.disbursed > 0), sum(i.disbursed)::bigint

-- name: key_applied
i.applied_on

-- name: key_requested
i.requested

-- name: key_approved
i.approved

-- name: key_left
i.approved - i.disbursed

-- name: key_name
i.name_key
