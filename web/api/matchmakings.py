"""Matchmaking: meetings by both clocks, every loan and contract that came of them, and one meeting."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from domain.matchmaking import Matchmaking, MatchmakingState, OutcomeKind
from domain.matchmaking.possible import possible
from projections import matchmakings, outcomes
from projections.matchmakings import MatchmakingRow
from projections.outcomes import Came, OutcomeRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Paged, Plain, Read, caught_up, given, reading, shape, understood
from web.pages.answering import workable
from web.pages.matchmaking_filters import MATCHMAKINGS, OUTCOMES, matchmaking_filters, outcome_filters
from web.pages.moments import moment
from web.session import Crm, Who

router = APIRouter(tags=["matchmakings"])
_LABELS = {name: one.label for name, one in matchmaking_filters(UUID(int=0)).items()}
_OF_OUTCOMES = {name: one.label for name, one in outcome_filters(UUID(int=0)).items()}
_AS_AT = Field(None, description="截至哪天 · As at the end of that day")
_KNOWN_AT = Field(None, description="按哪天所知 · As known at that moment, or at the end of that day")


def _filter(labels: Any, name: str, **more: Any) -> Any:
    return Field(None, description=" · ".join(labels[name]), **more)


class MatchmakingsQuery(Paged):
    """The filters of the meetings' page, by the same names and values."""

    q: Plain | None = _filter(_LABELS, "q")
    kind: Plain | None = _filter(_LABELS, "kind")
    since: date | None = _filter(_LABELS, "from", alias="from")
    to: date | None = _filter(_LABELS, "to")
    answers: Plain | None = _filter(_LABELS, "answers")
    as_at: Plain | None = _AS_AT
    known_at: Plain | None = _KNOWN_AT
    sort: Literal["held", "lent", "dealt", "firms", "name"] = "held"


Listed = shape("ListedMatchmaking", MatchmakingRow)


class MatchmakingsAnswer(Answer):
    """Amounts are in 分 (CNY 0.01)."""

    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    matchmakings: list[Listed]  # type: ignore[valid-type]


@router.get(
    "/matchmakings", name="api.matchmakings", response_model=MatchmakingsAnswer, responses=READ,
    summary="对接会列表 · Matchmaking meetings",
)  # fmt: skip
def matchmakings_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[MatchmakingsQuery, Query()]
) -> dict[str, Any]:
    typed = _given(query)
    wanted = MATCHMAKINGS.read(typed, viewer.id)
    understood(wanted.errors)
    with reading(crm, query) as (conn, position):
        asked = moment(conn, typed)
        understood(asked.question.errors)
        filters = wanted.filters.asked()
        page = matchmakings.LIST.page(conn, filters, asked.point, sort=query.sort, after=query.after, limit=query.limit)
        totals = matchmakings.LIST.totals(conn, filters, asked.point)
    rows = [row._asdict() for row in page.rows]
    return {
        "position": position,
        "totals": counted(request.state.words, totals),
        "next": page.next,
        "matchmakings": rows,
    }


def _given(query: Paged) -> dict[str, str]:
    """The parameters by the names of the page."""
    typed = given(query)
    return {"from" if name == "since" else name: text for name, text in typed.items()}


class OutcomesQuery(Paged):
    """The filters of the outcomes' page, by the same names and values."""

    q: Plain | None = _filter(_OF_OUTCOMES, "q")
    kind: Plain | None = _filter(_OF_OUTCOMES, "kind")
    since: date | None = _filter(_OF_OUTCOMES, "from", alias="from")
    to: date | None = _filter(_OF_OUTCOMES, "to")
    meeting: UUID | None = _filter(_OF_OUTCOMES, "meeting")
    company: UUID | None = _filter(_OF_OUTCOMES, "company")
    as_at: Plain | None = _AS_AT
    known_at: Plain | None = _KNOWN_AT
    sort: Literal["made", "amount", "firm"] = "made"


Outcome = shape("MatchmakingOutcome", OutcomeRow)
CameOut = shape("OutcomeSums", Came)


class OutcomesAnswer(Answer):
    """Amounts are in 分 (CNY 0.01). `came`: the sums of all that matches, by kind; a firm that comes again counts once."""

    totals: Counted
    came: dict[str, CameOut]  # type: ignore[valid-type]
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    outcomes: list[Outcome]  # type: ignore[valid-type]


@router.get(
    "/matchmakings/outcomes", name="api.matchmakings.outcomes", response_model=OutcomesAnswer, responses=READ,
    summary="对接成果：逐笔贷款和合同 · Loans and contracts that came of matchmaking",
)  # fmt: skip
def outcomes_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[OutcomesQuery, Query()]
) -> dict[str, Any]:
    typed = _given(query)
    wanted = OUTCOMES.read(typed, viewer.id)
    understood(wanted.errors)
    with reading(crm, query) as (conn, position):
        asked = moment(conn, typed)
        understood(asked.question.errors)
        filters = wanted.filters.asked()
        page = outcomes.LIST.page(conn, filters, asked.point, sort=query.sort, after=query.after, limit=query.limit)
        totals = outcomes.LIST.totals(conn, filters, asked.point)
        came = outcomes.came(conn, filters, asked.point)
    return {
        "position": position,
        "totals": counted(request.state.words, totals),
        "came": {str(kind): sums._asdict() for kind, sums in came.items()},
        "next": page.next,
        "outcomes": [row._asdict() for row in page.rows],
    }


class FirmOut(BaseModel):
    name: str
    company: UUID | None
    need: str | None


class OutcomeOut(BaseModel):
    """A loan or a contract, by the number of its fact."""

    version: int
    made_on: date
    kind: str
    firm: str
    company: UUID | None
    partner: str
    amount: int


class MatchmakingAnswer(Answer):
    """One meeting; amounts in 分. A void one was held on no day. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    held_on: date | None
    name: str
    kind: str | None
    place: str | None
    organiser: str | None
    content: str | None
    firms: list[FirmOut]
    lent: int
    dealt: int
    outcomes: list[OutcomeOut]
    commands: list[str]


class MatchmakingQuery(Read):
    as_at: date | None = Field(None, description="截至哪天 · As at the end of that day")


@router.get(
    "/matchmakings/{id}", name="api.matchmaking", response_model=MatchmakingAnswer, responses=READ_ONE,
    summary="一场对接会 · One meeting",
)  # fmt: skip
def matchmaking_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[MatchmakingQuery, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    one = crm.aggregate(Matchmaking, id)
    response.headers["ETag"] = f'"{one.version}"'
    state: MatchmakingState = one.at(query.as_at) if query.as_at else one.state
    commands = sorted(form.noun for form in possible(one)) if workable(crm, viewer, one) and not query.as_at else []
    return {
        "position": max(event.position or 0 for event in one.events),
        "id": id,
        "version": one.version,
        **{name: getattr(state, name) for name in ("held_on", "name", "kind", "place", "organiser", "content")},
        "firms": [firm.model_dump() for firm in state.firms.values()],
        "lent": state.worth(OutcomeKind.LOAN),
        "dealt": state.worth(OutcomeKind.DEAL),
        "outcomes": [_outcome(fact) for fact in state.outcomes],
        "commands": commands,
    }


def _outcome(fact: Any) -> dict[str, Any]:
    return {
        "version": fact.originator_version, "made_on": fact.occurred_on, "kind": fact.KIND, "firm": fact.firm,
        "company": fact.company, "partner": fact.partner, "amount": fact.amount.fen,
    }  # fmt: skip
