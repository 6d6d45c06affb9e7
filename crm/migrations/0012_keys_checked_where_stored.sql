-- `append_events` looks itself whether a key was destroyed under which its events are sealed: the head's lock is held then, and
-- an erasure takes it too. It was a statement of the caller's before, and so a transaction of three round trips.
-- The rest is as it was, with fewer steps: what follows its neighbour in the batch is not looked up in the table.

SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

DROP FUNCTION append_events;

-- Beside what 0001_events.sql says: `subjects` are those under whose keys the events are sealed; one whose key is destroyed raises
-- LF410, unless nothing is to be stored.
CREATE FUNCTION append_events(
    streams uuid[], versions integer[], topics text[], schemas integer[], days date[], bodies text[],
    commands uuid[], requests bytea[], actors uuid[], roles text[], origins uuid[], subjects uuid[] DEFAULT '{}'
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
    follows boolean := false;
    kept    integer[] := '{}';
    links   bytea[] := '{}';
    jumps   integer[] := '{}';
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
    micros := '\x00000008'::bytea || int8send((extract(epoch FROM moment) * 1000000::numeric)::bigint) || '\x00000010'::bytea;
    FOR i IN 1 .. pg_catalog.cardinality(streams) LOOP
        IF commands[i] = ANY (known) THEN
            follows := false;
            CONTINUE;
        END IF;
        at := at + 1;
        link := sha256('\x00000020'::bytea || link
            || '\x00000008'::bytea || int8send(at)
            || micros || uuid_send(streams[i])
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
        IF versions[i] > 1 AND NOT (follows AND streams[i] = streams[i - 1] AND versions[i] = versions[i - 1] + 1) THEN
            jumps := pg_catalog.array_append(jumps, pg_catalog.cardinality(kept));
        END IF;
        IF commands[i] = commands[opening[pg_catalog.cardinality(opening)]] THEN
            lasts[pg_catalog.cardinality(lasts)] := at;
        ELSE
            opening := pg_catalog.array_append(opening, i);
            firsts := pg_catalog.array_append(firsts, at);
            lasts := pg_catalog.array_append(lasts, at);
        END IF;
        follows := true;
    END LOOP;
    IF at = before THEN
        RETURN;
    END IF;
    IF pg_catalog.cardinality(subjects) > 0 THEN
        PERFORM FROM sealing_key s WHERE s.subject = ANY (subjects) AND s.destroyed_at IS NOT NULL;
        IF FOUND THEN
            RAISE EXCEPTION 'a key was destroyed under which this is sealed' USING ERRCODE = 'LF410';
        END IF;
    END IF;

    RETURN QUERY
    INSERT INTO event AS e (position, recorded_at, stream, actor, command, origin, version, schema, occurred_on,
                            topic, role, data, hash)
    SELECT before + k.n, moment, streams[k.i], actors[k.i], commands[k.i], origins[k.i], versions[k.i], schemas[k.i],
           days[k.i], topics[k.i], roles[k.i], bodies[k.i], links[k.n]
    FROM pg_catalog.unnest(kept) WITH ORDINALITY AS k (i, n)
    RETURNING e.command, e.stream, e.position, false;

    -- A stream's versions stand in the order of its positions: each follows one stored before it.
    IF pg_catalog.cardinality(jumps) > 0 THEN
        PERFORM FROM pg_catalog.unnest(jumps) AS j (n)
        WHERE NOT EXISTS (
            SELECT FROM event p
            WHERE p.stream = streams[kept[j.n]] AND p.version = versions[kept[j.n]] - 1 AND p.position < before + j.n
        );
        IF FOUND THEN
            RAISE EXCEPTION 'an event does not follow the last of its stream' USING ERRCODE = 'unique_violation';
        END IF;
    END IF;

    INSERT INTO command (id, request, actor, stream, first, last, recorded_at)
    SELECT commands[k.i], requests[k.i], actors[k.i], streams[k.i], firsts[k.n], lasts[k.n], moment
    FROM pg_catalog.unnest(opening) WITH ORDINALITY AS k (i, n)
    ON CONFLICT (id) DO NOTHING;

    UPDATE head SET position = at, hash = link, recorded_at = moment WHERE id = 1;
    PERFORM pg_catalog.pg_notify(current_schema(), at::text);
END
$$;

REVOKE ALL ON FUNCTION append_events FROM PUBLIC;
