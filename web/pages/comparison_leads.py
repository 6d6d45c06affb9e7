"""The leads behind one number of a comparison; of what was learned, the events that did it, each in its lead's history."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM, Unknown
from crm.store import decode
from domain.base import Event
from domain.funnel import STAGES, Stage, Status
from projections import changes, changes_behind, people
from projections.changes import CAUSES, KINDS
from projections.changes_behind import SIDES, Changed, Learned, Place, Slot
from projections.funnel import Cell
from projections.paging import BadCursor, Page, Scope, Totals
from web.html import page
from web.pages.comparison import slot_params
from web.pages.comparison_points import Leg, Looked, looking
from web.pages.comparison_question import NAMES, Asked, read_restatements, read_since
from web.pages.comparison_words import CAUSE_TEXTS, PARTS, SIDE_TEXTS, kind_text, spoken_day
from web.pages.funnel_labels import MEASURES, Label, labels
from web.pages.funnel_question import GROUPS, demand_understood
from web.session import Crm, Who
from web.words import Words

router = APIRouter()


class Reason(NamedTuple):
    """An event that changed how its lead is counted, and who recorded it (None: the system).

    Without an `event`: the viewer may not read the lead.
    """

    learned: Learned
    by: str | None
    event: Event | None


class Found(NamedTuple):
    """A page of leads, what was learned of each, and how many there are in all."""

    rows: Page[Changed]
    reasons: Mapping[UUID, Sequence[Reason]]
    total: Totals


@router.get("/since/leads", name="since.leads")
def of_since(request: Request, crm: Crm, viewer: Who, after: Annotated[str | None, Query()] = None) -> Response:
    return _show(request, crm, viewer, read_since(request.query_params, clock.today()), after)


@router.get("/restatements/leads", name="restatements.leads")
def of_restatements(request: Request, crm: Crm, viewer: Who, after: Annotated[str | None, Query()] = None) -> Response:
    return _show(request, crm, viewer, read_restatements(request.query_params, clock.today()), after)


def _show(request: Request, crm: CRM, viewer: Viewer, asked: Asked, after: str | None) -> Response:
    words: Words = request.state.words
    demand_understood(asked, NAMES)
    part, slot = read_slot(request.query_params, asked)
    with looking(crm, asked) as looked:
        leg = leg_of(looked, part)
        found = _found(crm, viewer, looked, leg, asked, slot, after)
        label = labels(looked.conn, words)
    request.state.updating = getattr(request.state, "updating", False) or not looked.caught_up
    return page(
        request, "comparison/leads.html", asked=asked, part=part, slot=slot, found=found, after=after, label=label,
        title=title(words, part, slot, label), position=looked.position, back={**asked.carried, "group_by": asked.question.grouped},
        export={**slot_params(part, slot, asked.group_by), **asked.carried}, kind_text=kind_text, CAUSES=CAUSE_TEXTS,
        partial=not access.listable(viewer)["all"], said_day=lambda day: spoken_day(words, day, asked.said), GROUPS=GROUPS,
        PARTS=PARTS, Status=Status,
    )  # fmt: skip


def read_slot(params: Mapping[str, str], asked: Asked) -> tuple[str, Slot]:
    """Which number of the comparison is meant. Raises Unknown for one that there is not."""
    given = {name: params[name] for name in ("part", "measure", "stage", "side", "move", "cause") if params.get(name)}
    part = given.get("part", "learned")
    allowed = {"part": PARTS, "measure": MEASURES, "stage": STAGES, "side": SIDES, "move": KINDS, "cause": CAUSES}
    if any(value not in allowed[name] for name, value in given.items()) or (part, asked.page) == (
        "happened",
        "restatements",
    ):
        raise Unknown
    key = "" if params.get("unset") else params.get("key") or None
    if key and "\0" in key:
        raise Unknown
    cell = Cell(given.get("measure", "registered"), given.get("stage"), asked.group_by, key)
    return part, Slot(cell, given.get("side"), given.get("move"), given.get("cause"))


def leg_of(looked: Looked, part: str) -> Leg:
    return next(leg for leg in looked.legs if leg.part == part)


def title(words: Words, part: str, slot: Slot, label: Label) -> str:
    """What the number counts, in words."""
    cell = slot.cell
    named = [
        PARTS[part],
        CAUSE_TEXTS[slot.cause] if slot.cause else None,
        kind_text(slot.kind, part) if slot.kind else None,
        MEASURES[cell.measure] if cell.measure != "registered" or slot.side else None,
        Stage(cell.stage).text if cell.stage else None,
        SIDE_TEXTS[slot.side] if slot.side else None,
    ]
    group = [label(cell.group_by, cell.key)] if cell.group_by != "none" and cell.key is not None else []
    return " · ".join([*(words.t(text) for text in named if text), *group])


def _found(crm: CRM, viewer: Viewer, looked: Looked, leg: Leg, asked: Asked, slot: Slot, after: str | None) -> Found:
    options = asked_of(viewer, asked)
    try:
        rows = changes_behind.leads(looked.conn, leg.old, leg.new, slot, after=after, **options)
    except BadCursor:
        rows = changes_behind.leads(looked.conn, leg.old, leg.new, slot, **options)
    moves = changes.moves(looked.conn, leg.old, leg.new, group_by=asked.group_by, **options)
    reasons = reasons_of(crm, viewer, looked, leg, asked, rows.rows) if leg.part == "learned" else {}
    return Found(rows, reasons, changes_behind.tally(moves, slot))


def asked_of(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    return {"filters": asked.question.filters, "scope": Scope(**access.listable(viewer))}  # type: ignore[arg-type]


def reasons_of(
    crm: CRM, viewer: Viewer, looked: Looked, leg: Leg, asked: Asked, rows: Sequence[Changed]
) -> dict[UUID, list[Reason]]:
    """What was learned of each lead; in words where the viewer may read the lead."""
    open_to = {row.id: _may_read(viewer, row.after or row.before) for row in rows}
    names = people.names(looked.conn)
    found = changes_behind.because(
        looked.conn, leg.old, leg.new, list(open_to), group_by=asked.group_by, **asked_of(viewer, asked)
    )
    return {lead: [_reason(crm, one, names, opened=open_to[lead]) for one in some] for lead, some in found.items()}


def _may_read(viewer: Viewer, place: Place | None) -> bool:
    return viewer.sees_all or (place is not None and access.may_read(viewer, place))


def _reason(crm: CRM, learned: Learned, names: Mapping[UUID, str], *, opened: bool) -> Reason:
    return Reason(learned, names.get(learned.event.actor), decode(learned.event, crm.keys) if opened else None)
