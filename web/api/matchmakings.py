"""Matchmaking: meetings by both clocks, every loan and contract that came of them, and one meeting."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from domain.matchmaking import Matchmaking, MatchmakingState, OutcomeKind
from domain.matchmaking.possible import possible
from projections import outcomes
from projections.matchmakings import MatchmakingRow
from projections.outcomes import Came, OutcomeRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, caught_up, shape
from web.api.record_reads import Listed, RecordRead, commands, fields_of, head, reading_list
from web.pages.matchmaking_filters import MATCHMAKINGS, OUTCOMES, matchmaking_filters, outcome_filters
from web.session import Crm, Who

router = APIRouter(tags=["matchmakings"])
_filter = fields_of(matchmaking_filters)
_of_outcomes = fields_of(outcome_filters)


class MatchmakingsQuery(Listed):
    """The filters of the meetings' page, by the same names and values."""

    q: Plain | None = _filter("q")
    kind: Plain | None = _filter("kind")
    since: date | None = _filter("from", alias="from")
    to: date | None = _filter("to")
    answers: Plain | None = _filter("answers")
    sort: Literal["held", "lent", "dealt", "firms", "name"] = "held"


Row = shape("ListedMatchmaking", MatchmakingRow)


class MatchmakingsAnswer(Answer):
    """Amounts are in 分 (CNY 0.01)."""

    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    matchmakings: list[Row]  # type: ignore[valid-type]


@router.get(
    "/matchmakings", name="api.matchmakings", response_model=MatchmakingsAnswer, responses=READ,
    summary="对接会列表 · Matchmaking meetings",
)  # fmt: skip
def matchmakings_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[MatchmakingsQuery, Query()]
) -> dict[str, Any]:
    with reading_list(crm, query, MATCHMAKINGS, viewer) as found:
        page, totals = found.read()
    rows, position = [row._asdict() for row in page.rows], found.position
    return {
        "position": position,
        "totals": counted(request.state.words, totals),
        "next": page.next,
        "matchmakings": rows,
    }


class OutcomesQuery(Listed):
    """The filters of the outcomes' page, by the same names and values."""

    q: Plain | None = _of_outcomes("q")
    kind: Plain | None = _of_outcomes("kind")
    since: date | None = _of_outcomes("from", alias="from")
    to: date | None = _of_outcomes("to")
    meeting: UUID | None = _of_outcomes("meeting")
    company: UUID | None = _of_outcomes("company")
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
    with reading_list(crm, query, OUTCOMES, viewer) as found:
        page, totals = found.read()
        came = outcomes.came(found.conn, found.wanted.filters.asked(), found.asked.point)
    position = found.position
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


@router.get(
    "/matchmakings/{id}", name="api.matchmaking", response_model=MatchmakingAnswer, responses=READ_ONE,
    summary="一场对接会 · One meeting",
)  # fmt: skip
def matchmaking_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    one = crm.aggregate(Matchmaking, id)
    state: MatchmakingState = one.at(query.as_at) if query.as_at else one.state
    return {
        **head(response, one),
        **{name: getattr(state, name) for name in ("held_on", "name", "kind", "place", "organiser", "content")},
        "firms": [firm.model_dump() for firm in state.firms.values()],
        "lent": state.worth(OutcomeKind.LOAN),
        "dealt": state.worth(OutcomeKind.DEAL),
        "outcomes": [_outcome(fact) for fact in state.outcomes],
        "commands": commands(crm, viewer, one, possible(one)) if query.as_at is None else [],
    }


def _outcome(fact: Any) -> dict[str, Any]:
    return {
        "version": fact.originator_version, "made_on": fact.occurred_on, "kind": fact.KIND, "firm": fact.firm,
        "company": fact.company, "partner": fact.partner, "amount": fact.amount.fen,
    }  # fmt: skip
