"""People and their postings; adding one, and handing a whole book of leads over."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from crm.application import CRM, By, CommandReused, Done
from domain.base import Refused
from domain.person import AddPerson, Person
from projections import activity_asked, people
from projections.activity import ActivityFilters
from projections.people import PersonRow, Posting
from web.api.body import reads
from web.api.command import Acting, Recorded, once, recorded
from web.api.commands import described
from web.api.problems import COMMAND, CREATE, READ
from web.api.reading import Answer, Read, reading, shape
from web.api.references import worker
from web.pages.hand_over import HandOver
from web.session import Crm, Who

router = APIRouter(tags=["people"])
AT_ONCE = 200
PostingOut = shape("PersonPosting", Posting, without=("person",))
PersonOut = shape(
    "PersonOut", PersonRow, postings=list[PostingOut],  # type: ignore[valid-type]
    login=Annotated[str | None, Field(description="仅管理员与审计可见 · Only for administrators and auditors")],
)  # fmt: skip


class PeopleQuery(Read):
    active: bool | None = Field(None, description="在用 · Whether they are active")


class PeopleAnswer(Answer):
    people: list[PersonOut]  # type: ignore[valid-type]


class Added(Recorded):
    """`password`: the first one, given this once; it has to be changed at the first login."""

    password: str | None


class HandedOver(BaseModel):
    """The leads that went over. A repeated command finishes what the first began, and names them all."""

    position: int
    leads: list[UUID]


@router.get("/people", name="api.people", response_model=PeopleAnswer, responses=READ, summary="人员 · People")
def listed(crm: Crm, viewer: Who, query: Annotated[PeopleQuery, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        rows = people.listed(conn, active=query.active)
        postings: dict[UUID, list[dict[str, Any]]] = {}
        for posting in people.postings(conn):
            postings.setdefault(posting.person, []).append(posting._asdict())
    open_to = viewer.may_open("admin.people")
    shown = [
        {**row._asdict(), "login": row.login if open_to else None, "postings": postings.get(row.id, [])} for row in rows
    ]
    return {"position": position, "people": shown}


@router.post(
    "/people", name="api.admin.person.add", status_code=201, response_model=Added, responses=CREATE,
    **described(AddPerson),
)  # fmt: skip
def add(response: Response, crm: Crm, who: Acting, form: Annotated[AddPerson, reads(AddPerson)]) -> dict[str, Any]:
    passwords: list[str] = []

    def act() -> Done:
        done, password = crm.add_person(who, form)
        passwords.append(password)
        return done

    done = once(crm, who, Person, None, form, act)
    return {**recorded(crm, response, done), "password": next(iter(passwords), None)}


@router.post(
    "/leads/hand-over", name="api.leads.hand_over", response_model=HandedOver, responses=COMMAND,
    **described(HandOver),
)  # fmt: skip
def hand_over(crm: Crm, who: Acting, form: Annotated[HandOver, reads(HandOver)]) -> dict[str, Any]:
    crm.aggregate(Person, form.giver)
    if not worker(crm, form.taker):
        raise Refused(
            "handover.taker",
            "请选择在用的专员或主管。",
            "Choose a member of staff or a manager at work.",
            field="taker",
        )
    before = _before(crm, who, form)
    moved = crm.hand_over(who, form.giver, form.taker, form.reason)
    position = max((done.position for done in moved), default=crm.position())
    return {"position": position, "leads": [*before, *(done.id for done in moved)]}


def _before(crm: CRM, who: By, form: HandOver) -> list[UUID]:
    """The leads that the same command handed over when it was sent before. Raises CommandReused."""
    crm.wait(crm.position())
    asked = ActivityFilters(origin=who.command)
    found: list[UUID] = []
    after: str | None = None
    with crm.pool.connection() as conn:
        while True:
            page = activity_asked.listed(conn, asked, after=after, limit=AT_ONCE)
            found += [row.stream for row in page.rows]
            if page.next is None:
                break
            after = page.next
    told = [event for row, event in crm.history(found[0]) if row.origin == who.command] if found else []
    if any(
        getattr(event, "owner", None) != form.taker or getattr(event, "reason", None) != form.reason for event in told
    ):
        raise CommandReused(CommandReused.text.en)
    return found
