-- How far each read model has come. `shape` is a fingerprint of its tables and code: another one, and it is rebuilt.

-- ddl
CREATE TABLE projection (
    name     text   PRIMARY KEY,
    position bigint NOT NULL,
    shape    text   NOT NULL,
    tables   text[] NOT NULL,
    stopped  text
);

-- name: states
SELECT name, position, stopped, shape FROM projection

-- name: lock
SELECT name, position FROM projection
WHERE name = ANY (%(names)s) AND stopped IS NULL
ORDER BY name
FOR UPDATE

-- name: advance
UPDATE projection SET position = %(position)s WHERE name = ANY (%(names)s)

-- name: stop
UPDATE projection SET stopped = %(why)s WHERE name = %(name)s

-- name: begin
INSERT INTO projection (name, position, shape, tables) VALUES (%(name)s, 0, %(shape)s, %(tables)s)

-- name: reached
SELECT coalesce(min(position), 0) FROM projection WHERE stopped IS NULL

-- name: head
SELECT position FROM head WHERE id = 1

-- name: exists
SELECT to_regclass('projection') IS NOT NULL

-- name: rows
SELECT c.relname, greatest(c.reltuples, 0)::bigint
FROM pg_class c WHERE c.oid = ANY (SELECT to_regclass(t)::oid FROM unnest(%(tables)s::text[]) AS t)

-- name: hold
SELECT pg_try_advisory_lock(hashtextextended('landfall projector ' || current_schema(), 0))

-- name: hold_rebuild
SELECT pg_try_advisory_lock(hashtextextended('landfall rebuild ' || current_schema(), 0)), current_schema()

-- name: events_cut
CREATE OR REPLACE VIEW {event} AS SELECT {columns} FROM {events} WHERE position <= {cut}

-- name: head_cut
CREATE OR REPLACE VIEW {head} AS
SELECT 1::smallint AS id, position, hash, recorded_at FROM {events} WHERE position = {cut}

-- name: lock_all
SELECT FROM projection WHERE name = ANY (%(names)s) ORDER BY name FOR UPDATE

-- name: differing
SELECT ARRAY[{texts}], CASE WHEN l IS NULL THEN 'missing' WHEN a IS NULL THEN 'extra' ELSE 'changed' END,
       count(*) OVER ()
FROM {live} AS l FULL JOIN {anew} AS a USING ({key})
WHERE l::text IS DISTINCT FROM a::text
ORDER BY {key}
LIMIT %(most)s

-- name: replays
SELECT n.nspname, obj_description(n.oid, 'pg_namespace'),
       (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
        WHERE c.relnamespace = n.oid AND c.relkind = 'r')
FROM pg_namespace n WHERE starts_with(n.nspname, %(start)s)

-- name: replay
SELECT n.nspname, obj_description(n.oid, 'pg_namespace'), 0::bigint FROM pg_namespace n WHERE n.nspname = %(schema)s

-- name: hold_replay
SELECT pg_try_advisory_lock(hashtextextended('landfall replay ' || %(schema)s, 0))

-- name: let_go_replay
SELECT pg_advisory_unlock(hashtextextended('landfall replay ' || %(schema)s, 0))
