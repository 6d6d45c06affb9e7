-- Meetings: the day and the position their figures were pinned to. The figures are computed again whenever they are asked for.

-- ddl
CREATE TABLE meeting (
    id           uuid    PRIMARY KEY,
    name         text    NOT NULL,
    pinned_as    text    NOT NULL,
    held_on      date    NOT NULL,
    as_at        date    NOT NULL,
    known_at     bigint  NOT NULL,
    edition      integer NOT NULL,
    figures      text    NOT NULL,
    previous     uuid,
    note         text,
    withdrawn_on date,
    withdrawn    text
);

-- indexes
CREATE INDEX meeting_order ON meeting (as_at, known_at, id);

-- name: listed
SELECT id, name, pinned_as, held_on, as_at, known_at, edition, figures, previous, note, withdrawn_on, withdrawn,
       as_at, known_at, id
FROM meeting
WHERE %(id)s::uuid IS NULL OR (as_at, known_at, id) {beyond} (%(as_at)s, %(known_at)s, %(id)s)
ORDER BY as_at {direction}, known_at {direction}, id {direction}
LIMIT %(limit)s

-- name: count
SELECT count(*) FROM meeting

-- name: one
SELECT id, name, pinned_as, held_on, as_at, known_at, edition, figures, previous, note, withdrawn_on, withdrawn
FROM meeting
WHERE id = %(id)s

-- name: before
SELECT id, name, pinned_as, held_on, as_at, known_at, edition, figures, previous, note, withdrawn_on, withdrawn
FROM meeting
WHERE withdrawn_on IS NULL AND as_at <= %(as_at)s AND known_at <= %(known_at)s
ORDER BY as_at DESC, known_at DESC, id DESC
LIMIT 1

-- name: after
SELECT id, name, pinned_as, held_on, as_at, known_at, edition, figures, previous, note, withdrawn_on, withdrawn
FROM meeting
WHERE previous = %(id)s
ORDER BY withdrawn_on IS NOT NULL, as_at, known_at, id
LIMIT 1

-- name: ready
SELECT min(position), bool_or(stopped IS NOT NULL) FROM projection WHERE name IN ('funnel', 'meetings', 'projects', 'problems', 'tasks', 'rules')
