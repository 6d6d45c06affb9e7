"""Every command of the domain as `POST …/{id}/<noun>`: one loop over the forms, the same verbs and rules as the pages."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from crm import access
from crm.access import Viewer
from crm.application import CRM, By, Done
from domain import FORMS
from domain.base import Aggregate, Form, Refused
from domain.channel import Channel, OpenChannel
from domain.district import DISTRICT, District, SetRules
from domain.lead import AttachDocument, Lead, Merge, Register, Unmerge
from domain.meeting import Meeting, PinMeeting
from domain.person import AddPerson, Deactivate, Person
from web.api.body import reads
from web.api.command import Acting, Recorded, Seen, once, recorded, unchanged
from web.api.problems import COMMAND, CREATE
from web.api.references import demand_known
from web.pages.lead_access import changeable
from web.session import Crm, Who

router = APIRouter()
PLACES: Final = {
    "lead": (Lead, "leads"),
    "channel": (Channel, "channels"),
    "person": (Person, "people"),
    "meeting": (Meeting, "meetings"),
}
APART: Final = (Register, AttachDocument, OpenChannel, AddPerson, SetRules, PinMeeting)
"""Forms that make something new, come as a file, or belong to no id."""


def _permitted(crm: CRM, viewer: Viewer, kind: type[Aggregate], id: UUID) -> None:
    if kind is Lead:
        changeable(crm, viewer, id)
        return
    crm.aggregate(kind, id)
    access.demand(
        kind is not Channel or access.may_tend(viewer, id),
        "只有派驻在这里的人员、主管和管理员可以修改这个渠道。",
        "Only those posted here, managers and administrators may change this channel.",
    )


def _act(crm: CRM, who: By, kind: type[Aggregate], id: UUID, form: Form, seen: int | None) -> Done:
    match form:
        case Merge() | Unmerge():
            unchanged(crm.lead(id), seen)
            return crm.merge(who, id, form) if isinstance(form, Merge) else crm.unmerge(who, id, form)
        case Deactivate():
            unchanged(crm.aggregate(kind, id), seen)
            return crm.deactivate(who, id, form)
    return crm.change(who, kind, id, form, version=seen)


def _add(aggregate: str, form_class: type[Form]) -> None:
    kind, place = PLACES[aggregate]

    def run(
        response: Response, id: UUID, crm: Crm, viewer: Who, who: Acting, seen: Seen,
        form: Annotated[Any, reads(form_class)],
    ) -> dict[str, Any]:  # fmt: skip
        def act() -> Done:
            _permitted(crm, viewer, kind, id)
            demand_known(crm, viewer, form, id if kind is Lead else None)
            return _act(crm, who, kind, id, form, seen)

        return recorded(crm, response, once(crm, who, kind, id, form, act))

    router.add_api_route(
        f"/{place}/{{id}}/{form_class.noun}", run, methods=["POST"], name=f"api.{aggregate}.{form_class.noun}",
        response_model=Recorded, responses=COMMAND, tags=[place], **described(form_class),
    )  # fmt: skip


def described(form_class: type[Form]) -> dict[str, Any]:
    """How a command's route is documented: its words, and the form as its body."""
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{form_class.__name__}"}}}
    return {
        "summary": f"{form_class.title.zh} · {form_class.title.en}",
        "description": (form_class.__doc__ or "").strip() if "__doc__" in form_class.__dict__ else "",
        "openapi_extra": {"requestBody": {"required": True, "content": body}},
    }


for (_aggregate, _noun), _form in FORMS.items():
    if _aggregate in PLACES and _form not in APART:
        _add(_aggregate, _form)


@router.post(
    "/leads", name="api.leads.register", status_code=201, response_model=Recorded, responses=CREATE, tags=["leads"],
    **described(Register),
)  # fmt: skip
def register(
    response: Response, crm: Crm, viewer: Who, who: Acting, form: Annotated[Register, reads(Register)]
) -> dict[str, Any]:
    def act() -> Done:
        if not access.may_tend(viewer, form.channel):
            raise Refused("channel.not_yours", "您不能通过这个渠道登记线索。", "You cannot bring leads in through this channel.",
                          field="channel")  # fmt: skip
        demand_known(crm, viewer, form)
        return crm.register(who, form)

    return recorded(crm, response, once(crm, who, Lead, None, form, act))


@router.post(
    "/channels", name="api.channels.open", status_code=201, response_model=Recorded, responses=CREATE,
    tags=["channels"], **described(OpenChannel),
)  # fmt: skip
def open_channel(
    response: Response, crm: Crm, viewer: Who, who: Acting, form: Annotated[OpenChannel, reads(OpenChannel)]
) -> dict[str, Any]:
    def act() -> Done:
        demand_known(crm, viewer, form)
        return crm.create(who, Channel, form)

    return recorded(crm, response, once(crm, who, Channel, None, form, act))


@router.post(
    "/rules", name="api.district.rules", response_model=Recorded, responses=COMMAND, tags=["district"],
    **described(SetRules),
)  # fmt: skip
def set_rules(
    response: Response, crm: Crm, who: Acting, seen: Seen, form: Annotated[SetRules, reads(SetRules)]
) -> dict[str, Any]:
    return recorded(crm, response, crm.change(who, District, DISTRICT, form, version=seen))
