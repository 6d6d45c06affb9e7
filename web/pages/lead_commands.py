"""Every command of a lead: `GET /leads/{id}/<noun>` gives the sheet that asks for it, `POST` carries it out.

One pair of routes per form of the domain, named `lead.<noun>.form` and `lead.<noun>`. `?back=` says where to go on to.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.access import Viewer, demand, may_change
from crm.application import CRM, Done
from crm.command import By
from domain import FORMS
from domain.base import Form, Text
from domain.lead import AttachDocument, CorrectDetails, Lead, LeadEvent, Merge, Register, Unmerge
from domain.lead.claims import Claim
from domain.lead.progress import Contact, VisitSite
from domain.lead.work import AddNote
from web.commands import by, done, submit
from web.fields import Picks
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.facts import names_of
from web.pages.lead import context
from web.pages.lead_access import changeable, company_of, demand_pick, held
from web.pages.lead_facts import Facts
from web.pages.lead_form import narrowed, opening
from web.pages.lead_picks import picks
from web.pages.lead_stale import rebased
from web.pages.story import Entry, story
from web.security import safe_path
from web.session import Crm, Posted, Who

router = APIRouter()
APART: Final = (Register, AttachDocument, CorrectDetails)
"""Forms with pages of their own."""
CONFLICT: Final = 409
ADDS_ONLY: Final = (Contact, VisitSite, AddNote, Claim)
"""What may be added whatever others did meanwhile; everything else is decided on the version one saw."""


def act(crm: CRM, viewer: Viewer, id: UUID, form: Form, who: By, version: int | None) -> Done:
    """Carry the command out."""
    match form:
        case Merge():
            demand(may_change(viewer, held(crm.lead(form.into))))
            return crm.merge(who, id, form)
        case Unmerge():
            return crm.unmerge(who, id, form)
    return crm.change(who, Lead, id, form, version=None if isinstance(form, ADDS_ONLY) else version)


def _routes(kind: type[Form]) -> None:
    """The sheet and the command of one form."""

    def ask(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
        lead = changeable(crm, viewer, id)
        form = _sheet(request, crm, viewer, lead, kind)
        return page(request, "lead/sheet.html", **_around(request, crm, lead, form))

    def run(request: Request, id: UUID, crm: Crm, viewer: Who, posted: Posted) -> Response:
        lead = changeable(crm, viewer, id)
        offered = _picks(request, crm, viewer, lead, kind)
        who, version = by(viewer, posted), _version(posted)

        def carry_out(form: Form) -> Done:
            demand_pick(form, offered)
            return act(crm, viewer, id, form, who, version)

        answer = submit(kind, posted, carry_out, action=_action(request, kind, id), picks=offered)
        if isinstance(answer, FormView) and answer.status == CONFLICT and version:
            lead = crm.lead(id)
            then = opening(crm.lead(id, version=version), kind)
            answer = rebased(answer, posted, then, opening(lead, kind), offered)
        if isinstance(answer, FormView):
            return _again(request, crm, viewer, lead, narrowed(answer, lead), version)
        return done(request, answer, _onward(request, id), said(kind))

    router.add_api_route(f"/leads/{{id}}/{kind.noun}", ask, methods=["GET"], name=f"lead.{kind.noun}.form")
    router.add_api_route(f"/leads/{{id}}/{kind.noun}", run, methods=["POST"], name=f"lead.{kind.noun}")


def _version(posted: Any) -> int | None:
    text = str(posted.get("version") or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - a version has few digits


def _again(request: Request, crm: CRM, viewer: Viewer, lead: Lead, form: FormView, seen: int | None) -> Response:
    if request.query_params.get("quick"):
        quick = replace(form, action=_action(request, form.kind, lead.id, quick=1))
        return fragment(
            request, "lead/page.html", "quick", status=form.status, **context(request, crm, viewer, lead, quick)
        )
    around = _around(request, crm, lead, form, seen)
    return fragment(request, "lead/sheet.html", "sheet", status=form.status, **around)


def _sheet(request: Request, crm: CRM, viewer: Viewer, lead: Lead, kind: type[Form]) -> FormView:
    values = opening(lead, kind) | {
        name: text for name, text in request.query_params.items() if name in kind.model_fields
    }
    version = None if kind in ADDS_ONLY else lead.version
    form = view(
        kind,
        _action(request, kind, lead.id),
        values=values,
        picks=_picks(request, crm, viewer, lead, kind),
        version=version,
    )
    return narrowed(form, lead)


def _picks(request: Request, crm: CRM, viewer: Viewer, lead: Lead, kind: type[Form]) -> Picks:
    with crm.pool.connection() as conn:
        return picks(
            conn,
            viewer,
            kind,
            lead=lead.id,
            company=company_of(lead),
            q=request.query_params.get("q", ""),
        )


def _around(request: Request, crm: CRM, lead: Lead, form: FormView, seen: int | None = None) -> dict[str, Any]:
    return {
        "form": form,
        "lead": lead,
        "company": company_of(lead),
        "back": _onward(request, lead.id),
        "about": _about(lead, form),
        "since": _since(request, crm, lead, seen) if form.status == CONFLICT else [],
        "searches": form.kind is Merge,
        "q": request.query_params.get("q", ""),
    }


def _about(lead: Lead, form: FormView) -> LeadEvent | None:
    """The fact that a correction is about."""
    number = next((field.value for field in form.fields if field.name == "fact"), "")
    known = number.isdecimal() and len(number) < 10 and 1 <= int(number) <= len(lead.events)  # noqa: PLR2004
    return lead.events[int(number) - 1] if known else None


def _since(request: Request, crm: CRM, lead: Lead, seen: int | None) -> list[Entry]:
    """What others recorded after the version the person had seen."""
    with crm.pool.connection() as conn:
        names = names_of(conn)
    entries = story(crm, lead, names, Facts(request.state.words, names)).entries()
    return [entry for entry in entries if entry.event.originator_version > (seen or 0)]


def _action(request: Request, kind: type[Form], id: UUID, **more: Any) -> str:
    return url_for(request, f"lead.{kind.noun}", id=id, back=request.query_params.get("back"), **more)


def _onward(request: Request, id: UUID) -> str:
    return safe_path(request.query_params.get("back"), url_for(request, "lead", id=id))


def said(kind: type[Form]) -> Text:
    """What the next page says after the command."""
    return Text(f"已完成：{kind.title.zh}。", f"Done: {kind.title.en}.")


LEAD_FORMS: Final[Mapping[str, type[Form]]] = {
    noun: kind for (aggregate, noun), kind in FORMS.items() if aggregate == "lead" and kind not in APART
}
for _kind in LEAD_FORMS.values():
    _routes(_kind)
