"""One matchmaking meeting: the firms met, every loan and contract that came of it, and what happened."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.application import CRM
from domain.base import Form, Text, field_text
from domain.matchmaking import (
    ArrangeLoan,
    HoldMatchmaking,
    Matchmaking,
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
from web.pages.answering import demanding, in_force, people_offered
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.record_page import RecordPage, shown
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
ACTIONS: Final[Sequence[Mapping[type[Form], str]]] = (
    {ArrangeLoan: "coin-yuan", SignDeal: "signature", MeetFirms: "building"},
    {ReviseMatchmaking: "pencil", TakeResponsibility: "user-share"},
)


def _offers(crm: CRM, one: Matchmaking) -> Picks:
    return {"person": people_offered(crm, one)}


def _values(_crm: CRM, one: Matchmaking) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; the firms met open empty, for those known stay."""
    return in_force(one, MatchmakingDetails)


SHEETS = Sheets(
    Matchmaking, "/matchmakings", "matchmaking", offers=_offers, knows=_values, demands=demanding(Matchmaking),
    named=lambda one: one.name, apart=frozenset({"matchmakings", NOUN}),
)  # fmt: skip


PAGE: Final = RecordPage(
    Matchmaking, "matchmakings", ACTIONS, possible,
    {"held_on": Text("举办日期", "Held on"),
     **{name: field_text(HoldMatchmaking, name) for name in ("kind", "place", "organiser")}},
    styles=("sites.css",),
)  # fmt: skip


@router.get("/matchmakings/{id}", name="matchmaking")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    return page(
        request, "matchmakings/matchmaking.html", **found.context, LOAN=OutcomeKind.LOAN, DEAL=OutcomeKind.DEAL
    )  # fmt: skip


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
