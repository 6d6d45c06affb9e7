"""What reading records of any kind shares: the list by both clocks as on the page, and what one would take now."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Response
from psycopg import Connection
from pydantic import BaseModel, Field

from crm.access import Viewer
from crm.application import CRM
from domain.base import Form
from domain.responsibility import Responsibility
from projections.paging import Page, Totals
from web.api.reading import Paged, Plain, Read, given, reading, understood
from web.pages.answering import workable
from web.pages.filters import Asked, Filter
from web.pages.moments import Moment, moment
from web.pages.record_list import RecordList

NOBODY: Final = UUID(int=0)
AsAt = Annotated[Plain | None, Field(description="截至哪天 · As at the end of that day")]
KnownAt = Annotated[
    Plain | None, Field(description="按哪天所知 · As known at that moment, or at the end of that day")
]  # fmt: skip


class Listed(Paged):
    """The two clocks of every list."""

    as_at: AsAt = None
    known_at: KnownAt = None


def fields_of(filters: Callable[[UUID], Mapping[str, Filter]]) -> Callable[..., Any]:
    """What makes the parameters of a list from the filters of its page, each by its name; `more` is said beside its label."""
    known = filters(NOBODY)

    def field(name: str, more: str = "", default: Any = None, **options: Any) -> Any:
        zh, en = known[name].label
        return Field(default, description=f"{zh} · {en}{more}", **options)

    return field


class RecordRead(Read):
    """The day of every record."""

    as_at: date | None = Field(None, description="截至哪天 · As at the end of that day")


@dataclass(frozen=True)
class ListReading:
    """A list while it is read: on which connection, as at which position, what is asked for, on which day as known when."""

    conn: Connection[Any]
    position: int
    query: Any
    of: RecordList
    asked: Moment
    wanted: Asked

    def read(self, filters: Mapping[str, Any] | None = None) -> tuple[Page[Any], Totals]:
        """The page asked for, and the totals; `filters`: those asked for as a query, where they do not know how themselves."""
        asking = self.wanted.filters.asked() if filters is None else filters
        sort = getattr(self.query, "sort", "")
        page = self.of.rows.page(
            self.conn, asking, self.asked.point, sort=sort, after=self.query.after, limit=self.query.limit
        )
        return page, self.of.rows.totals(self.conn, asking, self.asked.point)


Reads = Callable[[Connection[Any], dict[str, str], Moment], Asked]


@contextmanager
def reading_list(
    crm: CRM, query: Any, of: RecordList, viewer: Viewer, reads: Reads | None = None
) -> Iterator[ListReading]:
    """The list, by both clocks as on the page. `reads`: how its filters are read, where the parameters alone do not say it."""
    typed = {"from" if name == "since" else name: text for name, text in given(query).items()}
    with reading(crm, query) as (conn, position):
        asked = moment(conn, typed)
        understood(asked.question.errors)
        wanted = reads(conn, typed, asked) if reads else of.read(typed, viewer.id)
        understood(wanted.errors)
        yield ListReading(conn, position, query, of, asked, wanted)


def head(response: Response, record: Any) -> dict[str, Any]:
    """What every answer about one record begins with; its version as ETag."""
    response.headers["ETag"] = f'"{record.version}"'
    position = max(event.position or 0 for event in record.events)
    return {"position": position, "id": record.id, "version": record.version}


def commands(crm: CRM, viewer: Viewer, record: Any, possible: Iterable[type[Form]]) -> list[str]:
    """What it would take now, from the viewer."""
    return sorted(form.noun for form in possible) if workable(crm, viewer, record) else []


# ── who answers ─────────────────────────────────────────────────────────────────────────────────────────────────────


class OfficerOut(BaseModel):
    person: UUID
    duty: str | None


class ResponsibilityOut(BaseModel):
    leader: UUID
    task_force: str | None
    departments: str | None
    officers: list[OfficerOut]


def answering(answer: Responsibility | None) -> Mapping[str, Any] | None:
    """Who answers, as the API gives it."""
    if answer is None:
        return None
    officers = [one.model_dump() for one in answer.officers]
    return {
        "leader": answer.leader,
        "task_force": answer.task_force,
        "departments": answer.departments,
        "officers": officers,
    }
