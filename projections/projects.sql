-- Projects by both clocks. Milestones stand as arrays in their own order: the day first planned, the day planned, the
-- day reached; `stood` is the furthest reached, 0 for none.

-- ddl
CREATE TABLE project_interval (
    id            uuid     NOT NULL,
    known_from    bigint   NOT NULL,
    from_on       date     NOT NULL,
    known_to      bigint   NOT NULL,
    to_on         date     NOT NULL,
    name          text     NOT NULL,
    kind          text     NOT NULL,
    status        text     NOT NULL,
    investor      text,
    company       uuid,
    lead          uuid,
    channel       uuid,
    industry      text     NOT NULL,
    place         text,
    planned_year  smallint NOT NULL,
    start         text     NOT NULL,
    opened_on     date     NOT NULL,
    investment    bigint   NOT NULL,
    first_planned date[]   NOT NULL,
    planned       date[]   NOT NULL,
    reached       date[]   NOT NULL,
    stood         smallint NOT NULL,
    next          smallint NOT NULL,
    next_on       date,
    physical      smallint,
    invested      bigint,
    fixed         bigint,
    reported_on   date,
    winter        text,
    leader        uuid,
    task_force    text,
    departments   text,
    officers      uuid[]   NOT NULL,
    begun_by      uuid     NOT NULL,
    name_key      text COLLATE "C" NOT NULL,
    searchable    text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX project_now_investment ON project_interval (investment, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_name ON project_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_opened ON project_interval (opened_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_next ON project_interval (coalesce(next_on, DATE '9999-12-31'), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_production ON project_interval (coalesce(planned[6], DATE '9999-12-31'), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_leader ON project_interval (leader, investment, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_lead ON project_interval (lead)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND lead IS NOT NULL;
CREATE INDEX project_now_started ON project_interval ((reached[3]))
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_producing ON project_interval ((reached[6]))
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_now_reported ON project_interval (reported_on)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_resumed ON project_interval (to_on, id) WHERE status = 'paused';
CREATE INDEX project_then ON project_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX project_known ON project_interval (known_to, known_from);
CREATE INDEX project_now_unreported ON project_interval (coalesce(reported_on, opened_on), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX project_recorded ON project_interval (known_from);
CREATE INDEX project_happened ON project_interval (from_on);

-- name: columns
i.id, i.from_on, i.name, i.kind, i.status, i.investor, i.company, i.lead, i.channel, i.industry, i.place,
i.planned_year, i.start, i.opened_on, i.investment, i.first_planned, i.planned, i.reached, i.stood, i.next, i.next_on,
i.physical, i.invested, i.fixed, i.reported_on, i.winter, i.leader, i.task_force, i.departments, i.officers, i.begun_by

-- name: matching
(%(status)s::text IS NULL OR i.status = %(status)s)
  AND (%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(industry)s::text IS NULL OR i.industry = %(industry)s)
  AND (%(year)s::smallint IS NULL OR i.planned_year = %(year)s)
  AND (%(start)s::text IS NULL OR i.start = %(start)s)
  AND (%(at_least)s::bigint IS NULL OR i.investment >= %(at_least)s)
  AND (%(below)s::bigint IS NULL OR i.investment < %(below)s)
  AND (%(reached)s::smallint IS NULL OR i.reached[%(reached)s] IS NOT NULL)
  AND ((%(reached_from)s::date IS NULL AND %(reached_to)s::date IS NULL) OR EXISTS (
      SELECT FROM unnest(i.reached) WITH ORDINALITY AS m (day, place)
      WHERE (%(reached)s::smallint IS NULL OR m.place = %(reached)s)
        AND m.day >= coalesce(%(reached_from)s::date, m.day) AND m.day <= coalesce(%(reached_to)s::date, m.day)))
  AND (%(stood)s::smallint IS NULL OR i.stood = %(stood)s)
  AND (%(next)s::smallint IS NULL OR i.next = %(next)s)
  AND (%(late_on)s::date IS NULL OR (i.next_on < %(late_on)s AND i.status <> %(terminated)s))
  AND (%(leader)s::uuid IS NULL OR i.leader = %(leader)s)
  AND (%(answers)s::uuid IS NULL OR i.leader = %(answers)s OR %(answers)s = ANY (i.officers))
  AND (%(channel)s::uuid IS NULL OR i.channel = %(channel)s)
  AND (%(lead)s::uuid IS NULL OR i.lead = %(lead)s)
  AND (%(company)s::uuid IS NULL OR i.company = %(company)s)
  AND (%(light)s::text IS NULL OR %(light)s = {light})
  AND (%(moved)s::boolean IS NULL OR {light} <> {tried})
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_investment
i.investment

-- name: key_name
i.name_key

-- name: key_opened
i.opened_on

-- name: key_next
coalesce(i.next_on, DATE '9999-12-31')

-- name: key_production
coalesce(i.planned[6], DATE '9999-12-31')

-- name: stood
i.stood

-- name: years
i.planned_year

-- name: light
CASE
    WHEN i.next_on IS NULL OR i.status = %(terminated)s OR i.kind = ANY ({off}::text[])
        OR (i.status = 'paused' AND NOT {paused}::boolean) THEN 'none'
    WHEN i.next_on <= {red_by}::date OR coalesce(
        i.reached[5] IS NULL AND i.reached[6] IS NULL
        AND coalesce(i.planned[3], i.reached[3]) < coalesce(i.planned[5], i.planned[6])
        AND coalesce(i.physical, 0) + {red_points}::integer <= 100
        AND ({day}::date - coalesce(i.planned[3], i.reached[3])) * 100
            >= (coalesce(i.physical, 0) + {red_points}::integer)
            * (coalesce(i.planned[5], i.planned[6]) - coalesce(i.planned[3], i.reached[3])), false) THEN 'red'
    WHEN i.next_on <= {yellow_by}::date OR coalesce(
        i.reached[5] IS NULL AND i.reached[6] IS NULL
        AND coalesce(i.planned[3], i.reached[3]) < coalesce(i.planned[5], i.planned[6])
        AND coalesce(i.physical, 0) + {yellow_points}::integer <= 100
        AND ({day}::date - coalesce(i.planned[3], i.reached[3])) * 100
            >= (coalesce(i.physical, 0) + {yellow_points}::integer)
            * (coalesce(i.planned[5], i.planned[6]) - coalesce(i.planned[3], i.reached[3])), false) THEN 'yellow'
    ELSE 'green'
END

-- name: moves
{light} || ' ' || {tried}

-- name: moved_opened
w.id IS NULL

-- name: moved_land
n.reached[1] IS NOT NULL AND w.reached[1] IS NULL

-- name: moved_procedures
n.reached[2] IS NOT NULL AND w.reached[2] IS NULL

-- name: moved_start
n.reached[3] IS NOT NULL AND w.reached[3] IS NULL

-- name: moved_topping_out
n.reached[4] IS NOT NULL AND w.reached[4] IS NULL

-- name: moved_completion
n.reached[5] IS NOT NULL AND w.reached[5] IS NULL

-- name: moved_production
n.reached[6] IS NOT NULL AND w.reached[6] IS NULL

-- name: moved_full_capacity
n.reached[7] IS NOT NULL AND w.reached[7] IS NULL

-- name: moved_replanned
w.id IS NOT NULL AND w.planned <> n.planned AND EXISTS (
    SELECT FROM unnest(w.planned, n.planned) AS p (was, now) WHERE p.was IS NOT NULL AND p.now IS DISTINCT FROM p.was)

-- name: moved_progress
w.id IS NOT NULL AND (n.physical, n.invested) IS DISTINCT FROM (w.physical, w.invested)

-- name: moved_paused
n.status = 'paused' AND w.status IS DISTINCT FROM 'paused'

-- name: moved_resumed
w.status = 'paused' AND n.status = 'active'

-- name: moved_terminated
n.status = 'terminated' AND w.status IS DISTINCT FROM 'terminated'

-- name: key_reported
coalesce(i.reported_on, i.opened_on)

-- name: lately: how many came to each milestone since a day
SELECT m.place, count(*)
FROM project_interval i CROSS JOIN LATERAL unnest(i.reached) WITH ORDINALITY AS m (day, place)
WHERE {standing} AND m.day >= %(since)s
GROUP BY m.place
ORDER BY m.place DESC
