-- The leads that moved between two meetings, with how they were counted at both; of each kind the weightiest.

-- name: leads
{moved}
SELECT r.kind, r.cause, r.lead, r.had, r.old_status, r.old_stage, r.old_fen, r.has, r.new_status, r.new_stage,
       r.new_fen, r.channel, r.owner
FROM (
    SELECT m.*, coalesce(m.new_channel, m.old_channel) AS channel, coalesce(m.new_owner, m.old_owner) AS owner,
           greatest(m.old_fen, m.new_fen) AS weight,
           row_number() OVER (PARTITION BY m.kind ORDER BY greatest(m.old_fen, m.new_fen) DESC, m.lead) AS nth
    FROM moved m
) r
WHERE r.nth <= %(most)s
ORDER BY r.kind, r.weight DESC, r.lead

-- name: recorded
SELECT recorded_at, hash FROM event WHERE position = %(position)s
