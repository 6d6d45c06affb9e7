"""A list of records of one kind by both clocks: its filters, orders and pages as every such list has them, and as a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request
from psycopg import Connection

from domain.base import Text
from projections import people
from projections.interval_lists import IntervalList
from projections.paging import BadCursor, Page
from web.fields import Choice
from web.html import url_for
from web.pages.facts import names_of
from web.pages.filters import Asked, Filter, asked, listing, sort_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment

Filters = Callable[[UUID], Mapping[str, Filter]]
"""The filters by parameter, for whoever looks."""


@dataclass(frozen=True)
class RecordList:
    """`route` names the list, `<of>.new` and `<of>.export` what goes with it. `what`: one and several of them, in words.

    `picked`: the filters that are chosen from a list; `choices` says what those offer.
    """

    of: str
    rows: IntervalList[Any]
    filters: Filters
    make: Callable[..., Any]
    sorts: Mapping[str, Text]
    picked: Sequence[str]
    choices: Callable[[Connection[Any]], Mapping[str, Sequence[Choice]]]
    title: Text
    under: Text
    what: tuple[str, str, str]
    add: Text
    empty: tuple[Text, Text]
    hint: Text
    icon: str
    usual: Mapping[str, str] | None = None

    def read(self, params: Mapping[str, str], viewer: UUID) -> Asked:
        """The filters among the parameters of a URL; where one is not given, the `usual` value."""
        return asked({**(self.usual or {}), **params}, self.filters(viewer), self.make)


def found(conn: Connection[Any], request: Request, of: RecordList, wanted: Asked, moment: Moment) -> Page[Any]:
    """The page that the address asks for; the first where its place is none."""
    filters, sort = wanted.filters.asked(), sort_of(request, of.sorts)
    after, before = (request.query_params.get(name) or None for name in ("after", "before"))
    try:
        return of.rows.page(conn, filters, moment.point, sort=sort, after=after, before=before)
    except BadCursor:
        return of.rows.page(conn, filters, moment.point, sort=sort)


def context(
    conn: Connection[Any], request: Request, of: RecordList, wanted: Asked, moment: Moment, route: str = ""
) -> dict[str, Any]:
    """What `record_list.html` shows."""
    page = found(conn, request, of, wanted, moment)
    anything = bool(page.rows) or any_at_all(conn, of, moment)
    return {
        **listing(request, route or of.of, wanted, of.sorts, page, names_of(conn), kept=("as_at", "known_at")),
        **around(conn, request, of, wanted, moment),
        "totals": of.rows.totals(conn, wanted.filters.asked(), moment.point),
        "any": anything,
    }


def around(conn: Connection[Any], request: Request, of: RecordList, wanted: Asked, moment: Moment) -> dict[str, Any]:
    """What stands around the rows, whatever shape they have."""
    kept = {**wanted.typed, **moment.question.days}
    sort = sort_of(request, of.sorts)
    return {
        "of": of,
        "question": moment.question,
        "NAMES": NAMES,
        "lists": of.choices(conn),
        "kept": kept,
        "files": {
            name: url_for(request, f"{of.of}.export", form=form, sort=sort, **kept)
            for name, form in (("Excel", "xlsx"), ("CSV", "csv"))
        },
    }


def any_at_all(conn: Connection[Any], of: RecordList, moment: Moment) -> bool:
    """Whether there is one, whatever is asked for."""
    return bool(of.rows.page(conn, of.make().asked(), moment.point, limit=1).rows)


def people_choices(conn: Connection[Any]) -> list[Choice]:
    """Everybody who can be asked for."""
    return [Choice(str(row.id), Text(row.name, row.name)) for row in people.listed(conn)]


def numbers(values: Iterable[int]) -> list[Choice]:
    """Years to choose from, the latest first."""
    return [Choice(str(one), Text(str(one), str(one))) for one in sorted(values, reverse=True)]
