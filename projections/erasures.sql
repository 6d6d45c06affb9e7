-- Erasures asked for, turned down and done, and legal holds: one row a person, by id.

-- ddl
CREATE TABLE erasure (
    subject     uuid    PRIMARY KEY,
    position    bigint  NOT NULL,
    state       text    NOT NULL,
    held        boolean NOT NULL,
    ground      text,
    file_number text,
    asked_by    uuid,
    asked_on    date,
    settled_by  uuid,
    settled_on  date
);

-- indexes
CREATE INDEX erasure_state ON erasure (state, position);
CREATE INDEX erasure_position ON erasure (position);

-- name: listed
SELECT subject, position, state, held, ground, file_number, asked_by, asked_on, settled_by, settled_on, position
FROM erasure
WHERE (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(held)s::boolean IS NULL OR held = %(held)s)
  AND (%(place)s::bigint IS NULL OR position < %(place)s)
ORDER BY position DESC
LIMIT %(limit)s

-- name: counted
SELECT state, held, count(*) FROM erasure GROUP BY 1, 2
