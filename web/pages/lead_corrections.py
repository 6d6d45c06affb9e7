"""Correcting the content of a fact: its own fields as recorded, to be put right; what differs becomes the correction."""

from dataclasses import replace
from functools import cache
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, create_model

from crm.application import CRM, Done, Unknown
from domain.base import Form, Payload, Refused
from domain.lead import CorrectDetails, Lead, LeadEvent
from domain.values import Money, Sealed
from web.commands import by, done, submit
from web.fields import Picks, kind_of
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.lead_access import changeable, company_of, demand_pick
from web.pages.lead_commands import said
from web.pages.lead_form import narrowed
from web.pages.lead_picks import picks
from web.security import safe_path
from web.session import Crm, Posted, Who

router = APIRouter()
Version = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/leads/{id}/detail-corrections", name="lead.detail-corrections.form")
def ask(request: Request, id: UUID, crm: Crm, viewer: Who, fact: Version) -> Response:
    lead = changeable(crm, viewer, id)
    recorded = _fact(lead, fact)
    values = {"fact": fact, "details": {name: getattr(recorded, name) for name in correctable(type(recorded))}}
    form = view(
        form_for(type(recorded)), _action(request, id, fact), values=values, version=lead.version,
        picks=_picks(crm, viewer, recorded),
    )  # fmt: skip
    return page(request, "lead/sheet.html", **_around(request, lead, recorded, form))


@router.post("/leads/{id}/detail-corrections", name="lead.detail-corrections")
def correct(request: Request, id: UUID, crm: Crm, viewer: Who, posted: Posted, fact: Version) -> Response:
    lead = changeable(crm, viewer, id)
    recorded = _fact(lead, fact)
    offered = _picks(crm, viewer, recorded)

    def carry_out(form: Any) -> Done:
        details = _differing(recorded, form.details)
        try:
            demand_pick(form.details, offered, only=details)
        except Refused as refusal:
            raise refusal.at(f"details.{refusal.field}") from None
        correction = CorrectDetails(fact=fact, reason=form.reason, details=details, occurred_on=form.occurred_on)
        return crm.change(by(viewer, posted), Lead, id, correction)

    answer = submit(form_for(type(recorded)), posted, carry_out, action=_action(request, id, fact),
                    picks=offered)  # fmt: skip
    if isinstance(answer, FormView):
        around = _around(request, lead, recorded, answer)
        return fragment(request, "lead/sheet.html", "sheet", status=answer.status, **around)
    return done(request, answer, _onward(request, id), said(CorrectDetails))


@cache
def correctable(event: type[LeadEvent]) -> tuple[str, ...]:
    """The fields of a fact whose content may be corrected in the open: none that is sealed, none made of others."""
    return tuple(name for name in event.payload_fields() if _open(event, name))


def _open(event: type[LeadEvent], name: str) -> bool:
    info = event.model_fields[name]
    kind = kind_of(info.annotation, info.metadata)
    composed = isinstance(kind.type, type) and issubclass(kind.type, BaseModel) and kind.type is not Money
    sealed = any(isinstance(marker, Sealed) for marker in kind.markers)
    return not composed and not sealed and bool(info.title) and event.correction is LeadEvent.correction


@cache
def form_for(event: type[LeadEvent]) -> type[Form]:
    """A form of the fact's own fields, with the reason for correcting them."""
    fields: dict[str, Any] = {
        name: (info.annotation, info) for name, info in event.model_fields.items() if name in correctable(event)
    }
    details = create_model(f"{event.__name__}Content", __base__=Payload, **fields)
    reason = CorrectDetails.model_fields["reason"]
    made = create_model(
        f"Correct{event.__name__}",
        __base__=Form,
        fact=(int, Field(title="更正的事项|Fact corrected")),
        details=(details, Field(title="正确内容|Right details")),
        reason=(str, reason),
    )
    made.noun, made.verb, made.title = CorrectDetails.noun, CorrectDetails.verb, CorrectDetails.title
    return cast("type[Form]", made)


def _differing(recorded: LeadEvent, put_right: BaseModel) -> dict[str, Any]:
    was, now = recorded.model_dump(mode="json"), put_right.model_dump(mode="json")
    changed = {name: value for name, value in now.items() if value != was.get(name)}
    if not changed:
        raise Refused("correction.unchanged", "没有改动任何内容。", "Nothing was changed.")
    return changed


def _fact(lead: Lead, version: int) -> LeadEvent:
    """The fact as now known; 404 where there is none of that number whose content can be corrected."""
    for fact in lead.history.facts:
        found = cast("LeadEvent", fact)
        if (found.originator_id, found.originator_version) == (lead.id, version) and correctable(type(found)):
            return found
    raise Unknown


def _picks(crm: CRM, viewer: Any, recorded: LeadEvent) -> Picks:
    with crm.pool.connection() as conn:
        return picks(conn, viewer, form_for(type(recorded)).model_fields["details"].annotation)  # type: ignore[arg-type]


def _around(request: Request, lead: Lead, recorded: LeadEvent, form: FormView) -> dict[str, Any]:
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
