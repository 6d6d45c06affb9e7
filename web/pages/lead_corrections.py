"""Correcting the content of a lead's fact: as for every aggregate (`corrections`), with the lead's own lists and sheet."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.application import CRM, Done
from domain.facts import Fact
from domain.lead import CorrectDetails, Lead
from web.commands import by, done, submit
from web.fields import Picks
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.corrections import Version, correction, fact_of, form_for, opened
from web.pages.lead_access import changeable, company_of
from web.pages.lead_commands import said
from web.pages.lead_form import narrowed
from web.pages.lead_picks import picks
from web.security import safe_path
from web.session import Crm, Posted, Who

router = APIRouter()


@router.get("/leads/{id}/detail-corrections", name="lead.detail-corrections.form")
def ask(request: Request, id: UUID, crm: Crm, viewer: Who, fact: Version) -> Response:
    lead = changeable(crm, viewer, id)
    recorded = fact_of(lead, fact)
    form = view(
        form_for(type(recorded)), _action(request, id, fact), values=opened(recorded), version=lead.version,
        picks=_picks(crm, viewer, recorded),
    )  # fmt: skip
    return page(request, "lead/sheet.html", **_around(request, lead, recorded, form))


@router.post("/leads/{id}/detail-corrections", name="lead.detail-corrections")
def correct(request: Request, id: UUID, crm: Crm, viewer: Who, posted: Posted, fact: Version) -> Response:
    lead = changeable(crm, viewer, id)
    recorded = fact_of(lead, fact)
    offered = _picks(crm, viewer, recorded)

    def carry_out(form: Any) -> Done:
        return crm.change(by(viewer, posted), Lead, id, correction(recorded, form, offered))

    answer = submit(form_for(type(recorded)), posted, carry_out, action=_action(request, id, fact),
                    picks=offered)  # fmt: skip
    if isinstance(answer, FormView):
        around = _around(request, lead, recorded, answer)
        return fragment(request, "lead/sheet.html", "sheet", status=answer.status, **around)
    return done(request, answer, _onward(request, id), said(CorrectDetails))


def _picks(crm: CRM, viewer: Any, recorded: Fact) -> Picks:
    with crm.pool.connection() as conn:
        return picks(conn, viewer, form_for(type(recorded)).model_fields["details"].annotation)  # type: ignore[arg-type]


def _around(request: Request, lead: Lead, recorded: Fact, form: FormView) -> dict[str, Any]:
    return {
        "form": narrowed(replace(form, title=CorrectDetails.title), lead),
        "lead": lead,
        "company": company_of(lead),
        "about": recorded,
        "back": _onward(request, lead.id),
        "since": [],
        "searches": False,
        "q": "",
    }


def _action(request: Request, id: UUID, fact: int) -> str:
    back = request.query_params.get("back")
    return url_for(request, "lead.detail-corrections", id=id, fact=fact, back=back)


def _onward(request: Request, id: UUID) -> str:
    return safe_path(request.query_params.get("back"), url_for(request, "lead.history", id=id))
