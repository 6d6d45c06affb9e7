"""Projects on any day as known at any position: against a reference fold, in whatever batches, and after a rebuild."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain import FORMS
from domain.base import Event, Refused
from domain.project import MILESTONES, Project, ProjectState
from projections import projects
from projections.changes import Point
from projections.intervals import STILL_KNOWN
from projections.projects import ProjectFilters, Projects
from projections.rebuild import rebuild
from tests.projections.conftest import Ground

FIRST, DAYS = date(2026, 1, 1), 40
PROJECTS = [UUID(int=500 + n) for n in range(3)]
PEOPLE = [UUID(int=200 + n) for n in range(3)]
NAMES = ["某某装备生产线", "重庆示例药业基地", "E-mobility 示例项目"]
ONLY = [Projects()]
few = settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


class Story:
    """Clerks who do what the domain lets them, in any order of days, with corrections."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - it invents, it keeps no secret
        self.events: list[Event] = []

    def told(self, steps: int) -> list[Event]:
        for _ in range(steps):
            self._step(self.chance.choice(PROJECTS))
        return self.events

    def _step(self, id: UUID) -> None:
        project = Project(id)
        for event in self.events:
            if event.originator_id == id:
                event.mutate(project)
        noun = self.chance.choice(self._nouns(project))
        form = FORMS["project", noun].model_validate({"occurred_on": self._day(), **self._values(noun, project)})
        try:
            getattr(project, form.verb)(form)
        except Refused:
            return
        self.events += [e.placed(len(self.events) + n) for n, e in enumerate(project.collect_events(), start=1)]

    def _nouns(self, project: Project) -> Sequence[str]:
        if not project.version:
            return ["projects"]
        return [noun for kind, noun in FORMS if kind == "project" and noun != "projects"] + [
            "milestones", "detail-corrections", "date-corrections", "retractions", "reinstatements",
        ]  # fmt: skip

    def _day(self) -> date:
        return FIRST + timedelta(days=self.chance.randint(0, DAYS))

    def _values(self, noun: str, project: Project) -> dict[str, Any]:
        pick, fact = self.chance.choice, self.chance.randint(1, max(1, project.version))
        about = project.events[fact - 1] if project.version else None
        details = {"milestone": pick(MILESTONES)} if about and "milestone" in type(about).model_fields else {
            "place": "更正后的地点"} if about and "place" in type(about).model_fields else {"reason": "更正"}  # fmt: skip
        given: dict[str, dict[str, Any]] = {
            "projects": {"name": pick(NAMES), "kind": "investment", "industry": pick(["C", "I"]), "planned_year": 2026,
                         "start": "new", "investment": pick(["3000万", "1.2亿"]), "production_on": pick([None, date(2026, 9, 1)])},
            "details": {"details": {"name": pick(NAMES), "place": pick(["东部", None])}},
            "increases": {"increment": "1000万"},
            "resigning": {"document": pick(["甲", "乙"]), "reason": "主体变更"},
            "milestone-plans": {"milestone": pick(MILESTONES), "planned_on": self._day(), "reason": pick([None, "调整"])},
            "milestones": {"milestone": pick(MILESTONES), "evidence": "证照"},
            "back-planning": {"production_on": date(2026, 12, 1), "reason": "倒排"},
            "progress": {"physical": self.chance.randint(0, 100), "invested": pick([None, "500万", "900万"])},
            "pause": {"reason": "冬歇"}, "termination": {"reason": "撤资"},
            "winter": {"way": "waits", "waits_until": date(2026, 4, 1)},
            "responsibility": {"leader": pick(PEOPLE), "officers": [{"person": pick(PEOPLE)}]},
            "date-corrections": {"fact": fact, "to": self._day(), "reason": "记错"},
            "detail-corrections": {"fact": fact, "details": details, "reason": "记错"},
            "retractions": {"fact": fact, "reason": "没有"}, "reinstatements": {"fact": fact, "reason": "有"},
        }  # fmt: skip
        return given.get(noun, {})


def reference(events: Sequence[Event], as_at: date | None, known_at: int) -> dict[UUID, ProjectState]:
    """The definition once more: what is known, corrected, happened, folded."""
    found: dict[UUID, ProjectState] = {}
    for one in PROJECTS:
        told = [event for event in events if event.originator_id == one and event.position <= known_at]
        latest: dict[int, dict[str, Any]] = {}
        for event in told:
            if (said := event.correction()) is not None:
                latest.setdefault(said.of, {}).update({k: v for k, v in said._asdict().items() if v is not None})
        if latest.get(1, {}).get("retracted"):
            continue
        facts = []
        for fact in (event for event in told if event.correction() is None):
            put = latest.get(fact.originator_version, {})
            if not put.get("retracted"):
                values = fact.__dict__ | put.get("details", {})
                values["occurred_on"] = put.get("occurred_on", fact.occurred_on)
                facts.append((values["occurred_on"], fact.position, type(fact).model_validate(values)))
        state = ProjectState()
        for day, _, fact in sorted(facts, key=lambda one: one[:2]):
            state = state.after(fact) if as_at is None or day <= as_at else state
        if state.exists:
            found[one] = state
    return found


def shown(row: projects.ProjectRow) -> tuple[Any, ...]:
    return (
        row.name, row.status, row.place, row.investment, tuple(row.planned), tuple(row.reached), row.stood, row.next,
        row.physical, row.invested, row.leader, tuple(row.officers), row.winter,
    )  # fmt: skip


