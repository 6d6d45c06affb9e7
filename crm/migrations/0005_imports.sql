-- Imports and their undoing: who, when, which file, what came of it. What can hold personal data (name, content,
-- choices, report, failed rows) is ciphertext under the import's own key; file and choices go when they have been used.

CREATE TABLE import (
    id            uuid         PRIMARY KEY,
    undoes        uuid         REFERENCES import (id),
    person        uuid         NOT NULL,
    role          text         NOT NULL,
    language      text         NOT NULL,
    created_at    timestamptz  NOT NULL,
    finished_at   timestamptz,
    day           date         NOT NULL,
    state         text         NOT NULL CHECK (state IN ('waiting', 'checking', 'checked', 'applying', 'done', 'refused')),
    kind          text         NOT NULL,
    size          bigint       NOT NULL,
    name          bytea        NOT NULL,
    content       bytea,
    choices       bytea,
    report        bytea,
    failed        bytea,
    done          integer      NOT NULL DEFAULT 0,
    total         integer      NOT NULL DEFAULT 0,
    worker        uuid,
    beat          timestamptz
);

CREATE INDEX import_created ON import (created_at, id);
CREATE UNIQUE INDEX import_undone_once ON import (undoes) WHERE undoes IS NOT NULL;

-- Ciphertext does not compress.
ALTER TABLE import ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE import ALTER COLUMN failed SET STORAGE EXTERNAL;
