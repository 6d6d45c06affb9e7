-- The Merkle tree over the events' hashes: the complete subtrees of every fourth level, one row each, written once and
-- never changed. Level 0 is the events themselves; what lies between is computed from at most sixteen rows.

-- ddl
CREATE TABLE tree_node (
    level smallint NOT NULL,
    index bigint   NOT NULL,
    hash  bytea    NOT NULL,
    PRIMARY KEY (level, index)
);

-- name: entries
SELECT position - 1, hash FROM event
WHERE position > %(first)s AND position <= %(last)s

-- name: nodes
SELECT index, hash FROM tree_node
WHERE level = %(level)s AND index >= %(first)s AND index < %(last)s
