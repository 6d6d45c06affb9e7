"""One matchmaking meeting: the firms met, every loan and contract that came of it, and what happened."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Form, field_text
from domain.matchmaking import (
    ArrangeLoan,
    HoldMatchmaking,
    Matchmaking,
    MatchmakingState,
    MeetFirms,
    OutcomeKind,
    ReviseMatchmaking,
    SignDeal,
)
from domain.matchmaking.meeting import MatchmakingDetails
from domain.matchmaking.possible import possible
from domain.responsibility import TakeResponsibility
from web.fields import Picks
from web.html import page
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import Facts, names_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, looked_at, moment
from web.pages.record_access import answering, demands, workable
from web.pages.record_menu import menu
from web.pages.sheets import Sheets, add_commands
from web.pages.story import story
from web.session import Crm, Who

router = APIRouter()
SHOWN_AT_FIRST: Final = 12
ACTIONS: Final[Sequence[Mapping[type[Form], str]]] = (
    {ArrangeLoan: "coin-yuan", SignDeal: "signature", MeetFirms: "building"},
    {ReviseMatchmaking: "pencil", TakeResponsibility: "user-share"},
)


def _offers(crm: CRM, one: Matchmaking) -> Picks:
    return {"person": answering(crm, one)}


def _values(_crm: CRM, one: Matchmaking) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; the firms met open empty, for those known stay."""
    answer = one.state.responsibility
    known: dict[str, Any] = {"details": {name: getattr(one.state, name) for name in MatchmakingDetails.model_fields}}
    return known | ({name: getattr(answer, name) for name in answer.__dataclass_fields__} if answer else {})


SHEETS = Sheets(
    Matchmaking, "/matchmakings", "matchmaking", offers=_offers, knows=_values, demands=demands(Matchmaking),
    named=lambda one: one.name, apart=frozenset({"matchmakings", NOUN}),
)  # fmt: skip


@router.get("/matchmakings/{id}", name="matchmaking")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    one, state = looked_at(crm, Matchmaking, id, asked.point)
    return page(request, "matchmakings/matchmaking.html", **context(request, crm, viewer, one, state, asked))


def context(
    request: Request, crm: CRM, viewer: Viewer, one: Matchmaking, state: MatchmakingState, asked: Moment
) -> dict[str, Any]:
    """Everything the meeting's page shows, as known then, at the end of that day. Of a past nothing is asked."""
    day, now = asked.point.as_at or clock.today(), not asked.question.days
    with crm.pool.connection() as conn:
        names = names_of(conn)
    facts = Facts(request.state.words, names)
    entries = [entry for entry in story(crm, one, names, facts).newest() if entry.happened_on <= day]
    works = now and workable(crm, viewer, one)
    return {
        "one": one,
        "state": state,
        "called": state.name or one.name,
        "names": names,
        "facts": facts,
        "question": asked.question,
        "NAMES": NAMES,
        "groups": menu(ACTIONS, possible(one)) if works else [],
        "may_correct": works,
        "about": about(facts, state),
        "LOAN": OutcomeKind.LOAN,
        "DEAL": OutcomeKind.DEAL,
        "entries": entries[:SHOWN_AT_FIRST],
        "earlier": entries[SHOWN_AT_FIRST:],
    }


def about(facts: Facts, state: MatchmakingState) -> list[tuple[str, str]]:
    """(label, value) of what the meeting was."""
    names = ("kind", "place", "organiser")
    pairs = [
        (facts.words.t(field_text(HoldMatchmaking, name)), facts.said(name, getattr(state, name))) for name in names
    ]
    return [(facts.words.t("举办日期", "Held on"), facts.said("held_on", state.held_on)), *pairs]


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
