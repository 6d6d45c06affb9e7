-- What each verification of the district found, for the page that shows the last one. It proves nothing by itself:
-- who doubts it runs `crm audit verify`, or the bundle's own verifier, again.

CREATE TABLE verification (
    id           uuid         PRIMARY KEY,
    started_at   timestamptz  NOT NULL,
    finished_at  timestamptz  NOT NULL,
    position     bigint       NOT NULL,
    sound        boolean      NOT NULL,
    report       jsonb        NOT NULL
);
CREATE INDEX verification_finished ON verification (finished_at);
