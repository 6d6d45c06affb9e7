"""What is to be done: next actions, leads without one, and the clocks of the district. How it comes about: `agenda_rows`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from projections.paging import EVERYTHING, Page, Scope, paged, place
from projections.sql import Queries, Query

q = Queries(__file__)

KINDS = ("action", "no_action", "answer", "judge", "feedback", "report")
"""A next action; none planned; a new lead to answer, to judge; its bringer to be told; news to be given."""


class AgendaRow(NamedTuple):
    """One thing to do about a lead. `due_on` is None only for `no_action`; `next_action` is sealed as stored."""

    lead: UUID
    kind: str
    since: date
    due_on: date | None
    owner: UUID | None
    channel: UUID
    company: str
    stage: str
    status: str
    amount_fen: int
    next_action: str | None
    country: str


@dataclass(frozen=True, slots=True)
class Due:
    """How many are overdue, due today, due soon (after today), and there in all."""

    overdue: int = 0
    today: int = 0
    soon: int = 0
    all: int = 0


def listed(
    conn: Connection[Any],
    today: date,
    *,
    kind: str | None = None,
    person: UUID | None = None,
    channel: UUID | None = None,
    scope: Scope = EVERYTHING,
    overdue: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[AgendaRow]:
    """A page of things to do, soonest first; of `person` as owner, of `channel`. Raises BadCursor.

    `overdue`: only those that are, or are not.
    """
    at, lead, after_kind = place(after, ("date", "uuid", "text"))
    values = {
        **_asked(person, channel, scope),
        "before": today if overdue else None,
        "from": today if overdue is False else None,
        "place": at,
        "id": lead,
        "after_kind": after_kind,
        "limit": limit + 1,
    }
    rows = _first(conn, values, dict.fromkeys(KINDS if kind is None else (kind,)), limit + 1)
    return paged(rows, limit, 3, AgendaRow._make, after=after, before=None)


def pressing(
    conn: Connection[Any],
    until: Mapping[str, date | None],
    *,
    person: UUID | None = None,
    channel: UUID | None = None,
    scope: Scope = EVERYTHING,
    limit: int = 50,
) -> dict[str, list[AgendaRow]]:
    """The first things to do of each kind, of those due by its day."""
    open_ = dict.fromkeys(("before", "from", "place", "id", "after_kind", "limit"))
    found: dict[str, list[AgendaRow]] = {kind: [] for kind in until}
    for row in _first(conn, {**_asked(person, channel, scope), **open_}, until, limit):
        found[row[1]].append(AgendaRow._make(row[:-3]))
    return found


def _first(
    conn: Connection[Any], values: dict[str, Any], until: Mapping[str, date | None], each: int
) -> list[tuple[Any, ...]]:
    """The first `each` of every kind: out of the index that holds those of the person, the channel, or all, in order."""
    values |= {"kinds": list(until), "untils": list(until.values()), "each": each}
    return conn.execute(q["listed"].format(first=_whose(values)), values, prepare=False).fetchall()


def _whose(values: dict[str, Any]) -> Query:
    if values["person"] is not None:
        return _of("owner")
    if values["channel"] is not None:
        return _of("channel")
    if values["all"]:
        return _of("all")
    return q["first_of_own"].format(of_channels=_of("own_channel"), of_viewer=_of("viewer"))


def _of(whose: str) -> Query:
    return q["first"].format(whose=q[f"of_{whose}"], due=q["due"], asked=q["asked"])


def counts(
    conn: Connection[Any],
    today: date,
    *,
    person: UUID | None = None,
    channel: UUID | None = None,
    scope: Scope = EVERYTHING,
    soon_days: int = 3,
) -> dict[str, Due]:
    """How many of each kind there are."""
    return _counted(conn, "all", today, soon_days, _asked(person, channel, scope))[None]


def counts_by(
    conn: Connection[Any], today: date, by: str, *, scope: Scope = EVERYTHING, soon_days: int = 3
) -> dict[UUID | None, dict[str, Due]]:
    """The same for each "owner" (None: nobody) or each "channel"."""
    return dict(_counted(conn, by, today, soon_days, _asked(None, None, scope)))


def _counted(
    conn: Connection[Any], by: str, today: date, soon_days: int, asked: dict[str, Any]
) -> dict[UUID | None, dict[str, Due]]:
    found: dict[UUID | None, dict[str, Due]] = defaultdict(lambda: dict.fromkeys(KINDS, Due()))
    values = {**asked, "today": today, "soon": today + timedelta(days=soon_days)}
    query = q["counts"].format(by=q[f"by_{by}"], asked=q["asked"])
    for whose, kind, *numbers in conn.execute(query, values, prepare=False).fetchall():
        found[whose][kind] = Due(*numbers)
    return found


def _asked(person: UUID | None, channel: UUID | None, scope: Scope) -> dict[str, Any]:
    return {**scope.parameters, "person": person, "channel": channel}
