"""What moved since the last meeting, or in the last fortnight: by kind, by stage and milestone, and the largest of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from fastapi import Request
from psycopg import Connection

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.funnel import STAGES, Stage
from domain.project import Milestone
from projections import changes_behind, meetings, projects
from projections.changes_behind import Changed, Slot
from projections.funnel import Cell
from projections.meetings import MeetingRow
from projections.paging import Scope
from web.pages import comparison_lines as told
from web.pages.comparison import links
from web.pages.comparison_points import Looked, compared, looking
from web.pages.comparison_question import read_since
from web.pages.leads import scope_of

FORTNIGHT: Final = timedelta(days=14)
LARGEST: Final = 4
LOOKED_THROUGH: Final = 50
"""Of each stage so many that came last are looked through for the largest."""


class Moved(NamedTuple):
    """Since `day`, that of `meeting` where one was held; `largest`: (stage come to, lead), the furthest first."""

    day: date
    meeting: MeetingRow | None
    kinds: list[told.Chip]
    stages: list[told.Chip]
    milestones: dict[Milestone, int]
    largest: list[tuple[Stage, Changed]]

    @property
    def after(self) -> date:
        """The first day that counts."""
        return self.day + timedelta(days=1)


def moved(request: Request, crm: CRM, viewer: Viewer) -> Moved:
    """What happened from that day on, as it is known now."""
    today, scope = clock.today(), scope_of(viewer)
    with crm.pool.connection() as conn:
        last = _last_meeting(conn, today)
    since = last.as_at if last else today - FORTNIGHT
    asked = read_since({"from": since.isoformat()}, today)
    with looking(crm, asked) as looked:
        happened = compared(looked, asked, scope)[-1]
        href = links(request, asked)
        return Moved(
            since, last, told.kinds(happened, href), told.reached_stages(happened, href),
            projects.lately(looked.conn, since + timedelta(days=1)), list(_largest(looked, scope)),
        )  # fmt: skip


def _last_meeting(conn: Connection[Any], today: date) -> MeetingRow | None:
    """The last that still stands and was pinned for a day before today."""
    held = meetings.listed(conn).rows
    return next((row for row in held if row.withdrawn_on is None and row.as_at < today), None)


def _largest(looked: Looked, scope: Scope) -> Iterator[tuple[Stage, Changed]]:
    leg, seen, left = looked.legs[-1], set(), LARGEST
    for stage in STAGES[:2:-1]:
        slot = Slot(Cell("reached", str(stage)), "came")
        rows = changes_behind.leads(looked.conn, leg.old, leg.new, slot, scope=scope, limit=LOOKED_THROUGH).rows
        fresh = sorted((row for row in rows if row.id not in seen), key=_worth, reverse=True)[:left]
        yield from ((stage, row) for row in fresh)
        seen |= {row.id for row in rows}
        left -= len(fresh)
        if not left:
            return


def _worth(row: Changed) -> int:
    return row.after.amount_fen if row.after else 0
