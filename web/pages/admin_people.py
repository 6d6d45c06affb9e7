"""People: who there is, adding one, their roles, postings and book, resetting a password, ending sessions."""

import secrets
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import Connection

from crm import clock
from crm.access import SYSTEM
from crm.application import Done
from domain.base import Event, Refused, Text
from domain.person import AddPerson, Deactivate, Person, Role, RoleWithdrawn
from projections import channels, leads, people
from projections.people import Posting
from web.commands import by, submit
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.admin import tabs
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Doors, Posted, Who, leave_notice

router = APIRouter()


add_commands(
    router,
    Sheets(
        Person,
        "/people",
        "admin.person",
        knows=lambda _crm, person: {"name": person.name},
        dated=False,
        apart=frozenset({AddPerson.noun, Deactivate.noun}),
    ),
)


@router.get("/admin/people", name="admin.people")
def listed(request: Request, crm: Crm, left: Annotated[str, Query()] = "") -> Response:
    with crm.pool.connection() as conn:
        rows = people.listed(conn, active=None)
        names = channels.names(conn)
        posted: dict[UUID, list[str]] = {}
        for posting in people.postings(conn, on=clock.today()):
            if posting.to_on == clock.today():
                continue
            posted.setdefault(posting.person, []).append(names.get(posting.channel, "—"))
    return page(
        request, "admin/people.html", tabs=tabs(request, "admin.people"), posted=posted, Role=Role, left=bool(left),
        rows=[row for row in rows if row.active or left], gone=sum(not row.active for row in rows),
    )  # fmt: skip


@router.get("/admin/people/new", name="admin.person.new")
def new(request: Request) -> Response:
    return page(request, "admin/new_person.html", form=view(AddPerson, url_for(request, "admin.person.add")))


@router.post("/admin/people", name="admin.person.add")
def add(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    """The first password is shown once, here, and nowhere else."""
    passwords: list[str] = []

    def act(form: AddPerson) -> Done:
        answer, password = crm.add_person(by(viewer, posted), form)
        passwords.append(password)
        return answer

    answer = submit(AddPerson, posted, act, action=url_for(request, "admin.person.add"))
    if isinstance(answer, FormView):
        return fragment(request, "admin/new_person.html", "new", status=answer.status, form=answer)
    crm.wait(answer.position)
    return _once(request, crm.aggregate(Person, answer.id), passwords[0])


@router.get("/admin/people/{id}", name="admin.person")
def show(request: Request, crm: Crm, doors: Doors, id: UUID) -> Response:
    person = crm.aggregate(Person, id)
    with crm.pool.connection() as conn:
        names = channels.names(conn)
        everybody = people.names(conn)
        book = len(leads.of_owner(conn, id))
        postings = _postings(conn, id)
    return page(
        request, "admin/person.html", tabs=tabs(request, "admin.people"), person=person, names=names, book=book,
        postings=postings, sessions=[one for one in doors.sessions() if one.person == id],
        tokens=[one for one in doors.tokens() if one.person == id and one.revoked_at is None],
        roles=sorted(person.roles), entries=[
            (event.occurred_on, _said(event), everybody.get(row.actor, "") if row.actor != SYSTEM else "", row.recorded_at)
            for row, event in reversed(crm.history(id))
        ],
    )  # fmt: skip


def _postings(conn: Connection[Any], id: UUID) -> list[Posting]:
    return people.postings(conn, person=id)


def _said(event: Event) -> Text:
    reason = getattr(event, "reason", None)
    zh, en = event.sentence()
    return (
        Text(f"{zh}（{reason}）", f"{en} ({reason})")
        if reason and not isinstance(event, RoleWithdrawn)
        else event.sentence()
    )


@router.post("/admin/people/{id}/password", name="admin.person.password")
def reset_password(request: Request, crm: Crm, doors: Doors, id: UUID) -> Response:
    """A new first password; every session of the person ends, and they choose their own at the next login."""
    person = crm.aggregate(Person, id)
    if not person.active:
        raise Refused("person.inactive", "此人已停用，请先恢复。", "They are deactivated; reactivate them first.")
    password = secrets.token_urlsafe(12)
    doors.open(id, person.login, password)
    return _once(request, person, password)


def _once(request: Request, person: Person, password: str) -> Response:
    return page(request, "admin/password.html", person=person, password=password)


@router.post("/admin/people/{id}/sessions", name="admin.person.sessions")
def end_sessions(request: Request, crm: Crm, doors: Doors, id: UUID) -> Response:
    """Sign a person out everywhere; their API tokens go on."""
    person = crm.aggregate(Person, id)
    doors.end_sessions(person.id)
    response = RedirectResponse(url_for(request, "admin.person", id=id), 303)
    leave_notice(response, Text(f"已让{person.name}在所有设备上退出。", f"{person.name} is signed out everywhere."))
    return response
