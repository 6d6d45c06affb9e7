-- What each lead needs, in ㎡; `wanted` while it is open and has not landed.

-- ddl
CREATE TABLE space_need (
    lead     uuid    PRIMARY KEY,
    wanted   boolean NOT NULL,
    company  text    NOT NULL,
    project  text,
    stage    text    NOT NULL,
    channel  uuid    NOT NULL,
    owner    uuid,
    space_m2 numeric,
    land_m2  numeric
);

-- indexes
CREATE INDEX need_space ON space_need (space_m2, lead) WHERE wanted AND space_m2 IS NOT NULL;
CREATE INDEX need_land ON space_need (land_m2, lead) WHERE wanted AND land_m2 IS NOT NULL;
CREATE INDEX need_most ON space_need ((greatest(space_m2, land_m2)), lead)
    WHERE wanted AND (space_m2 IS NOT NULL OR land_m2 IS NOT NULL);

-- name: shown
n.lead, n.company, n.project, n.stage, n.channel, n.owner, n.space_m2, n.land_m2

-- name: listable
(%(all)s OR n.channel = ANY (%(channels)s::uuid[]) OR n.owner = %(viewer)s::uuid)

-- name: in_space
SELECT {shown}, 0
FROM space_need n
WHERE n.wanted AND n.space_m2 IS NOT NULL AND n.space_m2 <= %(free)s
  AND {listable}
ORDER BY n.space_m2 DESC, n.lead DESC
LIMIT %(limit)s

-- name: on_land
SELECT {shown}, 0
FROM space_need n
WHERE n.wanted AND n.land_m2 IS NOT NULL AND n.land_m2 <= %(free)s
  AND {listable}
ORDER BY n.land_m2 DESC, n.lead DESC
LIMIT %(limit)s

-- name: page
SELECT {shown}, f.fits,
       greatest(n.space_m2, n.land_m2), n.lead
FROM space_need n, LATERAL (
    SELECT count(*) AS fits FROM (
        SELECT 1 FROM site_interval i
        WHERE i.known_to > 9223372036854775806 AND i.to_on > DATE '9999-12-30'
          AND ((i.kind = 'land' AND i.free >= n.land_m2) OR (i.kind <> 'land' AND i.free >= n.space_m2))
          AND i.free >= least(n.space_m2, n.land_m2)
        LIMIT 100) AS enough) AS f
WHERE n.wanted AND (n.space_m2 IS NOT NULL OR n.land_m2 IS NOT NULL)
  AND {listable}
  AND (%(lead)s::uuid IS NULL OR (greatest(n.space_m2, n.land_m2), n.lead) {beyond} (%(key)s, %(lead)s))
ORDER BY greatest(n.space_m2, n.land_m2) {direction}, n.lead {direction}
LIMIT %(limit)s
