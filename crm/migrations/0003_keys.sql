-- One key per person, and per stream for its free texts; wrapped by the master key, which is never in the database.
-- A destroyed key keeps its row with nothing in it, so that nothing is ever sealed for that subject again.

CREATE TABLE sealing_key (
    subject       uuid         PRIMARY KEY,
    wrapped       bytea,
    created_at    timestamptz  NOT NULL,
    destroyed_at  timestamptz
);
