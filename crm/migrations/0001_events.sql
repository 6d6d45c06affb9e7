-- The district's events: one append-only table, one total order, one door.
-- Nothing here names a schema: the search_path of the connection that migrates decides. No sequence, no trigger, no
-- advisory lock: the head row is lock, gapless counter and end of the chain in one.

CREATE TABLE event (
    position     bigint      PRIMARY KEY,
    recorded_at  timestamptz NOT NULL,
    stream       uuid        NOT NULL,
    actor        uuid        NOT NULL,
    command      uuid        NOT NULL,
    origin       uuid,
    version      integer     NOT NULL CHECK (version > 0),
    schema       integer     NOT NULL CHECK (schema > 0),
    occurred_on  date        NOT NULL,
    topic        text        NOT NULL,
    role         text        NOT NULL,
    data         text        NOT NULL,
    hash         bytea       NOT NULL,
    UNIQUE (stream, version)
);

CREATE INDEX event_origin ON event (origin, position) WHERE origin IS NOT NULL;

CREATE TABLE head (
    id           smallint    PRIMARY KEY CHECK (id = 1),
    position     bigint      NOT NULL,
    hash         bytea       NOT NULL,
    recorded_at  timestamptz NOT NULL
);

INSERT INTO head (id, position, hash, recorded_at)
VALUES (1, 0, decode(repeat('00', 32), 'hex'), timestamptz 'epoch');

CREATE TABLE command (
    id           uuid        PRIMARY KEY,
    request      bytea       NOT NULL,
    actor        uuid        NOT NULL,
    stream       uuid        NOT NULL,
    first        bigint      NOT NULL,
    last         bigint      NOT NULL,
    recorded_at  timestamptz NOT NULL
);

-- The definer's search_path ends in pg_temp, so that no caller's temporary table can stand in for one of these.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Appends events, one array element each. Answers a row for every event stored, in order; a command that was stored
-- before is not stored again, its one row answers what it answered then (`repeated`).
--
-- A command id known with another request raises LF409. A version that is taken violates UNIQUE (stream, version); one
-- that leaves a gap raises the same (23505): either way the caller decided on something that is not the latest.
--
-- The chain: hash = SHA-256 of these fields, each preceded by its length in four bytes. Numbers are big-endian; texts
-- are UTF-8; a day counts from 1970-01-01, a moment in microseconds since then (UTC); no origin is an empty field.
--   hash of the event before (32 zero bytes before the first) · position (8) · recorded_at (8) · stream (16) ·
--   version (4) · topic · schema (4) · occurred_on (4) · actor (16) · role · command (16) · origin (16 or 0) · data
CREATE FUNCTION append_events(
    streams uuid[], versions integer[], topics text[], schemas integer[], days date[], bodies text[],
    commands uuid[], requests bytea[], actors uuid[], roles text[], origins uuid[]
) RETURNS TABLE (command uuid, stream uuid, "position" bigint, repeated boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT
-- The plans are made while the tables are small and must stay right when they are not.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    before  bigint;
    at      bigint;
    link    bytea;
    moment  timestamptz;
    micros  bytea;
    known   uuid[];
    reused  boolean;
    kept    integer[] := '{}';
    links   bytea[] := '{}';
    opening integer[] := '{}';
    firsts  bigint[] := '{}';
    lasts   bigint[] := '{}';
BEGIN
    SELECT h.position, h.hash, h.recorded_at INTO before, link, moment FROM head h WHERE h.id = 1 FOR UPDATE;
    moment := greatest(clock_timestamp(), moment);

    SELECT array_agg(c.id), bool_or(c.request <> requests[array_position(commands, c.id)]) INTO known, reused
    FROM command c WHERE c.id = ANY (commands);
    IF reused THEN
        RAISE EXCEPTION 'a command id was used again for another request' USING ERRCODE = 'LF409';
    END IF;
    IF known IS NOT NULL THEN
        RETURN QUERY SELECT c.id, c.stream, c.last, true FROM command c WHERE c.id = ANY (known);
    END IF;

    at := before;
    micros := int8send((extract(epoch FROM moment) * 1000000)::bigint);
    FOR i IN 1 .. cardinality(streams) LOOP
        CONTINUE WHEN commands[i] = ANY (known);
        at := at + 1;
        link := sha256('\x00000020'::bytea || link
            || '\x00000008'::bytea || int8send(at)
            || '\x00000008'::bytea || micros
            || '\x00000010'::bytea || uuid_send(streams[i])
            || '\x00000004'::bytea || int4send(versions[i])
            || int4send(octet_length(topics[i])) || convert_to(topics[i], 'UTF8')
            || '\x00000004'::bytea || int4send(schemas[i])
            || '\x00000004'::bytea || int4send(days[i] - date '1970-01-01')
            || '\x00000010'::bytea || uuid_send(actors[i])
            || int4send(octet_length(roles[i])) || convert_to(roles[i], 'UTF8')
            || '\x00000010'::bytea || uuid_send(commands[i])
            || coalesce('\x00000010'::bytea || uuid_send(origins[i]), '\x00000000'::bytea)
            || int4send(octet_length(bodies[i])) || convert_to(bodies[i], 'UTF8'));
        kept := array_append(kept, i);
        links := array_append(links, link);
        IF commands[i] = commands[opening[cardinality(opening)]] THEN
            lasts[cardinality(lasts)] := at;
        ELSE
            opening := array_append(opening, i);
            firsts := array_append(firsts, at);
            lasts := array_append(lasts, at);
        END IF;
    END LOOP;
    IF at = before THEN
        RETURN;
    END IF;

    RETURN QUERY
    INSERT INTO event AS e (position, recorded_at, stream, actor, command, origin, version, schema, occurred_on,
                            topic, role, data, hash)
    SELECT before + k.n, moment, streams[k.i], actors[k.i], commands[k.i], origins[k.i], versions[k.i], schemas[k.i],
           days[k.i], topics[k.i], roles[k.i], bodies[k.i], links[k.n]
    FROM unnest(kept) WITH ORDINALITY AS k (i, n)
    RETURNING e.command, e.stream, e.position, false;

    -- A stream's versions stand in the order of its positions: each follows one stored before it.
    PERFORM 1 FROM unnest(kept) WITH ORDINALITY AS k (i, n)
    WHERE versions[k.i] > 1 AND NOT EXISTS (
        SELECT 1 FROM event p
        WHERE p.stream = streams[k.i] AND p.version = versions[k.i] - 1 AND p.position < before + k.n
    );
    IF FOUND THEN
        RAISE EXCEPTION 'an event does not follow the last of its stream' USING ERRCODE = 'unique_violation';
    END IF;

    INSERT INTO command (id, request, actor, stream, first, last, recorded_at)
    SELECT commands[k.i], requests[k.i], actors[k.i], streams[k.i], firsts[k.n], lasts[k.n], moment
    FROM unnest(opening) WITH ORDINALITY AS k (i, n)
    ON CONFLICT (id) DO NOTHING;

    UPDATE head SET position = at, hash = link, recorded_at = moment WHERE id = 1;
    PERFORM pg_notify(current_schema(), at::text);
END
$$;

REVOKE ALL ON FUNCTION append_events FROM PUBLIC;
