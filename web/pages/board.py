"""The board: open leads by stage, cards a page at a time; moving a card asks for what the move means."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access, clock
from crm.access import Viewer
from crm.application import Unknown
from domain.base import Text
from domain.funnel import STAGES, Stage, known
from domain.lead import Lead, MoveBack
from domain.lead.possible import STAGE_FORMS, possible
from projections import leads
from projections.leads import LeadRow
from projections.paging import BadCursor, Page
from web.forms import view
from web.html import fragment, page, url_for
from web.pages.facts import names_of
from web.pages.filters import Asked
from web.pages.lead_access import changeable
from web.pages.lead_filters import asked
from web.pages.lead_form import narrowed, opening
from web.pages.leads import lists_of, scope_of
from web.security import safe_path
from web.session import Crm, Who

router = APIRouter()
CARDS: Final = 20
FILTERS: Final = ("q", "kind", "channel", "owner", "industry")


@router.get("/board", name="board")
def show(request: Request, crm: Crm, viewer: Who) -> Response:
    wanted = _asked(request, viewer)
    with crm.pool.connection() as conn:
        answer = page(request, "board/board.html", **_board(conn, viewer, wanted))
    answer.headers["HX-Push-Url"] = url_for(request, "board", **wanted.typed)
    return answer


@router.get("/board/{stage}/cards", name="board.column")
def more(request: Request, stage: str, crm: Crm, viewer: Who, after: str = "") -> Response:
    """The next cards of one column."""
    if stage not in set(STAGES):
        raise Unknown
    wanted = _asked(request, viewer)
    with crm.pool.connection() as conn:
        around = {"column": _cards(conn, viewer, wanted, Stage(stage), after or None), **_common(conn, wanted)}
        answer = fragment(request, "board/cards.html", "cards", **around)
    del answer.headers["HX-Retarget"]  # they take the place of the link that asked for them, one in each column
    return answer


@router.get("/board/moves/{id}", name="board.move")
def move(request: Request, id: UUID, crm: Crm, viewer: Who, to: str = "") -> Response:
    """The sheet for moving a lead to the stage `to`: the evidence of that stage, or which way back it is; which stage."""
    lead = changeable(crm, viewer, id)
    back = safe_path(request.query_params.get("back"), url_for(request, "board"))
    if not to:
        return page(
            request, "board/move.html", lead=lead, back=back, ways=None, refusal=None, wanted=None, stages=STAGES
        )
    if to not in set(STAGES):
        raise Unknown
    wanted, now = Stage(to), lead.standing.stage
    if now is not None and wanted.order < now.order and MoveBack in possible(lead):
        return page(request, "board/move.html", **_ways_back(request, lead, wanted, back))
    form = STAGE_FORMS.get(wanted)
    if form is None or form not in possible(lead):
        refusal = _refusal(wanted)
        return page(request, "board/move.html", lead=lead, ways=None, back=back, refusal=refusal, wanted=wanted)
    asks = url_for(request, f"lead.{form.noun}", id=id, back=back)
    filled = narrowed(view(form, asks, values=opening(lead, form), version=lead.version), lead)
    return page(request, "board/move.html", lead=lead, ways=None, back=back, refusal=None, wanted=wanted, form=filled)


def _board(conn: Connection[Any], viewer: Viewer, wanted: Asked) -> dict[str, Any]:
    cards = leads.columns(conn, wanted.filters, scope=scope_of(viewer), limit=CARDS)
    columns = leads.board_of(conn, wanted.filters, cards, scope=scope_of(viewer))
    return {
        "columns": [(column, _shown(viewer, Stage(column.stage), cards[column.stage])) for column in columns],
        "lists": lists_of(conn, viewer),
        "any": any(column.count for column in columns) or bool(wanted.typed),
        **_common(conn, wanted),
    }


def _common(conn: Connection[Any], wanted: Asked) -> dict[str, Any]:
    return {"asked": wanted, "names": names_of(conn)}


def _cards(conn: Connection[Any], viewer: Viewer, wanted: Asked, stage: Stage, after: str | None) -> Mapping[str, Any]:
    """The cards of one column that follow."""
    try:
        found = leads.column(conn, stage, wanted.filters, scope=scope_of(viewer), after=after, limit=CARDS)
    except BadCursor:
        found = leads.column(conn, stage, wanted.filters, scope=scope_of(viewer), limit=CARDS)
    return _shown(viewer, stage, found)


def _shown(viewer: Viewer, stage: Stage, found: Page[LeadRow]) -> Mapping[str, Any]:
    """One column's cards, with which of them the viewer may open and may move."""
    return {
        "stage": stage,
        "cards": found.rows,
        "following": found.next,
        "readable": {row.id for row in found.rows if access.may_read(viewer, row)},
        "movable": {row.id for row in found.rows if access.may_change(viewer, row)},
    }


def _asked(request: Request, viewer: Viewer) -> Asked:
    """Of the filters those that a board of open leads can have."""
    params = {name: request.query_params.get(name, "") for name in FILTERS}
    return asked(params, viewer.id, clock.today())


def _ways_back(request: Request, lead: Lead, wanted: Stage, back: str) -> dict[str, Any]:
    """It fell back (a fact), or it never happened (a retraction of the fact that set the stage)."""
    fact = _stage_fact(lead)
    fell = url_for(request, "lead.setback.form", id=lead.id, to=wanted.value, back=back)
    never = (
        url_for(request, "lead.retractions.form", id=lead.id, fact=fact.originator_version, back=back) if fact else None
    )
    return {"lead": lead, "ways": (fell, never), "fact": fact, "after": _without(lead, fact) if fact else None,
            "back": back, "refusal": None, "wanted": wanted}  # fmt: skip


def _stage_fact(lead: Lead) -> Any:
    """The fact that set the present stage, where it is the lead's own and can be retracted here."""
    by = lead.standing.by
    if by is None or by[0] != lead.id or by[1] == 1:
        return None
    return next((f for f in lead.history.facts if (f.originator_id, f.originator_version) == by), None)


def _without(lead: Lead, fact: Any) -> Stage | None:
    """The stage the lead would stand at if the fact had not happened."""
    stage, gone = None, (fact.originator_id, fact.originator_version)
    left = [event for event in lead.everything if (event.originator_id, event.originator_version) != gone]
    for _, standing in known(left).standings(lead.id):
        stage = standing.stage
    return stage


def _refusal(wanted: Stage) -> Text:
    if wanted is STAGES[0]:
        return Text("这条线索已经在「线索」阶段。", "It is at the first stage already.")
    return Text(
        f"现在不能进入「{wanted.text.zh}」：它已处于该阶段，或者没有在推进中。",
        f"It cannot enter “{wanted.text.en}” now: it stands there already, or is not open.",
    )
