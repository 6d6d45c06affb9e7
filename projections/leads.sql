-- One row a lead, as known now; beside it, what its names are found by (kept apart: names change seldom, leads often).

-- ddl
CREATE TABLE lead (
    id            uuid        PRIMARY KEY,
    version       integer     NOT NULL,
    position      bigint      NOT NULL,
    company       text        NOT NULL,
    project       text,
    credit_code   text,
    country       text        NOT NULL,
    region        text,
    industry      text        NOT NULL,
    stage         text,
    status        text        NOT NULL,
    reached       text,
    channel       uuid        NOT NULL,
    occasion      uuid,
    brought_by    uuid,
    owner         uuid,
    amount_fen    bigint      NOT NULL,
    currency      text        NOT NULL,
    registered_on date        NOT NULL,
    stage_since   date,
    updated_at    timestamptz NOT NULL,
    contacted_on  date,
    next_action   text,
    next_due      date,
    verdict       text,
    merged_into   uuid,
    absorbed      uuid[]      NOT NULL,
    loss_reason   text,
    name_key      text COLLATE "C" NOT NULL
);

CREATE TABLE lead_name (
    lead        uuid   PRIMARY KEY,
    normalised  text   COLLATE "C" NOT NULL,
    credit_code text   COLLATE "C",
    searchable  text   COLLATE "C" NOT NULL,
    grams       text[] NOT NULL
);

