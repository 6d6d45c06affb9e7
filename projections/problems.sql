-- Problems by both clocks. `clock_on` is the day the present step counts from: of what is worked on, the day it is due;
-- how many days a step may take is a setting, so whether something is due is for whoever asks to say.

-- ddl
CREATE TABLE problem_interval (
    id           uuid     NOT NULL,
    known_from   bigint   NOT NULL,
    from_on      date     NOT NULL,
    known_to     bigint   NOT NULL,
    to_on        date     NOT NULL,
    name         text     NOT NULL,
    status       text     NOT NULL,
    since_on     date     NOT NULL,
    source       text     NOT NULL,
    urgency      text     NOT NULL,
    raiser       text,
    project      uuid,
    company      uuid,
    lead         uuid,
    service      uuid,
    investment   bigint   NOT NULL,
    jobs         bigint   NOT NULL,
    number       text,
    raised_on    date     NOT NULL,
    taken_on     date,
    kind         text,
    department   text,
    person       uuid,
    due_on       date,
    way          text,
    plan         text,
    level        text,
    leader       uuid,
    escalated_on date,
    solved_on    date,
    result       text,
    confirmed_on date,
    satisfaction text,
    reopened     smallint NOT NULL,
    cause        text,
    measure      text,
    begun_by     uuid     NOT NULL,
    clock_on     date,
    name_key     text COLLATE "C" NOT NULL,
    grams        text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX problem_now_raised ON problem_interval (raised_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX problem_now_name ON problem_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX problem_now_investment ON problem_interval (investment, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX problem_now_clock ON problem_interval (status, clock_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND clock_on IS NOT NULL;
CREATE INDEX problem_now_person ON problem_interval (person, clock_on)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND person IS NOT NULL;
CREATE INDEX problem_now_project ON problem_interval (project, raised_on)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND project IS NOT NULL;
CREATE INDEX problem_now_company ON problem_interval (company, raised_on)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND company IS NOT NULL;
CREATE INDEX problem_now_taken ON problem_interval (taken_on, status, source, kind)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND taken_on IS NOT NULL;
CREATE INDEX problem_then ON problem_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX problem_grams ON problem_interval USING gin (grams);
CREATE INDEX problem_known ON problem_interval (known_to, known_from);
CREATE INDEX problem_recorded ON problem_interval (known_from);
CREATE INDEX problem_happened ON problem_interval (from_on);

-- name: columns
i.id, i.from_on, i.name, i.status, i.since_on, i.source, i.urgency, i.raiser, i.project, i.company, i.lead, i.service,
i.investment, i.jobs, i.number, i.raised_on, i.taken_on, i.kind, i.department, i.person, i.due_on, i.way, i.plan,
i.level, i.leader, i.escalated_on, i.solved_on, i.result, i.confirmed_on, i.satisfaction, i.reopened, i.cause,
i.measure, i.begun_by, i.clock_on

-- name: matching
(%(statuses)s::text[] IS NULL OR i.status = ANY (%(statuses)s))
  AND (%(open)s::boolean IS NULL OR i.clock_on IS NOT NULL)
  AND (%(source)s::text IS NULL OR i.source = %(source)s)
  AND (%(urgency)s::text IS NULL OR i.urgency = %(urgency)s)
  AND (%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(unclassified)s::boolean IS NULL OR i.kind IS NULL)
  AND (%(way)s::text IS NULL OR i.way = %(way)s)
  AND (%(department)s::text IS NULL OR i.department = %(department)s)
  AND (%(person)s::uuid IS NULL OR i.person = %(person)s)
  AND (%(nobody)s::boolean IS NULL OR (i.person IS NULL AND i.department IS NULL))
  AND (%(personless)s::boolean IS NULL OR i.person IS NULL)
  AND (%(level)s::text IS NULL OR i.level = %(level)s)
  AND (%(escalated)s::boolean IS NULL OR i.level IS NOT NULL)
  AND (%(unescalated)s::boolean IS NULL OR i.level IS NULL)
  AND (%(reopened)s::boolean IS NULL OR i.reopened > 0)
  AND (%(satisfaction)s::text IS NULL OR i.satisfaction = %(satisfaction)s)
  AND (%(cause)s::text IS NULL OR i.cause = %(cause)s)
  AND (%(project)s::uuid IS NULL OR i.project = %(project)s)
  AND (%(company)s::uuid IS NULL OR i.company = %(company)s)
  AND (%(lead)s::uuid IS NULL OR i.lead = %(lead)s)
  AND (%(taken_from)s::date IS NULL OR i.taken_on >= %(taken_from)s)
  AND (%(taken_to)s::date IS NULL OR i.taken_on <= %(taken_to)s)
  AND (%(due_from)s::date IS NULL OR i.clock_on + (%(days)s::jsonb ->> (i.urgency || i.status))::int >= %(due_from)s)
  AND (%(due_to)s::date IS NULL OR i.clock_on + (%(days)s::jsonb ->> (i.urgency || i.status))::int <= %(due_to)s)
  AND (%(escalate_by)s::date IS NULL OR (i.level IS NULL
       AND i.clock_on + (%(escalate_days)s::jsonb ->> (i.urgency || i.status))::int < %(escalate_by)s))
  AND {looked_up}

-- name: key_due
coalesce(i.clock_on + (%(days)s::jsonb ->> (i.urgency || i.status))::int, DATE '9999-12-31')

-- name: key_raised
i.raised_on

-- name: key_name
i.name_key

-- name: key_investment
i.investment

-- name: statuses
i.status

-- name: counts
SELECT grouping(status, kind, cause), coalesce(status, kind, cause), person, unit,
       count(*), count(*) FILTER (WHERE due < %(today)s), count(*) FILTER (WHERE due BETWEEN %(today)s AND %(soon)s),
       count(*) FILTER (WHERE level IS NOT NULL), count(*) FILTER (WHERE level IS NULL AND escalate < %(today)s)
FROM (
    SELECT i.status, i.kind, i.cause, i.person, CASE WHEN i.person IS NULL THEN i.department END AS unit, i.level,
           i.clock_on + (%(days)s::jsonb ->> (i.urgency || i.status))::int AS due,
           i.clock_on + (%(escalate_days)s::jsonb ->> (i.urgency || i.status))::int AS escalate
    FROM problem_interval i
    WHERE {standing} AND i.clock_on IS NOT NULL
    LIMIT %(most)s
) AS open
GROUP BY GROUPING SETS ((status), (kind), (cause), (person, unit))

-- name: moved_raised
w.id IS NULL

-- name: moved_solved
n.status IN ('solved', 'confirmed') AND (w.id IS NULL OR w.status NOT IN ('solved', 'confirmed'))

-- name: moved_escalated
n.level IS NOT NULL AND n.level IS DISTINCT FROM w.level

-- name: moved_reopened
w.id IS NOT NULL AND n.reopened > w.reopened

-- name: of_projects
SELECT {columns}
FROM unnest(%(projects)s::uuid[]) AS p (project)
CROSS JOIN LATERAL (
    SELECT * FROM problem_interval i
    WHERE {standing} AND i.project = p.project AND (i.clock_on IS NOT NULL OR i.solved_on > %(solved_after)s)
    ORDER BY i.clock_on IS NULL, i.raised_on, i.id
    LIMIT %(limit)s
) AS i
