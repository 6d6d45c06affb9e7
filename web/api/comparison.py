"""Two dates compared, and one date as known at two moments: what moved, by kind and cause, as a program reads it."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from crm import clock
from crm.application import CRM
from domain.funnel import STAGES, Stage
from projections.changes import Cause, Kind, Move, Side
from projections.funnel import Funnel
from projections.paging import Scope
from web.api.funnel import Conditions, GroupOut, group_out
from web.api.problems import READ
from web.api.reading import Answer, Plain, Worth, caught_up, given, total, understood
from web.errors import Updating
from web.pages.comparison_points import Compared, Looked, compared, looking
from web.pages.comparison_question import NAMES, Asked, read_restatements, read_since
from web.pages.comparison_words import CAUSE_TEXTS, kind_text
from web.pages.funnel_labels import Label, labels
from web.pages.leads import scope_of
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["funnel"])
LIKE_DAY = ": 2026-06-30"
LIKE_MOMENT = ": 2026-06-30 (that day's end in Shanghai), 2026-06-30T23:59:59+08:00"


def named(name: str, more: str, example: str, **how: Any) -> Any:
    """A parameter described by the name it has on the page."""
    zh, en = NAMES[name]
    return Field(None, description=f"{zh} · {en}{more}", examples=[example], **how)


class SinceQuery(Conditions):
    """Two days; left out, half a month up to today. Each is counted as known at its own end."""

    from_: Plain | None = named("from", LIKE_DAY, "2026-06-15", alias="from")
    to: Plain | None = named("to", LIKE_DAY, "2026-06-30")


class RestatementsQuery(Conditions):
    """One day as known at two moments; left out, the last half-month's end, as known then and now."""

    as_at: Plain | None = named("as_at", LIKE_DAY, "2026-06-30")
    known_from: Plain | None = named("known_from", LIKE_MOMENT, "2026-06-30")
    known_to: Plain | None = named("known_to", LIKE_MOMENT, "2026-07-15")


class SideOut(BaseModel):
    """How a lead is counted. `stage` is null for a merged lead; `key`: its group, where it is grouped by something."""

    status: str
    stage: Stage | None
    reached: Stage | None
    key: str | None


class MoveOut(BaseModel):
    """Leads that moved alike. `before` or `after` is null where they are not counted there; their worth is 0 then.

    `cause`: what was learned of them, null for what happened. `revalued`: what each is worth differs too.
    """

    kind: Kind = Field(examples=["advanced"])
    label: str
    cause: Cause | None = Field(examples=["late"])
    cause_label: str | None
    before: SideOut | None
    after: SideOut | None
    leads: int
    before_amount: Worth
    after_amount: Worth
    revalued: bool


class FiguresOut(BaseModel):
    """A funnel at one of the points."""

    as_at: date
    known_at: datetime | None = Field(description="空为现在 · null for now")
    position: int
    groups: list[GroupOut]
    total: GroupOut


class SinceAnswer(Answer):
    """`old` + `learned` = `between`, `between` + `happened` = `new`: per stage and status, in leads and in worth."""

    group_by: str
    old: FiguresOut
    learned: list[MoveOut]
    between: FiguresOut
    happened: list[MoveOut]
    new: FiguresOut


class RestatementsAnswer(Answer):
    """`old` + `learned` = `new`: per stage and status, in leads and in worth."""

    group_by: str
    old: FiguresOut
    learned: list[MoveOut]
    new: FiguresOut


@router.get(
    "/since", name="api.since", response_model=SinceAnswer, responses=READ, summary="两期对比 · Two dates compared"
)
def since(request: Request, crm: Crm, viewer: Who, query: Annotated[SinceQuery, Query()]) -> dict[str, Any]:
    """其间发生的与事后得知的，各自对得上账 · What happened in between, and what was only learned then; both add up."""
    return since_answer(crm, request.state.words, scope_of(viewer), query)