-- How many leads stand where, and what they are worth, by whose they are (nobody's: the nil id; no stage: an empty one).
CREATE TABLE lead_count (
    channel    uuid   NOT NULL,
    owner      uuid   NOT NULL,
    industry   text   NOT NULL,
    status     text   NOT NULL,
    stage      text   NOT NULL,
    leads      bigint NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (channel, owner, industry, status, stage)
);

-- indexes
CREATE INDEX lead_updated ON lead (updated_at, id);
CREATE INDEX lead_registered ON lead (registered_on, id);
CREATE INDEX lead_amount ON lead (amount_fen, id);
CREATE INDEX lead_by_name ON lead (name_key, id);
CREATE INDEX lead_due ON lead (coalesce(next_due, DATE '9999-12-31'), id);
CREATE INDEX lead_stage ON lead (status, stage, updated_at, id);
CREATE INDEX lead_channel ON lead (channel, updated_at, id);
CREATE INDEX lead_occasion ON lead (occasion, updated_at, id) WHERE occasion IS NOT NULL;
CREATE INDEX lead_owner ON lead (owner, updated_at, id) WHERE owner IS NOT NULL;
CREATE INDEX lead_industry ON lead (industry, updated_at, id);
CREATE INDEX lead_country ON lead (country, updated_at, id);
CREATE INDEX lead_name_grams ON lead_name USING gin (grams);
CREATE INDEX lead_name_normalised ON lead_name (normalised);
CREATE INDEX lead_name_credit_code ON lead_name (credit_code) WHERE credit_code IS NOT NULL;
CREATE INDEX lead_count_level ON lead_count (leads) WHERE leads = 0;
ALTER TABLE lead_name ALTER COLUMN grams SET STATISTICS 500;

-- name: columns
l.id, l.version, l.position, l.company, l.project, l.credit_code, l.country, l.region, l.industry, l.stage, l.status,
l.reached, l.channel, l.occasion, l.brought_by, l.owner, l.amount_fen, l.currency, l.registered_on, l.stage_since,
l.updated_at, l.contacted_on, l.next_action, l.next_due, l.verdict, l.merged_into, l.absorbed, l.loss_reason

-- name: key_updated
l.updated_at

-- name: key_registered
l.registered_on

-- name: key_amount
l.amount_fen

-- name: key_company
l.name_key

-- name: key_due
coalesce(l.next_due, DATE '9999-12-31')

-- name: standing (what `lead_count` can say)
(%(all)s OR l.channel = ANY (%(channels)s::uuid[]) OR l.owner = %(viewer)s::uuid)
  AND l.status <> ALL (%(hidden)s::text[])
  AND (%(stage)s::text IS NULL OR l.stage = %(stage)s)
  AND (%(status)s::text IS NULL OR l.status = %(status)s)
  AND (%(kind)s::uuid[] IS NULL OR l.channel = ANY (%(kind)s))
  AND (%(channel)s::uuid IS NULL OR l.channel = %(channel)s)
  AND (%(owner)s::uuid IS NULL OR l.owner = %(owner)s)
  AND (%(industry)s::text IS NULL OR l.industry = %(industry)s)

-- name: matching
{standing}
  AND (%(occasion)s::uuid IS NULL OR l.occasion = %(occasion)s)
  AND (%(country)s::text IS NULL OR l.country = %(country)s)
  AND (%(amount_from)s::bigint IS NULL OR l.amount_fen >= %(amount_from)s)
  AND (%(amount_to)s::bigint IS NULL OR l.amount_fen <= %(amount_to)s)
  AND (%(registered_from)s::date IS NULL OR l.registered_on >= %(registered_from)s)
  AND (%(registered_to)s::date IS NULL OR l.registered_on <= %(registered_to)s)
  AND (%(overdue_on)s::date IS NULL
       OR (coalesce(l.next_due, DATE '9999-12-31') < %(overdue_on)s AND l.status = %(open)s))

-- name: found_among (how a name is looked for among rows at hand, and how in all there are)
AND (SELECT n.searchable FROM lead_name n WHERE n.lead = l.id) LIKE ALL (%(patterns)s::text[])

-- name: found
AND l.id IN (
    SELECT n.lead FROM lead_name n WHERE n.grams @> %(grams)s::text[] AND n.searchable LIKE ALL (%(patterns)s::text[])
)

-- name: found_likely (LIKE besides would be guessed at once more, and what is looked for be taken for rarer than it is)
AND l.id IN (SELECT n.lead FROM lead_name n WHERE n.grams @> %(grams)s::text[])

-- name: likely
EXPLAIN (FORMAT JSON) SELECT FROM lead l WHERE {matching} {found}

-- name: named
SELECT n.lead
FROM lead_name n
WHERE n.grams @> %(grams)s::text[] AND n.searchable LIKE ALL (%(patterns)s::text[])
LIMIT %(limit)s

-- name: known_by
AND l.id IN (
    SELECT c.lead FROM contact_name c WHERE c.grams @> %(contact)s::bigint[] AND cardinality(%(contact)s::bigint[]) > 0
)
AND (%(contacts)s OR l.channel = ANY (%(channels)s::uuid[]) OR l.owner = %(viewer)s::uuid)

-- name: by_all (what a list sorted by the last change is looked up by, each an index that holds it in that order)
true

-- name: by_occasion
l.occasion = %(occasion)s

-- name: by_owner
l.owner = %(owner)s

-- name: by_channel
l.channel = %(channel)s

-- name: by_stage
l.status = %(status)s AND l.stage = %(stage)s

-- name: by_country
l.country = %(country)s

-- name: by_industry
l.industry = %(industry)s

-- name: beyond
(%(id)s::uuid IS NULL OR ({key}, l.id) {beyond} (%(key)s, %(id)s))

-- name: passed (how many stand there to be walked past)
SELECT count(*)
FROM (SELECT FROM lead l WHERE {driver} AND {after} ORDER BY {key} {direction}, l.id {direction} LIMIT %(scan)s) AS l

-- name: walked
SELECT {columns}, {key}, l.id
FROM (
    SELECT l.* FROM lead l
    WHERE {driver} AND {after}
    ORDER BY {key} {direction}, l.id {direction}
    LIMIT %(scan)s
) AS l
WHERE {matching} {found}
ORDER BY {key} {direction}, l.id {direction}
LIMIT %(limit)s

-- name: gathered (OFFSET 0 keeps the planner from walking in order until it has enough)
SELECT {columns}, {key}, l.id
FROM (SELECT l.* FROM lead l WHERE {matching} {found} AND {after} OFFSET 0) AS l
ORDER BY {key} {direction}, l.id {direction}
LIMIT %(limit)s

-- name: counted
SELECT count(*), coalesce(sum(amount_fen), 0)::bigint
FROM (
    SELECT l.amount_fen FROM lead l
    WHERE {driver} AND {matching} {found}
    ORDER BY l.updated_at DESC, l.id DESC
    LIMIT %(most)s
) AS counted

-- name: counted_all
SELECT count(*), coalesce(sum(l.amount_fen), 0)::bigint FROM lead l WHERE {matching} {found}

-- name: counted_among
SELECT count(*) FILTER (WHERE l.fits), coalesce(sum(l.amount_fen) FILTER (WHERE l.fits), 0)::bigint, count(*)
FROM (
    SELECT l.amount_fen, {matching} {found} AS fits
    FROM (SELECT l.* FROM lead l WHERE {driver} ORDER BY l.updated_at DESC, l.id DESC LIMIT %(scan)s) AS l
    OFFSET 0
) AS l

-- name: columns_walked
SELECT {columns}, {key}, l.id
FROM unnest(%(stages)s::text[]) AS s (stage), LATERAL (
    SELECT l.*
    FROM (
        SELECT l.* FROM lead l
        WHERE l.status = %(status)s AND l.stage = s.stage
        ORDER BY {key} DESC, l.id DESC
        LIMIT %(scan)s
    ) AS l
    WHERE {matching} {found}
    ORDER BY {key} DESC, l.id DESC
    LIMIT %(limit)s
) AS l
ORDER BY {key} DESC, l.id DESC

-- name: columns_gathered
SELECT {columns}, {key}, l.id
FROM (
    SELECT l.*, row_number() OVER (PARTITION BY l.stage ORDER BY {key} DESC, l.id DESC) AS nth
    FROM lead l
    WHERE l.stage = ANY (%(stages)s::text[]) AND {matching} {found}
) AS l
WHERE l.nth <= %(limit)s
ORDER BY {key} DESC, l.id DESC

-- name: counts
SELECT l.stage, sum(l.leads)::bigint, sum(l.amount_fen)::bigint FROM lead_count l WHERE {standing} GROUP BY l.stage

-- name: some
SELECT {columns} FROM lead l WHERE l.id = ANY (%(ids)s)

-- name: of_owner
SELECT l.id FROM lead l WHERE l.owner = %(owner)s AND l.status = ANY (%(statuses)s) ORDER BY l.updated_at, l.id

-- name: same_code
SELECT {columns}
FROM lead_name n JOIN lead l ON l.id = n.lead
WHERE n.credit_code = %(credit_code)s AND l.id IS DISTINCT FROM %(besides)s AND l.status <> ALL (%(hidden)s)
  AND (%(all)s OR l.channel = ANY (%(channels)s::uuid[]) OR l.owner = %(viewer)s::uuid)
ORDER BY l.updated_at DESC, l.id
LIMIT %(limit)s

-- name: same_name
SELECT {columns}
FROM lead_name n JOIN lead l ON l.id = n.lead
WHERE n.normalised = ANY (%(names)s) AND l.id IS DISTINCT FROM %(besides)s AND l.status <> ALL (%(hidden)s)
  AND (%(all)s OR l.channel = ANY (%(channels)s::uuid[]) OR l.owner = %(viewer)s::uuid)
ORDER BY length(n.normalised) DESC, l.updated_at DESC, l.id
LIMIT %(limit)s

-- name: name_within
SELECT {columns}
FROM lead_name n JOIN lead l ON l.id = n.lead
WHERE n.grams @> %(grams)s::text[] AND n.normalised LIKE %(pattern)s
  AND l.id IS DISTINCT FROM %(besides)s AND l.status <> ALL (%(hidden)s)
  AND (%(all)s OR l.channel = ANY (%(channels)s::uuid[]) OR l.owner = %(viewer)s::uuid)
ORDER BY length(n.normalised), l.updated_at DESC, l.id
LIMIT %(limit)s

-- name: count
INSERT INTO lead_count AS c (channel, owner, industry, status, stage, leads, amount_fen)
SELECT l.channel, coalesce(l.owner, '00000000-0000-0000-0000-000000000000'), l.industry, l.status,
       coalesce(l.stage, ''), sum(l.leads), sum(l.leads * l.amount_fen)
FROM (
    SELECT l.channel, l.owner, l.industry, l.status, l.stage, -1 AS leads, l.amount_fen
    FROM lead l WHERE l.id = ANY (%(leads)s)
    UNION ALL
    SELECT i.channel, i.owner, i.industry, i.status, i.stage, 1, i.amount_fen FROM incoming_lead i
) AS l
GROUP BY 1, 2, 3, 4, 5
HAVING sum(l.leads) <> 0 OR sum(l.leads * l.amount_fen) <> 0
ON CONFLICT (channel, owner, industry, status, stage)
DO UPDATE SET leads = c.leads + excluded.leads, amount_fen = c.amount_fen + excluded.amount_fen

-- name: level
DELETE FROM lead_count WHERE leads = 0
