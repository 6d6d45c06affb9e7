"""Posting a person to a channel from their own page: the fact is the channel's, as when it is done from there."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from crm.application import CRM, Done
from domain.base import Form, Refused, Text
from domain.channel import Channel, Post
from domain.person import Person
from projections import channels
from web.commands import by, done, submit
from web.fields import Choice
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.lead_access import demand_pick
from web.session import Crm, Posted, Who

router = APIRouter()


class PostTo(Form):
    """Send somebody to a channel."""

    noun = "posting"
    verb = "post"
    title = Text("派驻到渠道", "Post to a channel")

    channel: UUID = Field(title="渠道|Channel", json_schema_extra={"pick": "channel"})


@router.get("/admin/people/{id}/posting", name="admin.person.posting.form")
def ask(request: Request, crm: Crm, id: UUID) -> Response:
    person = crm.aggregate(Person, id)
    form = view(PostTo, url_for(request, "admin.person.posting", id=person.id), picks=_offers(crm))
    return page(request, "sheet.html", form=form, back=url_for(request, "admin.person", id=id), **_around(person))


@router.post("/admin/people/{id}/posting", name="admin.person.posting")
def post(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    person = crm.aggregate(Person, id)
    if not person.active:
        raise Refused("person.inactive", "此人已停用，请先恢复。", "They are deactivated; reactivate them first.")
    offered = _offers(crm)

    def act(form: PostTo) -> Done:
        demand_pick(form, offered)
        return crm.change(by(viewer, posted), Channel, form.channel, Post(person=id, occurred_on=form.occurred_on))

    answer = submit(PostTo, posted, act, action=url_for(request, "admin.person.posting", id=id), picks=offered)
    back = url_for(request, "admin.person", id=id)
    if isinstance(answer, FormView):
        return fragment(request, "sheet.html", "sheet", status=answer.status, form=answer, back=back, **_around(person))
    return done(request, answer, back, Text("已派驻。", "Posted."))


def _around(person: Person) -> dict[str, Any]:
    return {"dated": True, "named": person.name, "about": None}


def _offers(crm: CRM) -> dict[str, list[Choice]]:
    with crm.pool.connection() as conn:
        rows = channels.listed(conn, closed=False)
    return {"channel": [Choice(str(row.id), Text(row.name, row.name)) for row in rows]}
