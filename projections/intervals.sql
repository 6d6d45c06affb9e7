-- Lists over the intervals of any aggregate, by both clocks: the rows `i` that hold at the end of a day, as known at a
-- position. A read model's own .sql says its `columns`, what is `matching` its filters, and the `key_…` it sorts by.

-- name: standing
i.known_from <= %(known_at)s AND i.known_to > %(known_at)s AND i.from_on <= %(as_at)s AND i.to_on > %(as_at)s

-- name: looked_up (who looks for a word sees the first five thousand rows that hold its signs)
(%(grams)s::text[] IS NULL OR i.id = ANY (ARRAY(
    SELECT f.id FROM {table} f WHERE f.grams @> %(grams)s::text[] LIMIT 5000
)))

-- name: page
SELECT {columns}, {key}, i.id
FROM {table} i
WHERE {standing} AND {matching}
  AND (%(id)s::uuid IS NULL OR ({key}, i.id) {beyond} (%(key)s, %(id)s))
ORDER BY {key} {direction}, i.id {direction}
LIMIT %(limit)s::bigint

-- name: totals
SELECT count(*), coalesce(sum(amount), 0)::bigint
FROM (SELECT {amount} AS amount FROM {table} i WHERE {standing} AND {matching} LIMIT %(most)s) AS counted

-- name: grouped
SELECT {group}, count(*), coalesce(sum({amount}), 0)::bigint
FROM (SELECT i.* FROM {table} i WHERE {standing} AND {matching} LIMIT %(most)s) AS i
GROUP BY 1

-- name: summed
SELECT {group}, count(*), {sums}
FROM (SELECT i.* FROM {table} i WHERE {standing} AND {matching} LIMIT %(most)s) AS i
GROUP BY 1

-- name: any
SELECT true FROM {table} i WHERE {standing} AND {matching} LIMIT 1

-- name: some
SELECT {columns} FROM {table} i WHERE {standing} AND i.id = ANY (%(ids)s)

-- name: names
SELECT i.id, i.name FROM {table} i WHERE {standing}

-- name: named
SELECT {columns} FROM {table} i WHERE {standing} AND i.name_key = ANY (%(keys)s)
