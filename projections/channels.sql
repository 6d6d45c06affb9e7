-- Where leads come from, and what each occasion came to. What they brought is the funnel's to say.

-- ddl
CREATE TABLE channel (
    id           uuid    PRIMARY KEY,
    kind         text    NOT NULL,
    name         text    NOT NULL,
    country      text    NOT NULL,
    city         text,
    starts_on    date,
    ends_on      date,
    parent       uuid,
    closed       boolean NOT NULL,
    opened_on    date    NOT NULL,
    conferences  integer,
    firms_met    integer,
    cooperations integer,
    outcome_on   date,
    note         text,
    report       text,
    report_on    date
);

-- indexes
CREATE INDEX channel_kind ON channel (kind);
CREATE INDEX channel_parent ON channel (parent);

-- name: listed
SELECT id, kind, name, country, city, starts_on, ends_on, parent, closed, opened_on, conferences, firms_met,
       cooperations, outcome_on, note, report, report_on
FROM channel
WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(closed)s::boolean IS NULL OR closed = %(closed)s)
  AND (%(parent)s::uuid IS NULL OR parent = %(parent)s)
ORDER BY closed, starts_on DESC NULLS FIRST, name, id

-- name: one
SELECT id, kind, name, country, city, starts_on, ends_on, parent, closed, opened_on, conferences, firms_met,
       cooperations, outcome_on, note, report, report_on
FROM channel
WHERE id = %(id)s

-- name: names
SELECT id, name FROM channel

-- name: of_kind
SELECT id FROM channel WHERE kind = %(kind)s
