-- Who works with the system, and where they are posted.

-- ddl
CREATE TABLE person (
    id     uuid    PRIMARY KEY,
    name   text    NOT NULL,
    login  text    NOT NULL,
    roles  text[]  NOT NULL,
    active boolean NOT NULL
);

CREATE TABLE posting (
    channel uuid    NOT NULL,
    person  uuid    NOT NULL,
    nth     integer NOT NULL,
    from_on date    NOT NULL,
    to_on   date,
    PRIMARY KEY (channel, person, nth)
);

-- indexes
CREATE INDEX person_login ON person (login);
CREATE INDEX posting_person ON posting (person);

-- name: listed
SELECT id, name, login, roles, active
FROM person
WHERE %(active)s::boolean IS NULL OR active = %(active)s
ORDER BY active DESC, name, id

-- name: one
SELECT id, name, login, roles, active FROM person WHERE id = %(id)s

-- name: names
SELECT id, name FROM person

-- name: postings
SELECT channel, person, from_on, to_on
FROM posting
WHERE (%(channel)s::uuid IS NULL OR channel = %(channel)s)
  AND (%(person)s::uuid IS NULL OR person = %(person)s)
  AND (%(on)s::date IS NULL OR (from_on <= %(on)s AND (to_on IS NULL OR to_on >= %(on)s)))
ORDER BY to_on DESC NULLS FIRST, from_on, channel, person, nth
