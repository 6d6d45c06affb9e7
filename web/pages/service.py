"""One service: what was done for whom, what came of it, and what was put right since."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from domain.service import FollowUp, ReviseService, Service, possible
from web.html import page
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import Facts, names_of
from web.pages.funnel_question import NAMES
from web.pages.moments import looked_at, moment
from web.pages.service_access import LABELS, demand_workable, names_about, offers_for, values, workable
from web.pages.sheets import Sheets, add_commands
from web.pages.story import story
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Service, "/services", "service", offers=offers_for, knows=values, demands=demand_workable,
    named=lambda service: service.name, apart=frozenset({"services", NOUN}),
)  # fmt: skip
_ICONS: Final = {FollowUp: "circle-check", ReviseService: "pencil"}


@router.get("/services/{id}", name="service")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    """The service as known then, at the end of that day. Of a past nothing is asked."""
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        service, state = looked_at(crm, Service, id, asked.point)
        about = names_about(conn, viewer, [state])
        names = names_of(conn, about)
    day, works = asked.point.as_at or clock.today(), not asked.question.days and workable(crm, viewer, service)
    facts = Facts(request.state.words, names, viewer.sees_all or workable(crm, viewer, service))
    entries = [entry for entry in story(crm, service, names, facts).newest() if entry.happened_on <= day]
    now = possible(service) if works else frozenset()
    shown: dict[str, Any] = {
        "service": service, "state": state, "called": state.subject or service.name, "names": names, "about": about,
        "facts": facts, "handled_by": state.handled_by or crm.begun_by(id), "question": asked.question, "NAMES": NAMES,
        "actions": [(form, icon) for form, icon in _ICONS.items() if form in now], "may_correct": works,
        "entries": entries, "labels": LABELS,
    }  # fmt: skip
    return page(request, "services/service.html", **shown)


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
