-- The two functions that append run with their owner's rights, and projections may make objects in the same schema. PostgreSQL
-- prefers a function whose parameters fit exactly, wherever it stands in the search_path: a made-up array_append(integer[],
-- integer) would run in place of the built-in one, which takes any array. So every call that does not fit a built-in
-- exactly names pg_catalog. Nothing else is changed: what is stored, and its hash, is described where they were first made.

SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

CREATE OR REPLACE FUNCTION append_events(
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

    SELECT pg_catalog.array_agg(c.id), bool_or(c.request <> requests[pg_catalog.array_position(commands, c.id)]) INTO known, reused
    FROM command c WHERE c.id = ANY (commands);
    IF reused THEN
        RAISE EXCEPTION 'a command id was used again for another request' USING ERRCODE = 'LF409';
    END IF;
    IF known IS NOT NULL THEN
        RETURN QUERY SELECT c.id, c.stream, c.last, true FROM command c WHERE c.id = ANY (known);
    END IF;

    at := before;
    micros := int8send((extract(epoch FROM moment) * 1000000::numeric)::bigint);
    FOR i IN 1 .. pg_catalog.cardinality(streams) LOOP
        CONTINUE WHEN commands[i] = ANY (known);
        at := at + 1;
        link := sha256('\x00000020'::bytea || link
            || '\x00000008'::bytea || int8send(at)
            || '\x00000008'::bytea || micros
            || '\x00000010'::bytea || uuid_send(streams[i])
            || '\x00000004'::bytea || int4send(versions[i])
            || int4send(octet_length(topics[i])) || pg_catalog.convert_to(topics[i], 'UTF8')
            || '\x00000004'::bytea || int4send(schemas[i])
            || '\x00000004'::bytea || int4send(days[i] - date '1970-01-01')
            || '\x00000010'::bytea || uuid_send(actors[i])
            || int4send(octet_length(roles[i])) || pg_catalog.convert_to(roles[i], 'UTF8')
            || '\x00000010'::bytea || uuid_send(commands[i])
            || coalesce('\x00000010'::bytea || uuid_send(origins[i]), '\x00000000'::bytea)
            || int4send(octet_length(bodies[i])) || pg_catalog.convert_to(bodies[i], 'UTF8'));
        kept := pg_catalog.array_append(kept, i);
        links := pg_catalog.array_append(links, link);
        IF commands[i] = commands[opening[pg_catalog.cardinality(opening)]] THEN
            lasts[pg_catalog.cardinality(lasts)] := at;
        ELSE
            opening := pg_catalog.array_append(opening, i);
            firsts := pg_catalog.array_append(firsts, at);
            lasts := pg_catalog.array_append(lasts, at);
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
    FROM pg_catalog.unnest(kept) WITH ORDINALITY AS k (i, n)
    RETURNING e.command, e.stream, e.position, false;

    -- A stream's versions stand in the order of its positions: each follows one stored before it.
    PERFORM 1 FROM pg_catalog.unnest(kept) WITH ORDINALITY AS k (i, n)
    WHERE versions[k.i] > 1 AND NOT EXISTS (
        SELECT 1 FROM event p
        WHERE p.stream = streams[k.i] AND p.version = versions[k.i] - 1 AND p.position < before + k.n
    );
    IF FOUND THEN
        RAISE EXCEPTION 'an event does not follow the last of its stream' USING ERRCODE = 'unique_violation';
    END IF;

    INSERT INTO command (id, request, actor, stream, first, last, recorded_at)
    SELECT commands[k.i], requests[k.i], actors[k.i], streams[k.i], firsts[k.n], lasts[k.n], moment
    FROM pg_catalog.unnest(opening) WITH ORDINALITY AS k (i, n)
    ON CONFLICT (id) DO NOTHING;

    UPDATE head SET position = at, hash = link, recorded_at = moment WHERE id = 1;
    PERFORM pg_catalog.pg_notify(current_schema(), at::text);
END
$$;

CREATE OR REPLACE FUNCTION append_reading(person uuid, role text, route text, subject uuid, rested_on bigint) RETURNS bigint
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
        || '\x00000008'::bytea || int8send((extract(epoch FROM moment) * 1000000::numeric)::bigint)
        || '\x00000010'::bytea || uuid_send(append_reading.person)
        || int4send(octet_length(append_reading.role)) || pg_catalog.convert_to(append_reading.role, 'UTF8')
        || int4send(octet_length(append_reading.route)) || pg_catalog.convert_to(append_reading.route, 'UTF8')
        || coalesce('\x00000010'::bytea || uuid_send(append_reading.subject), '\x00000000'::bytea)
        || '\x00000008'::bytea || int8send(append_reading.rested_on));
    INSERT INTO reading (position, recorded_at, person, role, route, subject, rested_on, hash)
    VALUES (at, moment, append_reading.person, append_reading.role, append_reading.route, append_reading.subject,
            append_reading.rested_on, link);
    UPDATE reading_head SET position = at, hash = link, recorded_at = moment WHERE id = 1;
    RETURN at;
END
$$;
