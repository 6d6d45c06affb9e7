"""Bringing a lead in: one form, with a look at what is there already while one types."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from crm import access
from crm.access import Viewer
from crm.application import CRM, Done
from domain.base import Refused, Text
from domain.lead import Register
from domain.person import Role
from projections.lead_duplicates import Duplicate
from projections.lead_duplicates import duplicates as known_already
from web.commands import by, done, submit
from web.fields import Picks
from web.forms import FormView, view
from web.html import fragment, page, target, url_for
from web.pages.facts import names_of
from web.pages.lead_access import demand_pick
from web.pages.lead_picks import picks
from web.session import Crm, Posted, Who

router = APIRouter()
GROUPS: Final = (
    (Text("企业", "Company"), ("company", "credit_code", "country", "region", "industry")),
    (Text("项目", "Project"), ("project", "investment", "land_mu", "space_m2", "jobs", "summary")),
    (Text("来源", "Source"), ("channel", "occasion", "referrer", "brought_by", "owner", "occurred_on")),
    (Text("联系人", "Contact persons"), ("contacts",)),
)
REASONS: Final[Mapping[str, Text]] = {
    "credit_code": Text("统一社会信用代码相同", "same credit code"),
    "same_name": Text("企业名称相同", "same name"),
    "similar_name": Text("企业名称相近", "similar name"),
}
NAME_AT_LEAST: Final = 2


@router.get("/leads/new", name="leads.new")
def ask(request: Request, crm: Crm, viewer: Who) -> Response:
    """An empty form; channel, occasion or company may come with the link."""
    offered = _picks(crm, viewer)
    given = {name: text for name, text in request.query_params.items() if name in Register.model_fields}
    form = view(Register, url_for(request, "leads.register"), values=_usual(viewer, offered) | given, picks=offered)
    return page(request, "leads/new.html", **_around(crm, viewer, form))


@router.post("/leads", name="leads.register")
def register(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    offered = _picks(crm, viewer)

    def carry_out(form: Register) -> Done:
        if not access.may_tend(viewer, form.channel):
            raise Refused("channel.not_yours", "您不能通过这个渠道登记线索。", "You cannot bring leads in through this channel.",
                          field="channel")  # fmt: skip
        demand_pick(form, offered)
        return crm.register(by(viewer, posted), form)

    answer = submit(Register, posted, carry_out, action=url_for(request, "leads.register"), picks=offered)
    if isinstance(answer, FormView):
        again = fragment(request, "leads/new.html", "main", status=answer.status, **_around(crm, viewer, answer))
        again.headers["HX-Push-Url"] = "false"
        return again
    return done(request, answer, url_for(request, "lead", id=answer.id), Text("线索已登记。", "Lead registered."))


@router.get("/leads/duplicates", name="leads.duplicates")
def duplicates(request: Request, crm: Crm, viewer: Who, company: str = "", credit_code: str = "") -> Response:
    """What is there of the same name or credit code. Of another channel's lead only that it exists."""
    if target(request) is None:  # not a page of its own: whoever comes without htmx gets the form
        return RedirectResponse(url_for(request, "leads.new", company=company, credit_code=credit_code), 303)
    return fragment(request, "leads/new.html", "duplicates", **_alike(crm, viewer, company, credit_code))


def _alike(crm: CRM, viewer: Viewer, company: str, credit_code: str, besides: UUID | None = None) -> dict[str, Any]:
    found: list[Duplicate] = []
    company, credit_code = company.replace("\0", "").strip(), credit_code.replace("\0", "").strip()
    with crm.pool.connection() as conn:
        if len(company) >= NAME_AT_LEAST or credit_code:
            found = known_already(conn, company[:200], credit_code[:40] or None, besides=besides)
        names = names_of(conn)
    return {
        "alike": found,
        "reasons": REASONS,
        "names": names,
        "readable": {one.lead.id for one in found if access.may_read(viewer, one.lead)},
    }


def _around(crm: CRM, viewer: Viewer, form: FormView) -> dict[str, Any]:
    alike = _alike(crm, viewer, form["company"].value, form["credit_code"].value)
    return {"form": form, "groups": [(title, form.only(*fields)) for title, fields in GROUPS], **alike}


def _picks(crm: CRM, viewer: Viewer) -> Picks:
    with crm.pool.connection() as conn:
        return picks(conn, viewer, Register)


def _usual(viewer: Viewer, offered: Picks) -> dict[str, Any]:
    """What a specialist would choose anyway: their only channel, themselves."""
    values: dict[str, Any] = {"country": "CN"}
    if len(offered["channel"]) == 1:
        values["channel"] = offered["channel"][0].value
    if Role.STAFF in viewer.roles and any(choice.value == str(viewer.id) for choice in offered["person"]):
        values |= {"owner": viewer.id, "brought_by": viewer.id}
    return values
