"""Lists over intervals as pages: what matches on a day as known at a moment, its totals, its files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from psycopg import Connection

from crm import clock, exports
from domain.base import Text
from projections.interval_lists import IntervalList
from projections.paging import BadCursor, Page
from web.pages.facts import Names
from web.pages.filters import Asked, listing, sort_of
from web.pages.funnel_question import NAMES
from web.pages.lead_export import XLSX
from web.pages.moments import Moment

R = TypeVar("R")
Named = Callable[[Connection[Any], Sequence[R]], Names]


@dataclass(frozen=True)
class DatedList(Generic[R]):
    """A list's route, its rows and orders, which of its filters are folded away, and the names its rows point at."""

    route: str
    rows: IntervalList[R]
    sorts: Mapping[str, Text]
    more: frozenset[str]
    names: Named[R]

    def shown(self, conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> dict[str, Any]:
        """What the template needs beside its choices. `any`: whether there is anything without filters."""
        found, anything = self.found(conn, request, wanted, asked), type(wanted.filters)().asked()
        return {
            **listing(request, self.route, wanted, self.sorts, found, self.names(conn, found.rows),
                      kept=("as_at", "known_at")),
            "carried": {**wanted.typed, **asked.question.days},
            "question": asked.question,
            "NAMES": NAMES,
            "more_in_force": bool(set(wanted.typed) & self.more),
            "totals": self.rows.totals(conn, wanted.filters.asked(), asked.point),
            "any": bool(found.rows) or bool(self.rows.page(conn, anything, asked.point, limit=1).rows),
        }  # fmt: skip

    def found(self, conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> Page[R]:
        """The page asked for; the first where nobody gave out such a cursor."""
        filters, sort = wanted.filters.asked(), sort_of(request, self.sorts)
        after, before = (request.query_params.get(name) or None for name in ("after", "before"))
        try:
            return self.rows.page(conn, filters, asked.point, sort=sort, after=after, before=before)
        except BadCursor:
            return self.rows.page(conn, filters, asked.point, sort=sort)


def sent(table: Iterable[list[exports.Value]], form: str, name: str) -> Response:
    """A table as a file. CSV is sent as it is read."""
    headers = {"Content-Disposition": f"attachment; filename={name}-{clock.today().isoformat()}.{form}"}
    if form == "csv":
        return StreamingResponse(exports.csv_lines(table), media_type="text/csv; charset=utf-8", headers=headers)
    return Response(exports.xlsx(table), media_type=XLSX, headers=headers)
