"""Correcting the content of a fact: its own fields as known, to be put right; what differs becomes the correction."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Final, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, create_model

from crm.application import Done, Unknown
from domain.base import Form, Payload, Refused
from domain.correctable import Correctable
from domain.corrections import CorrectDetails
from domain.facts import Fact
from domain.values import Money, Sealed
from web.commands import by, done, submit
from web.fields import kind_of
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.lead_access import demand_pick
from web.pages.sheets import Sheets, around, onward, recorded_text, settled
from web.session import Crm, Posted, Who

Version = Annotated[int, Query(ge=1, le=1_000_000)]
NOUN: Final = CorrectDetails.noun


@cache
def correctable(event: type[Fact]) -> tuple[str, ...]:
    """The fields of a fact whose content may be corrected in the open: none that is sealed, none made of others."""
    return tuple(name for name in event.payload_fields() if _open(event, name))


def _open(event: type[Fact], name: str) -> bool:
    info = event.model_fields[name]
    kind = kind_of(info.annotation, info.metadata)
    composed = isinstance(kind.type, type) and issubclass(kind.type, BaseModel) and kind.type is not Money
    sealed = any(isinstance(marker, Sealed) for marker in kind.markers)
    return not composed and not sealed and bool(info.title) and event.correction is Fact.correction


@cache
def form_for(event: type[Fact]) -> type[Form]:
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


def opened(fact: Fact) -> dict[str, Any]:
    """What the form of a fact opens with."""
    number = fact.originator_version
    return {"fact": number, "details": {name: getattr(fact, name) for name in correctable(type(fact))}}


def differing(recorded: Fact, put_right: BaseModel) -> dict[str, Any]:
    """What was put right, as it is stored. Refused where that is nothing."""
    was, now = recorded.model_dump(mode="json"), put_right.model_dump(mode="json")
    changed = {name: value for name, value in now.items() if value != was.get(name)}
    if not changed:
        raise Refused("correction.unchanged", "没有改动任何内容。", "Nothing was changed.")
    return changed


def fact_of(aggregate: Correctable, version: int) -> Fact:
    """The fact as now known; 404 where there is none of that number whose content can be corrected."""
    for fact in aggregate.facts:
        found = cast("Fact", fact)
        if (found.originator_id, found.originator_version) == (aggregate.id, version) and correctable(type(found)):
            return found
    raise Unknown


def correction(recorded: Fact, form: Any, offered: Any) -> CorrectDetails:
    """The command that the form of a fact comes to. Refused at the field of what cannot be chosen."""
    details = differing(recorded, form.details)
    try:
        demand_pick(form.details, offered, only=details)
    except Refused as refusal:
        raise refusal.at(f"details.{refusal.field}") from None
    return CorrectDetails(
        fact=recorded.originator_version, reason=form.reason, details=details, occurred_on=form.occurred_on
    )


def add_detail_corrections(router: APIRouter, sheets: Sheets) -> None:
    """Give `router` the sheet that asks what was right, and the command."""
    path, name = f"{sheets.path}/{{id}}/{NOUN}", f"{sheets.kind.NAME}.{NOUN}"
    router.add_api_route(path, _asks(sheets), methods=["GET"], name=f"{name}.form")
    router.add_api_route(path, _takes(sheets), methods=["POST"], name=name)


def _asks(sheets: Sheets) -> Callable[..., Response]:
    def ask(request: Request, id: UUID, crm: Crm, viewer: Who, fact: Version) -> Response:
        sheets.demands(crm, viewer, id)
        aggregate = crm.aggregate(_facts_of(sheets), id)
        recorded = fact_of(aggregate, fact)
        form = view(
            form_for(type(recorded)), _action(request, sheets, id, fact), values=opened(recorded),
            version=aggregate.version, picks=sheets.offers(crm, aggregate),
        )  # fmt: skip
        return page(request, "sheet.html", form=settled(form), **around(request, sheets, aggregate, recorded))

    return ask


def _takes(sheets: Sheets) -> Callable[..., Response]:
    def correct(request: Request, id: UUID, crm: Crm, viewer: Who, posted: Posted, fact: Version) -> Response:
        sheets.demands(crm, viewer, id)
        aggregate = crm.aggregate(_facts_of(sheets), id)
        recorded, offered = fact_of(aggregate, fact), sheets.offers(crm, aggregate)

        def carry_out(form: Any) -> Done:
            return crm.change(by(viewer, posted), sheets.kind, id, correction(recorded, form, offered))

        kind = form_for(type(recorded))
        answer = submit(kind, posted, carry_out, action=_action(request, sheets, id, fact), picks=offered)
        if isinstance(answer, FormView):
            shown = around(request, sheets, aggregate, recorded)
            return fragment(request, "sheet.html", "sheet", status=answer.status, form=settled(answer), **shown)
        return done(request, answer, onward(request, sheets, id), recorded_text(CorrectDetails))

    return correct


def _facts_of(sheets: Sheets) -> type[Correctable]:
    if not issubclass(sheets.kind, Correctable):
        raise TypeError(f"a {sheets.kind.NAME} has no facts to correct")
    return sheets.kind


def _action(request: Request, sheets: Sheets, id: UUID, fact: int) -> str:
    return url_for(request, f"{sheets.kind.NAME}.{NOUN}", id=id, fact=fact, back=request.query_params.get("back"))
