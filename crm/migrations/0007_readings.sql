-- Who looked at what, and who took what out: a log of its own, append-only, chained like the events and apart from them.
-- Auditors have no right to write; what they read is written down for them, through one function, before they see it.

CREATE TABLE reading (
    position     bigint      PRIMARY KEY,
    recorded_at  timestamptz NOT NULL,
    person       uuid        NOT NULL,
    role         text        NOT NULL,
    route        text        NOT NULL,
    subject      uuid,
    rested_on    bigint      NOT NULL,
    hash         bytea       NOT NULL
);

CREATE INDEX reading_person ON reading (person, position);
CREATE INDEX reading_route ON reading (route, position);
CREATE INDEX reading_subject ON reading (subject, position) WHERE subject IS NOT NULL;
CREATE INDEX reading_recorded ON reading (recorded_at, position);

CREATE TABLE reading_head (
    id           smallint    PRIMARY KEY CHECK (id = 1),
    position     bigint      NOT NULL,
    hash         bytea       NOT NULL,
    recorded_at  timestamptz NOT NULL
);

INSERT INTO reading_head (id, position, hash, recorded_at)
VALUES (1, 0, decode(repeat('00', 32), 'hex'), timestamptz 'epoch');

-- The definer's search_path ends in pg_temp, so that no caller's temporary table can stand in for one of these.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Appends one reading; its position. `rested_on` is how far the read models had come: what was shown rests on it.
--
-- The chain: hash = SHA-256 of these fields, each preceded by its length in four bytes. Numbers are big-endian, texts
-- UTF-8, a moment is microseconds since 1970-01-01 (UTC); no subject is an empty field.
--   hash of the reading before (32 zero bytes before the first) · position (8) · recorded_at (8) · person (16) ·
--   role · route · subject (16 or 0) · rested_on (8)
CREATE FUNCTION append_reading(person uuid, role text, route text, subject uuid, rested_on bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT
AS $$
DECLARE
    at      bigint;
    link    bytea;
    moment  timestamptz;
BEGIN
    SELECT h.position + 1, h.hash, h.recorded_at INTO at, link, moment FROM reading_head h WHERE h.id = 1 FOR UPDATE;
    moment := greatest(clock_timestamp(), moment);
    link := sha256('\x00000020'::bytea || link
        || '\x00000008'::bytea || int8send(at)
        || '\x00000008'::bytea || int8send((extract(epoch FROM moment) * 1000000)::bigint)
        || '\x00000010'::bytea || uuid_send(append_reading.person)
        || int4send(octet_length(append_reading.role)) || convert_to(append_reading.role, 'UTF8')
        || int4send(octet_length(append_reading.route)) || convert_to(append_reading.route, 'UTF8')
        || coalesce('\x00000010'::bytea || uuid_send(append_reading.subject), '\x00000000'::bytea)
        || '\x00000008'::bytea || int8send(append_reading.rested_on));
    INSERT INTO reading (position, recorded_at, person, role, route, subject, rested_on, hash)
    VALUES (at, moment, append_reading.person, append_reading.role, append_reading.route, append_reading.subject,
            append_reading.rested_on, link);
    UPDATE reading_head SET position = at, hash = link, recorded_at = moment WHERE id = 1;
    RETURN at;
END
$$;

REVOKE ALL ON FUNCTION append_reading FROM PUBLIC;
