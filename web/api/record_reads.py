"""What reading records of any kind shares: the list by both clocks as on the page, and what one would take now."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from fastapi import Response
from psycopg import Connection
from pydantic import Field

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Form
from projections.paging import Page, Totals
from web.api.reading import Paged, Plain, given, reading, understood
from web.pages.answering import workable
from web.pages.filters import Asked
from web.pages.moments import Moment, moment
from web.pages.record_list import RecordList

AsAt = Annotated[Plain | None, Field(description="截至哪天 · As at the end of that day")]
KnownAt = Annotated[
    Plain | None, Field(description="按哪天所知 · As known at that moment, or at the end of that day")
]  # fmt: skip


class Listed(Paged):
    """The two clocks of every list."""

    as_at: AsAt = None
    known_at: KnownAt = None


Asks = Callable[[Connection[Any], dict[str, str], Moment], Asked]


def read_list(
    crm: CRM, query: Any, of: RecordList, asks: Asks, more: Callable[..., Any] | None = None
) -> tuple[int, Page[Any], Totals, Any]:  # fmt: skip
    """The position, the page asked for, the totals, and what `more` reads of the rows on the same connection."""
    typed = given(query)
    with reading(crm, query) as (conn, position):
        asked = moment(conn, typed)
        understood(asked.question.errors)
        wanted = asks(conn, typed, asked)
        understood(wanted.errors)
        filters = wanted.filters.asked()
        page = of.rows.page(conn, filters, asked.point, sort=query.sort, after=query.after, limit=query.limit)
        totals = of.rows.totals(conn, filters, asked.point)
        read = more(conn, page.rows, asked, clock.today()) if more else None
    return position, page, totals, read


def head(response: Response, record: Any) -> dict[str, Any]:
    """What every answer about one record begins with; its version as ETag."""
    response.headers["ETag"] = f'"{record.version}"'
    position = max(event.position or 0 for event in record.events)
    return {"position": position, "id": record.id, "version": record.version}


def commands(crm: CRM, viewer: Viewer, record: Any, possible: Iterable[type[Form]]) -> list[str]:
    """What it would take now, from the viewer."""
    return sorted(form.noun for form in possible) if workable(crm, viewer, record) else []
