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

-- indexes
CREATE INDEX agenda_kind ON agenda (kind, place, lead);
CREATE INDEX agenda_owner ON agenda (owner, kind, place, lead);
CREATE INDEX agenda_channel ON agenda (channel, kind, place, lead);

-- name: settle
DELETE FROM agenda a
WHERE a.lead = ANY (%(leads)s)
  AND NOT EXISTS (
      SELECT FROM unnest(%(of)s::uuid[], %(kinds)s::text[]) AS i (lead, kind)
      WHERE i.lead = a.lead AND i.kind = a.kind
  )

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

-- name: listed
SELECT a.lead, a.kind, a.since, a.due_on, a.owner, a.channel, l.company, l.stage, l.status, l.amount_fen,
       l.next_action, l.country, a.place, a.lead, a.kind
FROM agenda a JOIN lead l ON l.id = a.lead
WHERE {asked}
  AND (%(kind)s::text IS NULL OR a.kind = %(kind)s)
  AND (%(before)s::date IS NULL OR a.due_on < %(before)s)
  AND (%(from)s::date IS NULL OR a.due_on >= %(from)s)
  AND (%(until)s::date IS NULL OR a.due_on <= %(until)s)
  AND (%(id)s::uuid IS NULL OR (a.place, a.lead, a.kind) > (%(place)s, %(id)s, %(after_kind)s))
ORDER BY a.place, a.lead, a.kind
LIMIT %(limit)s

-- name: counts
SELECT {by}, a.kind, count(*) FILTER (WHERE a.due_on < %(today)s), count(*) FILTER (WHERE a.due_on = %(today)s),
       count(*) FILTER (WHERE a.due_on > %(today)s AND a.due_on <= %(soon)s), count(*)
FROM agenda a
WHERE {asked}
GROUP BY 1, 2

-- name: by_all
NULL::uuid

-- name: by_owner
a.owner

-- name: by_channel
a.channel
