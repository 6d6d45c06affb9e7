-- Procedures by both clocks. `papers` were missing at the acceptance, `missing` are so still; `owed_on` is the day for
-- which those were promised. `needs_land`: one that is usually handled once the land is taken, and counts as handled.

-- ddl
CREATE TABLE procedure_interval (
    id              uuid     NOT NULL,
    known_from      bigint   NOT NULL,
    from_on         date     NOT NULL,
    known_to        bigint   NOT NULL,
    to_on           date     NOT NULL,
    name            text     NOT NULL,
    kind            text     NOT NULL,
    status          text     NOT NULL,
    department      text COLLATE "C" NOT NULL,
    project         uuid,
    company         uuid,
    applicant       text,
    number          text,
    applied_on      date     NOT NULL,
    accepted_on     date,
    closed_on       date,
    papers          text[]   NOT NULL,
    missing         text[]   NOT NULL,
    promised_on     date,
    supplemented_on date,
    owed_on         date,
    document        text,
    way             text,
    handler         uuid,
    begun_by        uuid     NOT NULL,
    needs_land      boolean  NOT NULL,
    name_key        text COLLATE "C" NOT NULL,
    searchable      text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX procedure_now_applied ON procedure_interval (applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX procedure_now_name ON procedure_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX procedure_now_owed ON procedure_interval (coalesce(owed_on, DATE '9999-12-31'), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX procedure_now_due ON procedure_interval (owed_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND owed_on IS NOT NULL;
CREATE INDEX procedure_now_kind ON procedure_interval (kind, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX procedure_now_status ON procedure_interval (status, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX procedure_now_department ON procedure_interval (department, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX procedure_now_project ON procedure_interval (project, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND project IS NOT NULL;
CREATE INDEX procedure_now_company ON procedure_interval (company, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND company IS NOT NULL;
CREATE INDEX procedure_now_handler ON procedure_interval (handler, applied_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND handler IS NOT NULL;
CREATE INDEX procedure_then ON procedure_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX procedure_known ON procedure_interval (known_to, known_from);

-- name: early
i.needs_land AND EXISTS (
    SELECT FROM project_interval p
    WHERE p.id = i.project AND p.known_from <= %(known_at)s AND p.known_to > %(known_at)s
      AND p.from_on <= %(as_at)s AND p.to_on > %(as_at)s
      AND coalesce(i.accepted_on, i.closed_on) < CASE WHEN p.planned[1] IS NULL THEN p.reached[1]
                                                      ELSE coalesce(p.reached[1], DATE 'infinity') END
)

-- name: columns
i.id, i.from_on, i.name, i.kind, i.status, i.department, i.project, i.company, i.applicant, i.number, i.applied_on,
i.accepted_on, i.closed_on, i.papers, i.missing, i.promised_on, i.supplemented_on, i.owed_on, i.document, i.way,
i.handler, i.begun_by, {early}

-- name: matching
(%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(status)s::text IS NULL OR i.status = %(status)s)
  AND (%(open)s::boolean IS NULL OR i.status = ANY (%(undecided)s))
  AND (%(department)s::text IS NULL OR i.department = %(department)s)
  AND (%(lenient)s::boolean IS NULL OR i.papers <> '{{}}')
  AND (%(overdue_on)s::date IS NULL OR i.owed_on < %(overdue_on)s)
  AND (%(way)s::text IS NULL OR i.way = %(way)s)
  AND (%(handler)s::uuid IS NULL OR i.handler = %(handler)s)
  AND (%(project)s::uuid IS NULL OR i.project = %(project)s)
  AND (%(company)s::uuid IS NULL OR i.company = %(company)s)
  AND (%(accepted_from)s::date IS NULL OR coalesce(i.accepted_on, i.closed_on) >= %(accepted_from)s)
  AND (%(accepted_to)s::date IS NULL OR coalesce(i.accepted_on, i.closed_on) <= %(accepted_to)s)
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))
  AND (%(early)s::boolean IS NULL OR ({early}))

-- name: key_applied
i.applied_on

-- name: key_name
i.name_key

-- name: key_owed
coalesce(i.owed_on, DATE '9999-12-31')

-- name: departments
WITH RECURSIVE found (department) AS (
    (SELECT i.department FROM procedure_interval i
     WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
     ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT (SELECT i.department FROM procedure_interval i
            WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30' AND i.department > f.department
            ORDER BY 1 LIMIT 1)
    FROM found f WHERE f.department IS NOT NULL
)
SELECT department FROM found WHERE department IS NOT NULL
