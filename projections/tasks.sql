-- Tasks by both clocks.

-- ddl
CREATE TABLE task_interval (
    id          uuid     NOT NULL,
    known_from  bigint   NOT NULL,
    from_on     date     NOT NULL,
    known_to    bigint   NOT NULL,
    to_on       date     NOT NULL,
    name        text     NOT NULL,
    status      text     NOT NULL,
    kind        text     NOT NULL,
    given_on    date     NOT NULL,
    given_by    uuid,
    meeting     uuid,
    project     uuid,
    problem     uuid,
    department  text,
    person      uuid,
    due_on      date     NOT NULL,
    progress    text,
    reported_on date,
    done_on     date,
    result      text,
    postponed   smallint NOT NULL,
    reopened    smallint NOT NULL,
    begun_by    uuid     NOT NULL,
    name_key    text COLLATE "C" NOT NULL,
    searchable  text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from, from_on)
);

-- indexes
CREATE INDEX task_now_due ON task_interval ((CASE WHEN done_on IS NULL THEN due_on ELSE DATE '9999-12-31' END), id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX task_now_given ON task_interval (given_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX task_now_name ON task_interval (name_key, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30';
CREATE INDEX task_now_person ON task_interval (person, due_on)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND person IS NOT NULL;
CREATE INDEX task_now_meeting ON task_interval (meeting, due_on)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND meeting IS NOT NULL;
CREATE INDEX task_now_project ON task_interval (project, due_on)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND project IS NOT NULL;
CREATE INDEX task_now_done ON task_interval (done_on, id)
    WHERE known_to > 9223372036854775806 AND to_on > DATE '9999-12-30' AND done_on IS NOT NULL;
CREATE INDEX task_then ON task_interval (to_on, from_on) WHERE known_to > 9223372036854775806;
CREATE INDEX task_known ON task_interval (known_to, known_from);

-- name: columns
i.id, i.from_on, i.name, i.status, i.kind, i.given_on, i.given_by, i.meeting, i.project, i.problem, i.department,
i.person, i.due_on, i.progress, i.reported_on, i.done_on, i.result, i.postponed, i.reopened, i.begun_by

-- name: matching
(%(status)s::text IS NULL OR i.status = %(status)s)
  AND (%(kind)s::text IS NULL OR i.kind = %(kind)s)
  AND (%(person)s::uuid IS NULL OR i.person = %(person)s)
  AND (%(department)s::text IS NULL OR i.department = %(department)s)
  AND (%(given_by)s::uuid IS NULL OR i.given_by = %(given_by)s)
  AND (%(meeting)s::uuid IS NULL OR i.meeting = %(meeting)s)
  AND (%(project)s::uuid IS NULL OR i.project = %(project)s)
  AND (%(problem)s::uuid IS NULL OR i.problem = %(problem)s)
  AND (%(late_on)s::date IS NULL OR (i.due_on < %(late_on)s AND i.done_on IS NULL))
  AND (%(done_after)s::date IS NULL OR i.done_on > %(done_after)s)
  AND (%(given_after)s::date IS NULL OR i.given_on > %(given_after)s)
  AND (%(patterns)s::text[] IS NULL OR i.searchable LIKE ALL (%(patterns)s))

-- name: key_due
CASE WHEN i.done_on IS NULL THEN i.due_on ELSE DATE '9999-12-31' END

-- name: key_given
i.given_on

-- name: key_name
i.name_key

-- name: statuses
i.status

-- name: answering
SELECT i.person, CASE WHEN i.person IS NULL THEN i.department END, count(*), count(*) FILTER (WHERE i.due_on < %(day)s)
FROM task_interval i
WHERE {standing} AND i.done_on IS NULL
GROUP BY 1, 2
