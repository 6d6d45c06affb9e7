-- Matchmaking meetings by both clocks; amounts in 分.

-- ddl
CREATE TABLE matchmaking_interval (
    id         uuid    NOT NULL,
    known_from bigint  NOT NULL,
    from_on    date    NOT NULL,
    known_to   bigint  NOT NULL,
    to_on      date    NOT NULL,
    name       text    NOT NULL,
    kind       text    NOT NULL,
    held_on    date    NOT NULL,
    place      text,
    organiser  text,
    firms      integer NOT NULL,
    loans      integer NOT NULL,
    lent       bigint  NOT NULL,
    helped     integer NOT NULL,
    deals      integer NOT NULL,
    dealt      bigint  NOT NULL,
    leader     uuid,
    officers   uuid[]  NOT NULL,
    begun_by   uuid    NOT NULL,
    name_key   text COLLATE "C" NOT NULL,
    searchable text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX matchmaking_now_held ON matchmaking_interval (held_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX matchmaking_now_lent ON matchmaking_interval (lent, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX matchmaking_now_dealt ON matchmaking_interval (dealt, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX matchmaking_now_firms ON matchmaking_interval (firms, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX matchmaking_now_name ON matchmaking_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX matchmaking_then ON matchmaking_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX matchmaking_known ON matchmaking_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.kind, i.held_on, i.place, i.organiser, i.firms, i.loans, i.lent, i.helped, i.deals, i.dealt,
i.leader, i.officers, i.begun_by

-- name: matching
(%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(held_from)s::date IS NULL OR i.held_on >= %(held_from)s)
  AND (%(held_to)s::date IS NULL OR i.held_on <= %(held_to)s)
  AND (%(answers)s::uuid IS NULL OR i.leader = %(answers)s OR %(answers)s = ANY (i.officers))
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_held
i.held_on

-- name: key_lent
i.lent

-- name: key_dealt
i.dealt

-- name: key_firms
i.firms

-- name: key_name
i.name_key

-- name: by_kind
i.kind

-- name: sums
sum(i.firms)::bigint, sum(i.loans)::bigint, sum(i.lent)::bigint, sum(i.helped)::bigint, sum(i.deals)::bigint,
sum(i.dealt)::bigint