@router.get(
    "/restatements", name="api.restatements", response_model=RestatementsAnswer, responses=READ,
    summary="追溯更正 · One date restated",
)  # fmt: skip
def restatements(
    request: Request, crm: Crm, viewer: Who, query: Annotated[RestatementsQuery, Query()]
) -> dict[str, Any]:
    """同一天先后两次看有何不同，因何不同 · How one day is seen otherwise after a while, and why."""
    return restatements_answer(crm, request.state.words, scope_of(viewer), query)


def since_answer(crm: CRM, words: Words, scope: Scope, query: SinceQuery) -> dict[str, Any]:
    """Both steps as SinceAnswer holds them. Raises RequestValidationError, Refused, Updating."""
    asked, looked, parts, label = _answered(crm, words, scope, query)
    learned, happened = parts
    out = Out(words, label, asked)
    return {
        "position": looked.position,
        "group_by": asked.group_by,
        "old": out.figures(learned.found.old, asked.old_day, asked.old_known),
        "learned": out.moves(learned),
        "between": out.figures(learned.found.new, asked.old_day, asked.new_known),
        "happened": out.moves(happened),
        "new": out.figures(happened.found.new, asked.new_day, asked.new_known),
    }


def restatements_answer(crm: CRM, words: Words, scope: Scope, query: RestatementsQuery) -> dict[str, Any]:
    """The step as RestatementsAnswer holds it. Raises as `since_answer` does."""
    asked, looked, (learned,), label = _answered(crm, words, scope, query)
    out = Out(words, label, asked)
    return {
        "position": looked.position,
        "group_by": asked.group_by,
        "old": out.figures(learned.found.old, asked.old_day, asked.old_known),
        "learned": out.moves(learned),
        "new": out.figures(learned.found.new, asked.new_day, asked.new_known),
    }


def _answered(
    crm: CRM, words: Words, scope: Scope, query: SinceQuery | RestatementsQuery
) -> tuple[Asked, Looked, list[Compared], Label]:
    asked = asked_by(query)
    caught_up(crm, query)
    with looking(crm, asked) as looked:
        _reached(looked)
        return asked, looked, compared(looked, asked, scope), labels(looked.conn, words)


def asked_by(query: SinceQuery | RestatementsQuery) -> Asked:
    """What the parameters ask. Raises RequestValidationError."""
    params = given(query)
    if "from_" in params:
        params["from"] = params.pop("from_")
    asked = (read_since if isinstance(query, SinceQuery) else read_restatements)(params, clock.today())
    understood(asked.errors)
    return asked


def _reached(looked: Looked) -> None:
    if not looked.caught_up:
        raise Updating


class Out:
    """How a comparison is written for programs."""

    def __init__(self, words: Words, label: Label, asked: Asked) -> None:
        self.words, self.label, self.asked = words, label, asked

    def figures(self, found: Funnel, day: date, known: datetime | None) -> dict[str, Any]:
        by = self.asked.group_by
        groups = [group_out(self.words, one, self.label(by, one.key)) for one in found.groups] if by != "none" else []
        point = {"as_at": day, "known_at": known, "position": found.position}
        return {**point, "groups": groups, "total": group_out(self.words, found.total, None)}

    def moves(self, part: Compared) -> list[dict[str, Any]]:
        return [self._move(move, part.leg.part) for move in part.found.moves]

    def _move(self, move: Move, part: str) -> dict[str, Any]:
        return {
            **move._asdict(),
            "label": self.words.t(kind_text(move.kind, part)),
            "cause_label": self.words.t(CAUSE_TEXTS[move.cause]) if move.cause else None,
            "before": side_out(move.before),
            "after": side_out(move.after),
            "before_amount": total(self.words, move.before_fen),
            "after_amount": total(self.words, move.after_fen),
        }


def side_out(side: Side | None) -> dict[str, Any] | None:
    return None if side is None else {**side._asdict(), "stage": _stage(side.stage), "reached": _stage(side.reached)}


def _stage(order: int) -> Stage | None:
    return STAGES[order - 1] if order else None
