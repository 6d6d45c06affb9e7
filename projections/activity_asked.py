"""Questions to the record of who did what, answered out of one index and a bounded number of its rows.

Of the conditions, the one that is usually met by the fewest events is looked up in its index, which holds them in the
order of the list; the others are checked on what it gives. After `SCAN` rows a page ends, full or not, and says where
to go on: no combination of conditions reads the whole ledger at once.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

from psycopg import Connection

from projections.activity import ActivityFilters, ActivityRow, q
from projections.paging import COUNTED_AT_MOST, EVERYTHING, Page, Scope, Totals, cursor, place
from projections.sql import Query

SCAN: Final = 20_000
"""The rows of an index looked through for one page."""
ALL = ActivityFilters()
_END: Final = 2**63 - 1


class Found(NamedTuple):
    """A page of events. `looked` rows back it went without filling the page, where it ended for that reason."""

    page: Page[ActivityRow]
    looked: int | None


@dataclass(frozen=True)
class Question:
    """What is asked, whose it may be, and where in the ledger the moments asked for lie."""

    filters: ActivityFilters
    scope: Scope = EVERYTHING
    first: int = 1
    last: int = _END

    @property
    def driver(self) -> str:
        """By which index it is looked up."""
        return next(_drivers(self.filters))

    @property
    def order(self) -> str:
        """Latest recorded first, or, looked up by that day, latest happened first."""
        return "occurred" if self.driver == "occurred" else "recorded"

    @property
    def answered(self) -> bool:
        """Whether the index answers all that is asked, so that nothing has to be looked at beside it."""
        open_ = asdict(ALL)
        given = {name: value for name, value in asdict(self.filters).items() if value != open_[name]}
        return self.scope.all and given.items() <= _answers(self.driver, self.filters).items()

    def query(self, name: str) -> Query:
        parts = {
            "driver": q[f"by_{self.driver}"],
            "order": q[f"in_order_{self.order}"],
            "beyond": q[f"beyond_{self.order}"],
            "within": q["within"],
            "asked": q["asked"],
            "columns": q["columns"],
        }
        return q[name].format(looked_at=q["looked_at"].format(**parts), **parts)

    def at(self, after: str | None) -> dict[str, Any]:
        """The parameters of its queries, from a place in the list on. Raises BadCursor."""
        on, at = place(after, ("date", "int")) if self.order == "occurred" else (None, *place(after, ("int",)))
        known = {**asdict(self.filters), **self.scope.parameters, "first": self.first, "last": self.last}
        return {**known, "on": on, "at": at, "scan": SCAN}


def _drivers(asked: ActivityFilters) -> Iterator[str]:
    """The indexes that hold what is asked for, those with the fewest events usually first."""
    conditions = {
        "stream": asked.stream, "streams": asked.streams is not None, "origin": asked.origin, "actor": asked.actor,
        "correction": asked.corrections, "role": asked.role not in (None, "staff"),
        "aggregate": asked.aggregate not in (None, "lead"), "very_late": (asked.late_over or 0) >= 30,  # noqa: PLR2004
        "topic": asked.topic, "channel": asked.channel, "late": (asked.late_over or 0) >= 7,  # noqa: PLR2004
        "bulk": asked.bulk, "outside": asked.outside,
        "occurred": asked.occurred_from or asked.occurred_to, "all": True,
    }  # fmt: skip
    yield from (name for name, given in conditions.items() if given)


def _answers(driver: str, asked: ActivityFilters) -> dict[str, Any]:
    """The conditions that an index answers by itself; when it was recorded is a range of positions in any of them."""
    fields = {"correction": ["corrections"], "occurred": ["occurred_from", "occurred_to"], "all": []}
    lateness = {"late": 7, "very_late": 30}
    own = {"late_over": lateness[driver]} if driver in lateness else {
        name: getattr(asked, name) for name in fields.get(driver, [driver])
    }  # fmt: skip
    return {**own, "recorded_from": asked.recorded_from, "recorded_to": asked.recorded_to}


def question(conn: Connection[Any], filters: ActivityFilters, scope: Scope = EVERYTHING) -> Question:
    """The question, with the moments it names turned into positions: recorded_at never goes back."""
    first, last = 1, _END
    if filters.recorded_from is not None:
        row = conn.execute(q["first_position"], {"moment": filters.recorded_from}, prepare=False).fetchone()
        first = row[0] if row else _END
    if filters.recorded_to is not None:
        row = conn.execute(q["last_position"], {"moment": filters.recorded_to}, prepare=False).fetchone()
        last = row[0] if row else 0
    return Question(filters, scope, first, last)


def listed(
    conn: Connection[Any],
    filters: ActivityFilters = ALL,
    *,
    scope: Scope = EVERYTHING,
    after: str | None = None,
    limit: int = 50,
) -> Page[ActivityRow]:
    """A page of events, the latest first; it may hold fewer than `limit` and yet have a next one. Raises BadCursor."""
    return found(conn, question(conn, filters, scope), after=after, limit=limit).page


def found(conn: Connection[Any], asked: Question, *, after: str | None = None, limit: int = 50) -> Found:
    """The same, saying whether it stopped looking. Raises BadCursor."""
    values = asked.at(after)
    rows = conn.execute(asked.query("listed"), {**values, "limit": limit + 1}, prepare=False).fetchall()
    events = [ActivityRow._make(row) for row in rows[:limit]]
    if len(rows) > limit:
        return Found(Page(events, next=_place(asked, events[-1].position, events[-1].occurred_on)), None)
    end = _end(conn, asked, values)
    return Found(Page(events, next=_place(asked, *end) if end else None), SCAN if end else None)


def one(conn: Connection[Any], position: int) -> ActivityRow | None:
    """The event at a position; None where the record has not come so far."""
    query = q["one"].format(columns=q["columns"])
    row = conn.execute(query, {"position": position}).fetchone()
    return ActivityRow._make(row) if row else None


def counted(conn: Connection[Any], asked: Question, first: Found | None = None) -> Totals:
    """How many events match, counted up to a bound, in as many rows as one page looks through: with `more`, at least.

    `first`: the list's first page, where it is at hand; one that is not full is the count.
    """
    if first is not None and (first.looked or first.page.next is None):
        return Totals(len(first.page.rows), 0, more=first.looked is not None)
    values = asked.at(None)
    most = {**values, "limit": COUNTED_AT_MOST + 1}
    query = asked.query("counted_at_once" if asked.answered else "counted")
    (count,) = conn.execute(query, most, prepare=False).fetchone() or (0,)
    if count > COUNTED_AT_MOST:
        return Totals(COUNTED_AT_MOST, 0, more=True)
    return Totals(count, 0, more=not asked.answered and _end(conn, asked, values) is not None)


def _end(conn: Connection[Any], asked: Question, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """Where looking stopped: position and day of the last row looked at; None where there were no more."""
    return conn.execute(asked.query("last_looked_at"), values, prepare=False).fetchone()


def _place(asked: Question, position: int, occurred_on: Any) -> str:
    return cursor((occurred_on, position) if asked.order == "occurred" else (position,))
