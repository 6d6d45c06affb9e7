"""The leads behind one number of a comparison, and the records by which it was learned."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from crm.access import Viewer
from crm.application import CRM
from domain.base import Refused
from domain.funnel import Stage
from projections import changes, changes_behind
from projections.changes import Cause, Kind
from projections.changes_behind import Changed, Place, SideName, Slot
from projections.funnel import Cell
from web.api.comparison import RestatementsQuery, SinceQuery, asked_by
from web.api.problems import READ
from web.api.reading import Answer, Paged, Plain, Worth, caught_up, shape, turned_pages, worth
from web.errors import Updating
from web.pages.comparison_leads import Reason, asked_of, leg_of, read_slot, reasons_of
from web.pages.comparison_points import Looked, looking
from web.pages.comparison_question import Asked
from web.pages.comparison_words import CAUSE_TEXTS, kind_text
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["funnel"])
AT_ONCE: Final = 500


class _Slot(Paged):
    """One number: what moved into a cell of the funnel or out of it, by kind and cause."""

    measure: Literal["standing", "reached", "on_hold", "lost", "merged", "registered"] = "registered"
    stage: Stage | None = None
    side: SideName | None = Field(
        None, description="增加、减少，或仅金额变化 · into the cell, out of it, or in it throughout"
    )
    move: Kind | None = Field(None, description="哪种变动 · Which kind of move")
    cause: Cause | None = None
    key: Plain | None = Field(None, description="哪个分组 · Which group")
    unset: bool = Field(False, description="没有分组值的 · Those without a group")


class SinceLeadsQuery(SinceQuery, _Slot):
    part: Literal["learned", "happened"] = "happened"


class RestatementsLeadsQuery(RestatementsQuery, _Slot):
    """What was learned is the only part there is."""


PlaceOut = shape("ComparedPlace", Place, without=("amount_fen",), amount=Worth | None)


class Standing(BaseModel):
    status: str
    stage: Stage | None
    amount: Worth | None


class Because(BaseModel):
    """A record that changed how the lead is counted. `said` is null where the lead may not be read."""

    position: int
    lead: UUID
    version: int
    type: str
    occurred_on: date
    recorded_at: datetime
    actor: UUID
    by: str | None
    said: str | None
    before: Standing | None
    after: Standing | None


class MovedLead(BaseModel):
    """A lead that moved. A place is null where there was none, or where it is beyond the asker's sight."""

    id: UUID
    company: str | None
    kind: Kind
    label: str
    cause: Cause | None
    cause_label: str | None
    revalued: bool
    had: bool
    has: bool
    before: PlaceOut | None  # type: ignore[valid-type]
    after: PlaceOut | None  # type: ignore[valid-type]
    because: list[Because]


class MovedAnswer(Answer):
    count: int
    next: str | None
    leads: list[MovedLead]


class RestatementsLeads(Answer):
    """All of them, for the command line."""

    learned: list[MovedLead]


class SinceLeads(RestatementsLeads):
    happened: list[MovedLead]


@router.get(
    "/since/leads", name="api.since.leads", response_model=MovedAnswer, responses=READ,
    summary="两期之间变动的线索 · The leads that moved between two dates",
)  # fmt: skip
def of_since(request: Request, crm: Crm, viewer: Who, query: Annotated[SinceLeadsQuery, Query()]) -> dict[str, Any]:
    return _moved(crm, viewer, request.state.words, query, query.part)


@router.get(
    "/restatements/leads", name="api.restatements.leads", response_model=MovedAnswer, responses=READ,
    summary="追溯更正的线索与原因 · The leads restated, and why",
)  # fmt: skip
def of_restatements(
    request: Request, crm: Crm, viewer: Who, query: Annotated[RestatementsLeadsQuery, Query()]
) -> dict[str, Any]:
    return _moved(crm, viewer, request.state.words, query, "learned")


