"""What to do today: due and overdue actions, leads without one, leads to judge, clocks about to be missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from babel.dates import format_date
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock
from crm.access import Role, Viewer, listable, may_change, may_read
from crm.application import CRM
from domain.base import Text
from domain.funnel import Stage, Status
from projections import agenda, channels, people
from projections.agenda import KINDS, AgendaRow, Due
from projections.paging import EVERYTHING, BadCursor, Page, Scope
from web.html import page, url_for
from web.session import Crm, Who

router = APIRouter()
SOON: Final = 3
"""Days ahead that count as soon."""
SHOWN: Final = 8
SHOWN_OF_DISTRICT: Final = 5
_REFERENCE: Final = 36


@dataclass(frozen=True)
class Kind:
    """One kind of thing to do: its words, what it means, its sign, and the command that answers it."""

    title: Text
    meaning: Text
    symbol: str
    noun: str
    do: Text


WORDS: Final[Mapping[str, Kind]] = {
    "action": Kind(
        Text("下一步", "Next actions"), Text("约定了截止日期的事", "Things promised for a day"), "calendar-check",
        "next-action-done", Text("办结", "Done"),
    ),
    "judge": Kind(
        Text("待研判", "To judge"), Text("新线索，尚未决定是否跟进", "New leads, not yet decided on"), "gavel",
        "judgement", Text("研判", "Judge"),
    ),
    "answer": Kind(
        Text("待首次回应", "To answer"), Text("登记后还没有联系过", "Registered and never contacted"), "phone-call",
        "contacts", Text("记联系", "Log contact"),
    ),
    "feedback": Kind(
        Text("待反馈引荐方", "Feedback owed"), Text("还没有告诉引荐方结果", "Whoever brought it has not heard back"),
        "message-reply", "contacts", Text("记联系", "Log contact"),
    ),
    "report": Kind(
        Text("久未更新", "Gone quiet"), Text("超过期限没有新进展", "No news for longer than is set"), "clock-pause",
        "contacts", Text("记联系", "Log contact"),
    ),
    "no_action": Kind(
        Text("没有下一步", "No next action"), Text("推进中却没有安排", "Open, and nothing is planned"), "calendar-off",
        "next-action", Text("安排", "Plan"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Whose day: one's own, one's channels', or the district's; narrowed to a person, a channel, a kind."""

    view: str
    person: UUID | None = None
    channel: UUID | None = None
    kind: str | None = None
    overdue: bool = False
    scope: Scope = EVERYTHING

    @property
    def narrowed(self) -> dict[str, Any]:
        """As the read model takes it."""
        return {"person": self.person, "channel": self.channel, "scope": self.scope}

    @property
    def query(self) -> dict[str, Any]:
        """As the address says it, without the kind."""
        return {"view": self.view, "person": None if self.view == "mine" else self.person, "channel": self.channel}


@router.get("/", name="today")
def show(request: Request, crm: Crm, viewer: Who, after: Annotated[str | None, Query()] = None) -> Response:
    asked = _asked(viewer, request.query_params)
    day = clock.today()
    with crm.pool.connection() as conn:
        counts = agenda.counts(conn, day, soon_days=SOON, **asked.narrowed)
        sections = _one(conn, asked, day, after) if asked.kind else _several(conn, asked, day)
        names = channels.names(conn) | people.names(conn)
        spread = _spread(conn, asked, day) if asked.view == "district" and not asked.kind else None
    return page(
        request, "today.html", asked=asked, counts=counts, sections=sections, names=names, spread=spread,
        actions=_opened(crm, sections), words=WORDS, tabs=_tabs(request, viewer, asked), after=after,
        weekday=format_date(day, "EEEE", locale="en" if request.state.words.language == "en" else "zh_CN"),
        total=_total(counts, asked), query=asked.query, chips=_chips(request, asked, names), Stage=Stage, Status=Status,
        may_change=lambda row: may_change(viewer, row), may_read=lambda row: may_read(viewer, row),
    )  # fmt: skip


