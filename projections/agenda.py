"""What is to be done: next actions, leads without one, and the clocks of the district. How it comes about: `agenda_rows`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from projections.paging import EVERYTHING, Page, Scope, paged, place
from projections.sql import Queries

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
    until: date | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[AgendaRow]:
    """A page of things to do, soonest first; of `person` as owner, of `channel`. Raises BadCursor.

    `overdue`: only those that are, or are not; `until`: only those due by that day.
    """
    at, lead, after_kind = place(after, ("date", "uuid", "text"))
    values = {
        **_asked(person, channel, scope),
        "kind": kind,
        "before": today if overdue else None,
        "from": today if overdue is False else None,
        "until": until,
        "place": at,
        "id": lead,
        "after_kind": after_kind,
        "limit": limit + 1,
    }
    rows = conn.execute(q["listed"].format(asked=q["asked"]), values, prepare=False).fetchall()
    return paged(rows, limit, 3, AgendaRow._make, after=after, before=None)


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