def _moved(
    crm: CRM, viewer: Viewer, words: Words, query: SinceLeadsQuery | RestatementsLeadsQuery, part: str
) -> dict[str, Any]:
    asked = asked_by(query)
    if query.key and query.group_by == "none":
        raise Refused("group.none", "没有分组，不能指定分组值。", "Nothing is grouped by.", field="key")
    _, slot = read_slot(_slot_of(query, part), asked)
    caught_up(crm, query)
    with looking(crm, asked) as looked, turned_pages():
        if not looked.caught_up:
            raise Updating
        leg, options = leg_of(looked, part), asked_of(viewer, asked)
        rows = changes_behind.leads(
            looked.conn, leg.old, leg.new, slot, after=query.after, limit=query.limit, **options
        )
        moves = changes.moves(looked.conn, leg.old, leg.new, group_by=asked.group_by, **options)
        reasons = reasons_of(crm, viewer, looked, leg, asked, rows.rows) if part == "learned" else {}
    return {
        "position": looked.position,
        "count": changes_behind.tally(moves, slot).count,
        "next": rows.next,
        "leads": [_lead(words, row, part, reasons.get(row.id, [])) for row in rows.rows],
    }


def since_leads(crm: CRM, words: Words, viewer: Viewer, query: SinceQuery) -> dict[str, Any]:
    """Every lead that moved, as SinceLeads holds them. Raises RequestValidationError, Refused, Updating."""
    return _every(crm, words, viewer, query, "learned", "happened")


def restatements_leads(crm: CRM, words: Words, viewer: Viewer, query: RestatementsQuery) -> dict[str, Any]:
    """Every lead that counts otherwise, as RestatementsLeads holds them. Raises as `since_leads` does."""
    return _every(crm, words, viewer, query, "learned")


def _every(
    crm: CRM, words: Words, viewer: Viewer, query: SinceQuery | RestatementsQuery, *parts: str
) -> dict[str, Any]:
    asked = asked_by(query)
    caught_up(crm, query)
    with looking(crm, asked) as looked:
        if not looked.caught_up:
            raise Updating
        found = {part: list(_all(crm, words, viewer, looked, asked, part)) for part in parts}
    return {"position": looked.position, **found}


def _all(crm: CRM, words: Words, viewer: Viewer, looked: Looked, asked: Asked, part: str) -> Iterator[dict[str, Any]]:
    leg, cursor = leg_of(looked, part), None
    while True:
        rows = changes_behind.leads(
            looked.conn, leg.old, leg.new, Slot(Cell("registered", None, asked.group_by)), after=cursor, limit=AT_ONCE,
            **asked_of(viewer, asked),
        )  # fmt: skip
        reasons = reasons_of(crm, viewer, looked, leg, asked, rows.rows) if part == "learned" else {}
        yield from (_lead(words, row, part, reasons.get(row.id, [])) for row in rows.rows)
        cursor = rows.next
        if cursor is None:
            return


def _slot_of(query: SinceLeadsQuery | RestatementsLeadsQuery, part: str) -> dict[str, str]:
    said = {"part": part, "measure": query.measure, "stage": query.stage, "side": query.side, "move": query.move,
            "cause": query.cause, "key": query.key, "unset": "1" if query.unset else None}  # fmt: skip
    return {name: str(value) for name, value in said.items() if value is not None}


def _lead(words: Words, row: Changed, part: str, reasons: list[Reason]) -> dict[str, Any]:
    return {
        **row._asdict(),
        "label": words.t(kind_text(row.kind, part)),
        "cause_label": words.t(CAUSE_TEXTS[row.cause]) if row.cause else None,
        "before": _place(words, row.before),
        "after": _place(words, row.after),
        "because": [_because(words, reason) for reason in reasons],
    }


def _place(words: Words, place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {**place._asdict(), "amount": worth(words, place.amount_fen)}


def _because(words: Words, reason: Reason) -> dict[str, Any]:
    event = reason.learned.event
    return {
        "position": event.position, "lead": event.stream, "version": event.version, "type": event.topic,
        "occurred_on": event.occurred_on, "recorded_at": event.recorded_at, "actor": event.actor, "by": reason.by,
        "said": words.t(reason.event.sentence()) if reason.event else None,
        "before": _standing(words, reason.learned.before), "after": _standing(words, reason.learned.after),
    }  # fmt: skip


def _standing(words: Words, side: tuple[str, Stage | None, int] | None) -> dict[str, Any] | None:
    return None if side is None else {"status": side[0], "stage": side[1], "amount": worth(words, side[2])}
