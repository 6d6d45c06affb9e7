"""A whole book of leads goes from one person to another: on its own, or when the first of them leaves."""

from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import Field

from crm.access import Viewer
from crm.application import CRM, By, Done, keep_own_door
from domain.base import Form, Refused, Text
from domain.channel import Channel, Withdraw
from domain.person import Deactivate, Person, Role
from domain.values import Line
from projections import leads, people
from web.commands import by, done, submit
from web.fields import Choice
from web.forms import FormView, command_id, parse, view
from web.html import fragment, page, url_for
from web.session import Crm, Posted, Who

router = APIRouter()
TITLE = Text("移交线索", "Hand over leads")
SAME = Refused("handover.same", "移交对象不能是本人。", "A book is handed to somebody else.", field="taker")


class HandOver(Form):
    """Every open or resting lead of one person goes to another, with all that hangs on it."""

    noun = "hand-over"
    verb = "hand_over"
    title = TITLE

    giver: UUID = Field(title="移出人|From", json_schema_extra={"pick": "giver"})
    taker: UUID = Field(title="接收人|To", json_schema_extra={"pick": "taker"})
    reason: Line | None = Field(None, title="原因|Reason")


class Leave(Deactivate):
    """Deactivate a person and, in the same step, hand over what they were working on."""

    taker: UUID | None = Field(None, title="线索移交给|Hand the leads to", json_schema_extra={"pick": "taker"})


@router.get("/leads/hand-over", name="leads.hand_over.form")
def ask(request: Request, crm: Crm, giver: Annotated[str, Query()] = "") -> Response:
    with crm.pool.connection() as conn:
        books = _books(conn)
        offered = _offers(conn, books)
    values = {"giver": giver} if giver in {choice.value for choice in offered["giver"]} else {}
    form = view(HandOver, url_for(request, "leads.hand_over"), values=values, picks=offered)
    return page(request, "admin/hand_over.html", form=form, any_book=bool(offered["giver"]))


@router.post("/leads/hand-over", name="leads.hand_over")
def hand_over(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    with crm.pool.connection() as conn:
        books = _books(conn)
        offered = _offers(conn, books)
    moved: list[Done] = []

    def act(form: HandOver) -> Done:
        if form.giver == form.taker:
            raise SAME
        _takes(crm, form.taker)
        moved.extend(crm.hand_over(by(viewer, posted), form.giver, form.taker, form.reason))
        return moved[-1] if moved else Done(form.giver, 0, repeated=True)

    answer = submit(HandOver, posted, act, action=url_for(request, "leads.hand_over"), picks=offered)
    if isinstance(answer, FormView):
        return fragment(request, "admin/hand_over.html", "sending", status=answer.status, form=answer, any_book=True)
    taker = parse(HandOver, posted, command_id(posted)).form
    return done(request, answer, url_for(request, "leads", owner=taker.taker if taker else None), _said(len(moved)))


@router.get("/people/{id}/deactivation", name="person.deactivation.form")
def ask_to_leave(request: Request, crm: Crm, id: UUID) -> Response:
    person = crm.aggregate(Person, id)
    with crm.pool.connection() as conn:
        book, offered = len(leads.of_owner(conn, id)), _offers(conn, {}, besides=id)
    form = view(Leave, url_for(request, "person.deactivation", id=id), picks=offered, version=person.version)
    return page(request, "admin/leave.html", form=form, person=person, book=book)


@router.post("/people/{id}/deactivation", name="person.deactivation")
def leave(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    person = crm.aggregate(Person, id)
    with crm.pool.connection() as conn:
        book, offered = len(leads.of_owner(conn, id)), _offers(conn, {}, besides=id)
    answer = submit(
        Leave, posted, lambda form: _leave(crm, viewer, posted, id, form),
        action=url_for(request, "person.deactivation", id=id), picks=offered,
    )  # fmt: skip
    if isinstance(answer, FormView):
        return fragment(
            request, "admin/leave.html", "sheet", status=answer.status, form=answer, person=person, book=book
        )
    return done(request, answer, url_for(request, "admin.person", id=id), Text("已停用。", "Deactivated."))


def _leave(crm: CRM, viewer: Viewer, posted: Any, id: UUID, form: Leave) -> Done:
    """The book goes first: whoever has left owns nothing that somebody still has to find."""
    leaves = Deactivate(reason=form.reason, occurred_on=form.occurred_on)
    keep_own_door(viewer.id, id, leaves)
    who = by(viewer, posted)
    if form.taker is not None:
        _takes(crm, form.taker)
        crm.hand_over(who, id, form.taker, form.reason)
    _withdraw(crm, who, id)
    return crm.deactivate(who, id, leaves)


def _withdraw(crm: CRM, who: By, person: UUID) -> None:
    """End the postings of somebody who leaves; each under a command of its own, so that a second try finishes them."""
    with crm.pool.connection() as conn:
        running = [posting.channel for posting in people.postings(conn, person=person) if posting.to_on is None]
    for channel in running:
        command = By(who.person, who.role, uuid5(who.command, str(channel)))
        if person in crm.aggregate(Channel, channel).posted:
            crm.change(command, Channel, channel, Withdraw(person=person))


def _takes(crm: CRM, taker: UUID) -> None:
    with crm.pool.connection() as conn:
        person = people.one(conn, taker)
    if person is None or not person.active or not set(person.roles) & {Role.STAFF, Role.MANAGER}:
        raise Refused(
            "handover.taker",
            "请选择在用的专员或主管。",
            "Choose a member of staff or a manager at work.",
            field="taker",
        )


def _books(conn: Connection[Any]) -> dict[UUID, int]:
    """How many leads everybody who has any is working on."""
    found = {person.id: len(leads.of_owner(conn, person.id)) for person in people.listed(conn, active=None)}
    return {person: count for person, count in found.items() if count}


def _offers(conn: Connection[Any], books: dict[UUID, int], besides: UUID | None = None) -> dict[str, list[Choice]]:
    everybody = people.listed(conn, active=None)
    return {
        "giver": [
            Choice(str(one.id), Text(*(f"{one.name}（{books[one.id]} 项）", f"{one.name} ({books[one.id]} leads)")))
            for one in everybody if one.id in books
        ],
        "taker": [
            Choice(str(one.id), Text(one.name, one.name)) for one in everybody
            if one.active and one.id != besides and set(one.roles) & {Role.STAFF, Role.MANAGER}
        ],
    }  # fmt: skip


def _said(count: int) -> Text:
    return Text(f"已移交 {count} 条线索。", f"{count} leads handed over.")