def wanted(state: ProjectState) -> tuple[Any, ...]:
    answer, marks = state.responsibility, [state.mark(one) for one in MILESTONES]
    return (
        state.name, str(state.status), state.place, state.investment, tuple(m.planned for m in marks),
        tuple(m.reached for m in marks), max([n for n, m in enumerate(marks, start=1) if m.reached], default=0),
        state.next.order if state.next else 0, state.physical, state.invested, answer.leader if answer else None,
        tuple(one.person for one in answer.officers) if answer else (), str(state.winter.way) if state.winter else None,
    )  # fmt: skip


stories = st.builds(lambda seed, steps: Story(seed).told(steps), st.integers(0, 2**32), st.integers(1, 60))
asked = st.lists(st.tuples(st.none() | st.integers(-1, DAYS + 5), st.floats(0, 1)), min_size=3, max_size=6)


@few
@given(events=stories, points=asked, batch=st.integers(1, 20))
def test_projects_of_any_day_as_known_at_any_position_are_the_reference_s(ground, events, points, batch) -> None:
    ground.clear()
    ground.given(events)
    ground.project(batch, ONLY)
    for days, part in [*points, (None, 1.0)]:
        as_at = None if days is None else FIRST + timedelta(days=days)
        known_at = round(part * len(events))
        rows = projects.LIST.page(ground.conn, ProjectFilters().asked(), Point(as_at, known_at)).rows
        expected = {one: wanted(state) for one, state in reference(events, as_at, known_at).items()}
        assert {row.id: shown(row) for row in rows} == expected, (as_at, known_at)


@few
@given(events=stories, cuts=st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_rows_are_the_same_in_whatever_batches_and_after_a_rebuild(ground, events, cuts) -> None:
    ground.clear()
    at = 0
    for size in cuts:
        ground.given(events[at : at + size])
        ground.project(size, ONLY)
        at += size
    ground.given(events[at:])
    ground.project(models=ONLY)
    live = ground.digests()["projects"]
    rebuild(lambda: ground.district.connect(autocommit=True), ONLY)
    assert ground.digests()["projects"] == live


@few
@given(events=stories)
def test_at_every_point_a_project_stands_in_one_interval_at_most(ground, events) -> None:
    ground.clear()
    ground.given(events)
    ground.project(models=ONLY)
    overlap = (
        "SELECT count(*) FROM project_interval a JOIN project_interval b ON a.id = b.id"
        " AND (a.known_from, a.from_on) < (b.known_from, b.from_on) AND a.known_from < b.known_to"
        " AND b.known_from < a.known_to AND a.from_on < b.to_on AND b.from_on < a.to_on"
    )
    assert ground.rows(overlap) == [(0,)]
    assert ground.rows("SELECT count(*) FROM project_interval WHERE known_from >= known_to OR from_on >= to_on") == [
        (0,)
    ]
    assert all(row[0] <= STILL_KNOWN for row in ground.rows("SELECT known_to FROM project_interval"))


def tell(ground: Ground, count: int = 7) -> None:
    """Some projects, the n-th of n times 3000万."""
    events: list[Event] = []
    for number in range(1, count + 1):
        project = Project(UUID(int=number))
        given = {"name": f"项目{number}", "kind": "investment", "industry": "C", "planned_year": 2026, "start": "new",
                 "investment": f"{3000 * number}万", "production_on": f"2026-{number + 1:02}-01", "occurred_on": FIRST}  # fmt: skip
        project.open(FORMS["project", "projects"].model_validate(given))
        events += [event.placed(len(events) + 1) for event in project.collect_events()]
    ground.given(events)
    ground.project(models=ONLY)


def test_pages_follow_one_another_in_every_order(ground) -> None:
    tell(ground)
    for sort, first in (("investment", "项目7"), ("name", "项目1"), ("production", "项目1"), ("next", "项目1")):
        page = projects.LIST.page(ground.conn, ProjectFilters().asked(), sort=sort, limit=3)
        seen = [row.name for row in page.rows]
        while page.next:
            page = projects.LIST.page(ground.conn, ProjectFilters().asked(), sort=sort, limit=3, after=page.next)
            seen += [row.name for row in page.rows]
        assert (seen[0], len(seen), len(set(seen))) == (first, 7, 7), sort
        assert [row.name for row in projects.LIST.every(ground.conn, ProjectFilters().asked(), sort=sort)] == seen


def test_filters_narrow_and_totals_count_what_they_leave(ground) -> None:
    tell(ground)
    for filters, count in (
        (ProjectFilters(size=0), 1), (ProjectFilters(size=1), 2), (ProjectFilters(size=2), 4), (ProjectFilters(search="xm3"), 1),
        (ProjectFilters(search="项目"), 7), (ProjectFilters(year=2027), 0), (ProjectFilters(next=6), 7),
        (ProjectFilters(late_on=date(2026, 4, 2)), 3), (ProjectFilters(reached=3), 0), (ProjectFilters(status="active"), 7),
    ):  # fmt: skip
        assert projects.LIST.totals(ground.conn, filters.asked()).count == count, filters
    assert projects.LIST.totals(ground.conn, ProjectFilters(size=2).asked()).amount_fen == 22 * 3000_0000_00
    assert projects.LIST.grouped(ground.conn, "stood", ProjectFilters().asked()) == {0: (7, 28 * 3000_0000_00)}
    assert set(projects.LIST.names(ground.conn).values()) == {f"项目{n}" for n in range(1, 8)}
