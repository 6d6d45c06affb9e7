-- What does not work at the moment about signing and sending.

-- name: listed
SELECT about, since, tried_at, times, alarm, zh, en FROM checkpoint_trouble ORDER BY alarm DESC, about

-- name: one
SELECT about, since, tried_at, times, alarm, zh, en FROM checkpoint_trouble WHERE about = %(about)s

-- name: begun
INSERT INTO checkpoint_trouble AS t (about, since, tried_at, times, alarm, zh, en)
VALUES (%(about)s, %(moment)s, %(moment)s, 0, false, %(zh)s, %(en)s)
ON CONFLICT (about) DO UPDATE SET tried_at = EXCLUDED.tried_at

-- name: failed
INSERT INTO checkpoint_trouble AS t (about, since, tried_at, times, alarm, zh, en)
VALUES (%(about)s, %(moment)s, %(moment)s, 1, %(alarm)s, %(zh)s, %(en)s)
ON CONFLICT (about) DO UPDATE
SET tried_at = EXCLUDED.tried_at, times = t.times + 1, alarm = EXCLUDED.alarm, zh = EXCLUDED.zh, en = EXCLUDED.en

-- name: over
DELETE FROM checkpoint_trouble WHERE about = %(about)s

-- name: forget_others
DELETE FROM checkpoint_trouble WHERE NOT about = ANY (%(abouts)s)
