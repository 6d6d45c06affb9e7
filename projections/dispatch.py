"""What a dispatch (调度) looks at, as a document: what moved since the last one, what is lit and why, what is open and by whom.

Everything in it is read by both clocks, under the names of its own position: put together again it is the same.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from domain.lights import Cause, Light, Limits, causes, light_of, limits
from domain.project import MILESTONES, Milestone
from domain.task import TaskStatus
from projections import names_then, people, problem_figures, problems, projects, rules, tasks
from projections.changes import Point
from projections.interval_lists import PRESENT
from projections.moves import Between, Moved
from projections.problems import ProblemRow
from projections.projects import ProjectFilters, ProjectRow
from projections.tasks import TaskFilters, TaskRow

Document = dict[str, Any]
HALF_A_MONTH: Final = timedelta(days=15)
LISTED_AT_MOST: Final = 50
"""Of each kind of move, and of the tasks and lights; the figures beside them count all. Part of every edition."""


def half_a_month_before(point: Point, day: date) -> Point:
    """What the first dispatch is compared with: the same knowledge, of half a month earlier."""
    return Point(day - HALF_A_MONTH, point.known_at)


def put_together(conn: Connection[Any], between: Between, day: date) -> Document:
    """The document of the later point, whose day is `day`, compared with the earlier one."""
    own = {
        "day": day.isoformat(), "since": between.old.as_at.isoformat() if between.old.as_at else None,
        "projects": _moved(projects.MOVES.found(conn, between, LISTED_AT_MOST), project_said),
        "lights": _lights(conn, between, day), "problems": _problems(conn, between, day), "tasks": _tasks(conn, between, day),
    }  # fmt: skip
    pointed = {UUID(part[of]) for part in _each(own) for of in PEOPLE if part.get(of)}
    known = _names(conn, between.new, pointed)
    return {
        **own, "people": {str(one): known.get(one, "—") for one in pointed}, "called": _called(conn, between.new, own)
    }  # fmt: skip


# ── what moved ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _moved(found: Mapping[str, Any], said: Any) -> Document:
    """By kind: how many, and the weightiest."""
    return {
        kind: {"count": one.total, "listed": [said(kind, moved) for moved in one.listed]} for kind, one in found.items()
    }


def project_said(kind: str, moved: Moved[ProjectRow]) -> Document:
    """A project that moved in that way, with what is otherwise."""
    now, was = moved
    return {**_project(now), **_change(kind, now, was)}


def _project(row: ProjectRow) -> Document:
    return {"id": str(row.id), "name": row.name, "investment_fen": row.investment, "leader": _text(row.leader),
            "departments": row.departments, "physical": row.physical, "next": row.following, "next_on": _text(row.next_on)}  # fmt: skip


def _change(kind: str, now: ProjectRow, was: ProjectRow | None) -> Document:
    if kind in set(Milestone):
        place = Milestone(kind).order - 1
        return {"on": _text(now.reached[place]), "planned": _text(now.planned[place])}
    if kind == "replanned" and was:
        both = zip(MILESTONES, was.planned, now.planned, strict=True)
        return {
            "replanned": [{"milestone": one, "from": _text(a), "to": _text(b)} for one, a, b in both if a and a != b]
        }
    if kind == "progress" and was:
        return {"was": was.physical, "invested_fen": now.invested, "invested_was_fen": was.invested}
    return {"on": _text(now.opened_on if kind == "opened" else now.from_on), "planned": None}


def problem_said(_kind: str, moved: Moved[ProblemRow]) -> Document:
    """A problem that moved, as it is now."""
    return _problem(moved.now)


def _problem(row: ProblemRow) -> Document:
    same = ("name", "status", "department", "way", "plan", "level", "result")
    return {
        "id": str(row.id), **{name: getattr(row, name) for name in same}, "investment_fen": row.investment,
        "person": _text(row.person), "project": _text(row.project), "due_on": _text(row.due_on),
        "raised_on": _text(row.raised_on), "solved_on": _text(row.solved_on),
    }  # fmt: skip


# ── lights, problems, tasks ─────────────────────────────────────────────────────────────────────────────────────────


def _lights(conn: Connection[Any], between: Between, day: date) -> Document:
    """How many have which light, and the red ones with why; `fresh`: not red the last time, by the rules of then."""
    version, at = _limits(conn, between.new, day)
    filters = ProjectFilters().asked(version.rules, day)
    counted = projects.LIST.grouped(conn, "light", filters, between.new)
    red = ProjectFilters(light=Light.RED).asked(version.rules, day)
    rows = projects.LIST.page(conn, red, between.new, limit=LISTED_AT_MOST).rows
    then = between.old.as_at or day
    _, at_then = _limits(conn, between.old, then)
    was = projects.LIST.some(conn, [row.id for row in rows], between.old)
    return {
        "rules": version.version,
        "counts": {light.value: counted.get(light.value, (0, 0))[0] for light in Light},
        "red": [
            {**_project(row), "causes": [_cause(one) for one in causes(row, at)],
             "fresh": row.id not in was or light_of(was[row.id], at_then) is not Light.RED}
            for row in rows
        ],
    }  # fmt: skip


def _limits(conn: Connection[Any], point: Point, day: date) -> tuple[rules.Version, Limits]:
    version = rules.in_force(conn, Point(day, point.known_at))
    return version, limits(version.rules, day)


def _cause(cause: Cause) -> Document:
    return {
        "light": cause.light, "since": _text(cause.since), "milestone": cause.milestone, "planned": _text(cause.planned),
        "asked": cause.asked, "physical": cause.physical,
    }  # fmt: skip


def _problems(conn: Connection[Any], between: Between, day: date) -> Document:
    """What moved, and what is open by who answers: the most overdue first, nobody among them."""
    version, _ = _limits(conn, between.new, day)
    queue = problem_figures.queue(conn, day, version.rules, between.new)
    answering = sorted(queue.answering.items(), key=lambda one: (-one[1].overdue, -one[1].open, str(one[0])))
    return {
        "moves": _moved(problems.MOVES.found(conn, between, LISTED_AT_MOST), problem_said),
        "open": queue.all._asdict(),
        "answering": [
            {"person": _text(person), "department": unit, **one._asdict()} for (person, unit), one in answering
        ],
    }


def _tasks(conn: Connection[Any], between: Between, day: date) -> Document:
    """The tasks that are open, what is due first, and those done since the last time."""
    answering = tasks.answering(conn, day, between.new)
    still = TaskFilters(status=TaskStatus.OPEN).asked()
    done = TaskFilters(status=TaskStatus.DONE, done_after=between.old.as_at).asked()
    return {
        "open": sum(one.open for one in answering.values()),
        "late": sum(one.late for one in answering.values()),
        "done": tasks.LIST.totals(conn, done, between.new).count,
        "listed": [_task(row) for row in tasks.LIST.page(conn, still, between.new, limit=LISTED_AT_MOST).rows],
        "finished": [
            _task(row) for row in tasks.LIST.page(conn, done, between.new, sort="given", limit=LISTED_AT_MOST).rows
        ],
    }


def _task(row: TaskRow) -> Document:
    same = ("name", "status", "kind", "department", "progress", "result", "postponed", "reopened")
    days = ("given_on", "due_on", "reported_on", "done_on")
    return {
        "id": str(row.id), **{name: getattr(row, name) for name in same},
        **{name: _text(getattr(row, name)) for name in days}, "person": _text(row.person),
        "given_by": _text(row.given_by), "project": _text(row.project), "meeting": _text(row.meeting),
    }  # fmt: skip


def decided(conn: Connection[Any], meeting: UUID, point: Point = PRESENT) -> list[TaskRow]:
    """The tasks that came out of a meeting."""
    return tasks.LIST.page(conn, TaskFilters(meeting=meeting).asked(), point, limit=LISTED_AT_MOST).rows


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PEOPLE: Final = ("leader", "person", "given_by")


def _text(value: date | UUID | None) -> str | None:
    return str(value) if value else None


def _each(document: Any) -> Iterable[Document]:
    """Every part of a document that is one of a list."""
    if isinstance(document, dict):
        yield document
        for value in document.values():
            yield from _each(value)
    elif isinstance(document, list):
        for value in document:
            yield from _each(value)


def _names(conn: Connection[Any], point: Point, ids: set[UUID]) -> Mapping[UUID, str]:
    """What people were called: now, or at the position."""
    return people.names(conn) if point.known_at is None else names_then.people(conn, ids, point.known_at)


def _called(conn: Connection[Any], point: Point, document: Document) -> Mapping[str, str]:
    """What the projects that problems and tasks belong to were called."""
    ids = {UUID(part["project"]) for part in _each(document) if part.get("project")}
    return {str(one): row.name for one, row in projects.LIST.some(conn, sorted(ids), point).items()} if ids else {}
