"""What everybody recorded in a period; every number opens the events behind it."""

import re
from datetime import date
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from crm import clock
from domain.base import Text
from projections import activity, engine
from projections.activity import ActorSummary
from web.html import page, url_for
from web.pages.audit import lists, spoken
from web.pages.facts import names_of
from web.session import Crm, Who

router = APIRouter()


class Column(NamedTuple):
    """A number of the table, and the conditions by which the explorer finds what it counts."""

    name: str
    title: Text
    asked: dict[str, str]


COLUMNS: Final = (
    Column("events", Text("全部记录", "Records"), {}),
    Column("leads", Text("新登记线索", "Leads registered"), {"type": "lead.registered"}),
    Column("corrections", Text("更正", "Corrections"), {"corrections": "1"}),
    Column("late", Text("晚录", "Late"), {"late": str(activity.LATE_DAYS)}),
    Column("outside", Text("非办公时间", "Out of hours"), {"outside": "1"}),
    Column("bulk", Text("批量", "Bulk"), {"bulk": "1"}),
)


@router.get("/audit/people", name="audit.actors")
def counted(
    request: Request,
    crm: Crm,
    viewer: Who,
    recorded_from: Annotated[str, Query()] = "",
    recorded_to: Annotated[str, Query()] = "",
) -> Response:
    """Where no period is given, this month so far."""
    today = clock.today()
    first, last = _day(recorded_from) or today.replace(day=1), _day(recorded_to) or today
    with crm.pool.connection() as conn:
        rows = activity.actors(conn, first, last)
        names, position = names_of(conn), engine.reached(conn)

    def link(column: Column, row: ActorSummary | None = None) -> str:
        period = {"recorded_from": first.isoformat(), "recorded_to": last.isoformat()}
        return url_for(request, "audit", **column.asked, **period, actor=row.actor if row else "")

    return page(
        request, "audit/actors.html", rows=rows, columns=COLUMNS, first=first, last=last, link=link, position=position,
        totals={column.name: sum(getattr(row, column.name) for row in rows) for column in COLUMNS},
        **lists(names), **spoken(request, viewer, names, []),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
