-- What is to be done about which lead, and by when: one row a lead and kind of obligation. Whether something is overdue
-- is for whoever asks to say: days pass without events.

-- ddl
CREATE TABLE agenda (
    lead       uuid   NOT NULL,
    kind       text   NOT NULL,
    since      date   NOT NULL,
    due_on     date,
    place      date   NOT NULL,
    owner      uuid,
    channel    uuid   NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (lead, kind)
);

-- How many fall due on a day, by whose they are (nobody's: the nil id). What has no day stands under the last day, all
-- there is under the one before: so what is overdue is all but what stands from today on, and no past day is read.
CREATE TABLE agenda_count (
    due_on  date   NOT NULL,
    channel uuid   NOT NULL,
    owner   uuid   NOT NULL,
    kind    text   NOT NULL,
    things  bigint NOT NULL,
    PRIMARY KEY (due_on, channel, owner, kind)
);

-- indexes
CREATE INDEX agenda_count_level ON agenda_count (things) WHERE things = 0;
CREATE INDEX agenda_kind ON agenda (kind, place, lead);
CREATE INDEX agenda_owner ON agenda (owner, kind, place, lead);
CREATE INDEX agenda_channel ON agenda (channel, kind, place, lead);

-- name: settle
DELETE FROM agenda a
WHERE a.lead = ANY (%(leads)s)
  AND NOT EXISTS (SELECT FROM incoming_agenda i WHERE i.lead = a.lead AND i.kind = a.kind)

-- name: count
INSERT INTO agenda_count AS c (due_on, channel, owner, kind, things)
SELECT d.day, a.channel, coalesce(a.owner, '00000000-0000-0000-0000-000000000000'), a.kind, sum(a.things)
FROM (
    SELECT a.due_on, a.channel, a.owner, a.kind, -1 AS things FROM agenda a WHERE {replaced}
    UNION ALL
    SELECT i.due_on, i.channel, i.owner, i.kind, 1 FROM incoming_agenda i
) AS a, LATERAL (VALUES (coalesce(a.due_on, DATE '9999-12-31')), (DATE '9999-12-30')) AS d (day)
GROUP BY 1, 2, 3, 4
HAVING sum(a.things) <> 0
ON CONFLICT (due_on, channel, owner, kind) DO UPDATE SET things = c.things + excluded.things

-- name: level
DELETE FROM agenda_count WHERE things = 0

-- name: of_leads
a.lead = ANY (%(leads)s)

-- name: of_incoming
EXISTS (SELECT FROM incoming_agenda i WHERE i.lead = a.lead AND i.kind = a.kind)

-- name: running
SELECT lead, kind, since, due_on, place, owner, channel, amount_fen
FROM agenda
WHERE (lead, kind) > (%(lead)s, %(kind)s) AND kind = ANY (%(kinds)s) AND since >= %(since)s
ORDER BY lead, kind
LIMIT %(limit)s

-- name: asked
(%(all)s OR a.channel = ANY (%(channels)s::uuid[]) OR a.owner = %(viewer)s::uuid)
  AND (%(person)s::uuid IS NULL OR a.owner = %(person)s)
  AND (%(channel)s::uuid IS NULL OR a.channel = %(channel)s)

-- name: due (`place` is the day it is due on, where there is one)
a.kind = k.kind
  AND (%(before)s::date IS NULL OR (a.place < %(before)s AND a.due_on IS NOT NULL))
  AND (%(from)s::date IS NULL OR (a.place >= %(from)s AND a.due_on IS NOT NULL))
  AND (k.until IS NULL OR (a.place <= k.until AND a.due_on IS NOT NULL))
  AND (%(id)s::uuid IS NULL
       OR ((a.place, a.lead) >= (%(place)s, %(id)s) AND (a.place, a.lead, a.kind) > (%(place)s, %(id)s, %(after_kind)s)))

-- name: first
SELECT a.* FROM agenda a WHERE {whose} AND {due} AND {asked} ORDER BY a.place, a.lead LIMIT %(each)s

-- name: of_all
true

-- name: of_owner
a.owner = %(person)s

-- name: of_channel
a.channel = %(channel)s

-- name: of_viewer
a.owner = %(viewer)s

-- name: of_own_channel
a.channel = c.channel

-- name: first_of_own (of each channel, and of the viewer: what is first of all is among these)
SELECT own.*
FROM (
    SELECT a.* FROM unnest(%(channels)s::uuid[]) AS c (channel), LATERAL ({of_channels}) AS a
    UNION
    ({of_viewer})
) AS own
ORDER BY own.place, own.lead
LIMIT %(each)s

-- name: listed
SELECT a.lead, a.kind, a.since, a.due_on, a.owner, a.channel, l.company, l.stage, l.status, l.amount_fen,
       l.next_action, l.country, a.place, a.lead, a.kind
FROM unnest(%(kinds)s::text[], %(untils)s::date[]) AS k (kind, until), LATERAL ({first}) AS a JOIN lead l ON l.id = a.lead
ORDER BY a.place, a.lead, a.kind
LIMIT %(limit)s

-- name: counts
SELECT {by}, a.kind, sum(CASE WHEN a.due_on = '9999-12-30' THEN a.things ELSE -a.things END)::bigint,
       coalesce(sum(a.things) FILTER (WHERE a.due_on = %(today)s), 0)::bigint,
       coalesce(sum(a.things) FILTER (WHERE a.due_on > %(today)s AND a.due_on <= %(soon)s), 0)::bigint,
       sum(a.things) FILTER (WHERE a.due_on = '9999-12-30')::bigint
FROM agenda_count a
WHERE a.due_on >= %(today)s AND {asked}
GROUP BY 1, 2

-- name: by_all
NULL::uuid

-- name: by_owner
nullif(a.owner, '00000000-0000-0000-0000-000000000000')

-- name: by_channel
a.channel
