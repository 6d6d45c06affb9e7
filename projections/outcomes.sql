-- Loans and contracts that came of meetings, by both clocks; amounts in 分. `from_on` is the day of each.

-- ddl
CREATE TABLE outcome_interval (
    id         uuid    NOT NULL,
    known_from bigint  NOT NULL,
    from_on    date    NOT NULL,
    known_to   bigint  NOT NULL,
    to_on      date    NOT NULL,
    meeting    uuid    NOT NULL,
    version    integer NOT NULL,
    kind       text    NOT NULL,
    firm       text    NOT NULL,
    company    uuid,
    partner    text    NOT NULL,
    subject    text,
    amount     bigint  NOT NULL,
    normalised text COLLATE "C" NOT NULL,
    searchable text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX outcome_now_made ON outcome_interval (from_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX outcome_now_amount ON outcome_interval (amount, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX outcome_now_firm ON outcome_interval (normalised, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX outcome_now_meeting ON outcome_interval (meeting, from_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX outcome_now_company ON outcome_interval (company)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND company IS NOT NULL;
CREATE INDEX outcome_then ON outcome_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX outcome_known ON outcome_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.meeting, i.version, i.kind, i.firm, i.company, i.partner, i.subject, i.amount

-- name: matching
(%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(meeting)s::uuid IS NULL OR i.meeting = %(meeting)s)
  AND (%(company)s::uuid IS NULL OR i.company = %(company)s)
  AND (%(made_from)s::date IS NULL OR i.from_on >= %(made_from)s)
  AND (%(made_to)s::date IS NULL OR i.from_on <= %(made_to)s)
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_made
i.from_on

-- name: key_amount
i.amount

-- name: key_firm
i.normalised

-- name: by_kind
i.kind

-- name: sums
count(DISTINCT i.normalised), coalesce(sum(i.amount), 0)::bigint
