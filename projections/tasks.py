"""Tasks on any day, as known at any position: what is due, who answers, what came out of which meeting."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.correctable import Correctable
from domain.task import Task, TaskState
from projections import names
from projections.changes import Point
from projections.interval_lists import PRESENT, IntervalList, Sort, clocks, general
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class TaskRow(NamedTuple):
    """A task as it stood; so since `from_on`. `postponed`, `reopened`: how often."""

    id: UUID
    from_on: date
    name: str
    status: str
    kind: str
    given_on: date
    given_by: UUID | None
    meeting: UUID | None
    project: UUID | None
    problem: UUID | None
    department: str | None
    person: UUID | None
    due_on: date
    progress: str | None
    reported_on: date | None
    done_on: date | None
    result: str | None
    postponed: int
    reopened: int
    begun_by: UUID

    @property
    def leader(self) -> UUID | None:
        """Who answers, as the rule of who may work on it asks."""
        return self.person

    @property
    def officers(self) -> tuple[UUID, ...]:
        return ()

    def late(self, day: date) -> int:
        """For how many days it has been overdue on that day; 0 for none."""
        return max((day - self.due_on).days, 0) if self.done_on is None else 0


class Tasks(Intervals):
    name: ClassVar[str] = "tasks"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Task
    table: ClassVar[str] = "task_interval"

    def columns(self, state: TaskState, first: Recorded) -> Columns | None:
        if state.status is None or state.due_on is None:
            return None
        searched = (names.folded(state.name), names.initials(state.name), names.folded(state.department or ""))
        return (
            state.name, str(state.status), str(state.kind), state.given_on, state.given_by, state.meeting, state.project,
            state.problem, state.department, state.person, state.due_on, state.progress, state.reported_on, state.done_on,
            state.result, state.postponed, state.reopened, first.actor, names.sort_key(state.name), "\n".join(searched),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TaskFilters:
    """Which tasks are meant; None leaves it open. `late_on`: overdue on that day. `done_after`: done later than that."""

    search: str | None = None
    status: str | None = None
    kind: str | None = None
    person: UUID | None = None
    department: str | None = None
    given_by: UUID | None = None
    meeting: UUID | None = None
    project: UUID | None = None
    problem: UUID | None = None
    late_on: date | None = None
    done_after: date | None = None
    given_after: date | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"patterns": [names.pattern(term) for term in terms] or None}


SORTS: Final = {
    "due": Sort("due", "date", descending=False),
    "given": Sort("given", "date", descending=True),
    "name": Sort("name", "text", descending=False),
}
"""What is due first, what came last, by pinyin."""

LIST: Final = IntervalList("task_interval", q, TaskRow, SORTS)


class Standing(NamedTuple):
    """How many tasks are open, and of these overdue."""

    open: int = 0
    late: int = 0


def answering(
    conn: Connection[Any], day: date, point: Point = PRESENT
) -> dict[tuple[UUID | None, str | None], Standing]:
    """The open tasks by who answers: a person, else a department."""
    query = q["answering"].format(standing=general["standing"])
    rows = conn.execute(query, {**clocks(point), "day": day}, prepare=False).fetchall()
    return {(person, unit): Standing(*counted) for person, unit, *counted in rows}
