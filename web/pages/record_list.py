"""A list of records of one kind by both clocks: its filters, orders, totals and pages as every such list has them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from psycopg import Connection

from domain.base import Text
from projections import companies, people, projects
from projections.changes import Point
from projections.interval_lists import IntervalList
from web.fields import Choice
from web.pages.facts import Names, names_of
from web.pages.filters import Asked, Filter, asked, listing, page_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment

LOOKED_UP_TOGETHER: Final = 500
Filters = Callable[[UUID], Mapping[str, Filter]]
"""The filters by parameter, for whoever looks."""


@dataclass(frozen=True)
class RecordList:
    """A list, and what `record_list.html` says of it.

    `of` names its route; `<of>.new` goes with it where there is something to `add`, `<of>.export` always; a
    `ledger` of them can be imported.
    `picked` are the filters that are chosen from lists, `more` those that are folded away. `what`: one and several of its
    records, in words; `worth`: what their amounts come to. `styles`: those of its own.
    """

    of: str
    rows: IntervalList[Any]
    filters: Filters
    make: Callable[..., Any]
    sorts: Mapping[str, Text]
    picked: Sequence[str]
    title: Text
    under: Text
    what: tuple[str, str, str]
    add: Text | None
    empty: tuple[Text, Text]
    hint: Text
    icon: str
    more: Sequence[str] = ()
    styles: Sequence[str] = ()
    worth: tuple[str, str] = ("合计", "together")
    ledger: bool = False

    def read(self, params: Mapping[str, str], viewer: UUID) -> Asked:
        """The filters among the parameters of a URL."""
        return asked(params, self.filters(viewer), self.make)


def _plainly(filters: Any) -> Mapping[str, Any]:
    values: Mapping[str, Any] = filters.asked()
    return values


def context(
    conn: Connection[Any], request: Request, of: RecordList, wanted: Asked, moment: Moment,
    lists: Mapping[str, Sequence[Choice]], *, names: Callable[[Sequence[Any]], Names] | None = None,
    asking: Callable[[Any], Mapping[str, Any]] = _plainly, sorts: Mapping[str, Text] | None = None, route: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What `record_list.html` shows. `names` of what the rows point at; `asking`: how filters become a query."""
    filters, sorts = asking(wanted.filters), sorts or of.sorts
    found = page_of(conn, request, of.rows, filters, moment.point, sorts)
    return {
        **listing(
            request, route or of.of, wanted, sorts, found, names(found.rows) if names else names_of(conn),
            kept=("as_at", "known_at"),
        ),
        **around(of, wanted, moment, lists),
        "totals": of.rows.totals(conn, filters, moment.point),
        "any": bool(found.rows) or any_at_all(conn, of, moment, asking),
    }  # fmt: skip


def around(of: RecordList, wanted: Asked, moment: Moment, lists: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
    """What stands around the rows, whatever shape they have."""
    return {
        "of": of,
        "question": moment.question,
        "NAMES": NAMES,
        "lists": lists,
        "kept": {**wanted.typed, **moment.question.days},
        "more_in_force": bool(set(wanted.typed) & set(of.more)) or bool(moment.question.days),
    }


def any_at_all(
    conn: Connection[Any], of: RecordList, moment: Moment, asking: Callable[[Any], Mapping[str, Any]] = _plainly
) -> bool:
    """Whether there is one, whatever is asked for."""
    return of.rows.any(conn, asking(of.make()), moment.point)


def people_choices(conn: Connection[Any]) -> list[Choice]:
    """Everybody who can be asked for."""
    return [Choice(str(row.id), Text(row.name, row.name)) for row in people.listed(conn)]


def numbers(values: Iterable[int]) -> list[Choice]:
    """Years to choose from, the latest first."""
    return [Choice(str(one), Text(str(one), str(one))) for one in sorted(values, reverse=True)]


def whose(conn: Connection[Any], rows: Iterable[Any], point: Point) -> dict[UUID, str]:
    """The names of the projects and firms that the rows (or filters) are of."""
    rows = list(rows)
    return {
        **projects.LIST.called(conn, (row.project for row in rows), point),
        **companies.LIST.called(conn, (row.company for row in rows), point),
    }


def with_names(conn: Connection[Any], rows: Iterable[Any], point: Point) -> Iterator[tuple[Any, str | None]]:
    """Each row with the name of its project, for files, its firm as applicant where nobody else is named.

    Some hundred are looked up in one go.
    """
    left = iter(rows)
    while some := list(islice(left, LOOKED_UP_TOGETHER)):
        known = whose(conn, some, point)
        for row in some:
            yield row._replace(applicant=row.applicant or known.get(row.company)), known.get(row.project)
