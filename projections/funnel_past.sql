-- Questions about the funnel's own past. No tables: it is asked of the funnel's and of the ledger.

-- name: first_day
SELECT day FROM funnel_daily WHERE dimension = 'none' AND key = '' ORDER BY day LIMIT 1

-- name: recorded_since
SELECT recorded_at FROM event WHERE position = 1

-- name: apart
{moved}
SELECT count(*) FROM moved
