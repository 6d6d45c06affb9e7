-- Sites by both clocks; areas in ㎡.

-- ddl
CREATE TABLE site_interval (
    id          uuid          NOT NULL,
    known_from  bigint        NOT NULL,
    from_on     date          NOT NULL,
    known_to    bigint        NOT NULL,
    to_on       date          NOT NULL,
    name        text          NOT NULL,
    kind        text          NOT NULL,
    area        numeric NOT NULL,
    offered     numeric NOT NULL,
    reserved    numeric NOT NULL,
    occupied    numeric NOT NULL,
    free        numeric NOT NULL,
    place       text,
    operator    text,
    use         text,
    ready_on    date,
    terms       text          NOT NULL,
    terms_note  text,
    floor_load  numeric,
    height      numeric,
    power       numeric,
    opened_on   date          NOT NULL,
    takers      uuid[]        NOT NULL,
    leader      uuid,
    officers    uuid[]        NOT NULL,
    begun_by    uuid          NOT NULL,
    name_key    text COLLATE "C" NOT NULL,
    searchable  text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX site_now_free ON site_interval (free, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX site_now_area ON site_interval (area, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX site_now_name ON site_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX site_now_ready ON site_interval (coalesce(ready_on, DATE '1900-01-01'), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX site_now_takers ON site_interval USING gin (takers)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX site_then ON site_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX site_known ON site_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.kind, i.area, i.offered, i.reserved, i.occupied, i.free, i.place, i.operator, i.use,
i.ready_on, i.terms, i.terms_note, i.floor_load, i.height, i.power, i.opened_on, i.takers, i.leader, i.officers, i.begun_by

-- name: matching
(%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(kinds)s::text[] IS NULL OR i.kind = ANY (%(kinds)s))
  AND (%(terms)s::text IS NULL OR i.terms = %(terms)s)
  AND (%(held)s::text IS NULL OR CASE %(held)s WHEN 'free' THEN i.free WHEN 'reserved' THEN i.reserved ELSE i.occupied END > 0)
  AND (%(fits)s::numeric IS NULL OR i.free >= %(fits)s)
  AND (%(ready_by)s::date IS NULL OR i.ready_on IS NULL OR i.ready_on <= %(ready_by)s)
  AND (%(floor_load)s::numeric IS NULL OR i.floor_load >= %(floor_load)s)
  AND (%(height)s::numeric IS NULL OR i.height >= %(height)s)
  AND (%(power)s::numeric IS NULL OR i.power >= %(power)s)
  AND (%(taker)s::uuid IS NULL OR i.takers @> ARRAY[%(taker)s::uuid])
  AND (%(answers)s::uuid IS NULL OR i.leader = %(answers)s OR %(answers)s = ANY (i.officers))
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_free
i.free

-- name: key_area
i.area

-- name: key_name
i.name_key

-- name: key_ready
coalesce(i.ready_on, DATE '1900-01-01')

-- name: by_kind
i.kind

-- name: sums
sum(i.area), sum(i.offered), sum(i.reserved), sum(i.occupied), sum(i.free),
coalesce(sum(i.free) FILTER (WHERE i.ready_on IS NULL OR i.ready_on <= %(on)s), 0)
