-- Services by both clocks; nearly every one is a single row that holds for ever, so the indexes leave out none and serve
-- every day and every knowledge. `grams` are the signs of what it was about, for looking them up.

-- ddl
CREATE TABLE service_interval (
    id         uuid   NOT NULL,
    known_from bigint NOT NULL,
    from_on    date   NOT NULL,
    known_to   bigint NOT NULL,
    to_on      date   NOT NULL,
    served_on  date   NOT NULL,
    kind       text   NOT NULL,
    subject    text   NOT NULL,
    company    uuid,
    lead       uuid,
    project    uuid,
    served     text,
    handled_by uuid   NOT NULL,
    outcome    text   NOT NULL,
    result     text,
    solved_on  date,
    begun_by   uuid   NOT NULL,
    grams      text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX service_day ON service_interval (served_on, id);
CREATE INDEX service_kind ON service_interval (kind, served_on, id);
CREATE INDEX service_outcome ON service_interval (outcome, served_on, id);
CREATE INDEX service_by ON service_interval (handled_by, served_on, id);
CREATE INDEX service_company ON service_interval (company, served_on, id) WHERE company IS NOT NULL;
CREATE INDEX service_lead ON service_interval (lead, served_on, id) WHERE lead IS NOT NULL;
CREATE INDEX service_project ON service_interval (project, served_on, id) WHERE project IS NOT NULL;
CREATE INDEX service_grams ON service_interval USING gin (grams);

-- name: columns
i.id, i.from_on, i.served_on, i.kind, i.subject, i.company, i.lead, i.project, i.served, i.handled_by, i.outcome,
i.result, i.solved_on, i.begun_by

-- name: matching
(%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(outcome)s::text IS NULL OR i.outcome = %(outcome)s)
  AND (%(handled_by)s::uuid IS NULL OR i.handled_by = %(handled_by)s)
  AND (%(company)s::uuid IS NULL OR i.company = %(company)s)
  AND (%(lead)s::uuid IS NULL OR i.lead = %(lead)s)
  AND (%(project)s::uuid IS NULL OR i.project = %(project)s)
  AND (%(since)s::date IS NULL OR i.served_on >= %(since)s)
  AND (%(until)s::date IS NULL OR i.served_on <= %(until)s)
  AND {looked_up}

-- name: key_day
i.served_on

-- name: alike
SELECT i.id, i.from_on, i.served_on, i.kind, i.subject, i.company, i.lead, i.project, i.served, i.handled_by, i.outcome,
i.result, i.solved_on, i.begun_by
FROM service_interval i
WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
  AND i.served_on = ANY (%(days)s) AND i.subject = ANY (%(subjects)s)