def _tabs(request: Request, viewer: Viewer, asked: Asked) -> list[tuple[str, str, bool, None]]:
    said = request.state.words.t
    return [
        (said(text), url_for(request, "today", view=name), name == asked.view, None) for name, text in _views(viewer)
    ]


def _chips(request: Request, asked: Asked, names: Mapping[UUID, str]) -> list[tuple[str, str]]:
    """The person and the channel the page is narrowed to, by the parameter that says so."""
    said = request.state.words.t
    person = None if asked.view == "mine" else asked.person
    found = (("person", Text("负责人", "Owner"), person), ("channel", Text("渠道", "Channel"), asked.channel))
    return [(name, f"{said(text)} · {names.get(one, '—')}") for name, text, one in found if one]


def _views(viewer: Viewer) -> list[tuple[str, Text]]:
    """The days one may look at, one's usual one first."""
    mine, district = ("mine", Text("我的", "Mine")), ("district", Text("全区", "District"))
    if Role.MANAGER in viewer.roles:
        return [district, mine]
    if Role.STAFF in viewer.roles:
        return [mine, ("channels", Text("本渠道", "My channels"))] if viewer.channels else [mine]
    return [district]


def _asked(viewer: Viewer, params: Mapping[str, str]) -> Asked:
    allowed = [name for name, _ in _views(viewer)]
    view = params.get("view", allowed[0])
    view = view if view in allowed else allowed[0]
    scope = Scope(**listable(viewer))  # type: ignore[arg-type]
    if view == "channels":
        scope = Scope(all=False, channels=list(viewer.channels), viewer=viewer.id)
    whose = viewer.id if view == "mine" else _reference(params.get("person", ""))
    kind = params.get("kind", "")
    chosen = kind if kind in KINDS else None
    overdue = chosen is not None and params.get("due") == "overdue"
    return Asked(view, whose, _reference(params.get("channel", "")), chosen, overdue, scope)


def _reference(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == _REFERENCE else None
    except ValueError:
        return None


def _several(conn: Connection[Any], asked: Asked, day: date) -> dict[str, Page[AgendaRow]]:
    """The most pressing of every kind: all that wait for a judgement or have no next action, of the rest what is soon due."""
    until = {kind: None if kind in ("judge", "no_action") else day + timedelta(days=SOON) for kind in WORDS}
    limit = SHOWN_OF_DISTRICT if asked.view == "district" else SHOWN
    return {kind: Page(rows) for kind, rows in agenda.pressing(conn, until, limit=limit, **asked.narrowed).items()}


def _one(conn: Connection[Any], asked: Asked, day: date, after: str | None) -> dict[str, Page[AgendaRow]]:
    wanted = {"kind": asked.kind, "overdue": True if asked.overdue else None, **asked.narrowed}
    try:
        found = agenda.listed(conn, day, after=after, **wanted)
    except BadCursor:
        found = agenda.listed(conn, day, **wanted)
    return {str(asked.kind): found}


def _opened(crm: CRM, sections: Mapping[str, Page[AgendaRow]]) -> dict[UUID, str]:
    """What the next actions say; they are sealed where they are stored."""
    sealed = {row.lead: row.next_action for found in sections.values() for row in found.rows if row.next_action}
    opened = crm.keys.open_all(list(sealed.values()))
    return dict(zip(sealed, opened, strict=True))


def _total(counts: Mapping[str, Due], asked: Asked) -> int:
    due = counts[asked.kind] if asked.kind else Due(0, 0, 0, 0)
    return due.overdue if asked.overdue else due.all


def _spread(conn: Connection[Any], asked: Asked, day: date) -> dict[str, Any]:
    """The same counts per person and per channel, for who has to chase."""
    found = {by: agenda.counts_by(conn, day, by, scope=asked.scope, soon_days=SOON) for by in ("owner", "channel")}
    return {by: sorted(rows.items(), key=lambda entry: _weight(entry[1]), reverse=True) for by, rows in found.items()}


def _weight(counts: Mapping[str, Due]) -> tuple[int, int]:
    return sum(due.overdue for due in counts.values()), sum(due.all for due in counts.values())
