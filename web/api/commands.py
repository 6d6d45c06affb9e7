"""Every command of the domain as `POST …/{id}/<noun>`: one loop over the forms, the same verbs and rules as the pages."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from crm import access
from crm.access import Viewer
from crm.application import CRM, By, Done
from domain import FORMS
from domain.base import Aggregate, Form, Refused
from domain.channel import Channel
from domain.company import Company
from domain.correctable import Correctable
from domain.corrections import CorrectDetails
from domain.district import DISTRICT, District, SetRules
from domain.funding import Funding
from domain.indicator import Indicator
from domain.lead import AttachDocument, Lead, Merge, Register, Unmerge
from domain.matchmaking import Matchmaking
from domain.meeting import Meeting
from domain.person import Deactivate, Person
from domain.plan import Plan
from domain.problem import Problem
from domain.procedure import Procedure
from domain.project import Project
from domain.service import Service
from domain.site import Site
from domain.target import Target
from domain.task import Task
from web.api.body import reads
from web.api.command import Acting, Recorded, Seen, once, recorded, unchanged
from web.api.problems import COMMAND, CREATE
from web.api.references import demand_known
from web.pages.answering import demanding
from web.pages.lead_access import changeable
from web.session import Crm, Who

router = APIRouter()
PLACES: Final[dict[str, tuple[type[Aggregate], str]]] = {
    "lead": (Lead, "leads"),
    "channel": (Channel, "channels"),
    "person": (Person, "people"),
    "meeting": (Meeting, "meetings"),
    "project": (Project, "projects"),
    "problem": (Problem, "problems"),
    "target": (Target, "targets"),
    "plan": (Plan, "plans"),
    "indicator": (Indicator, "indicators"),
    "company": (Company, "companies"),
    "service": (Service, "services"),
    "site": (Site, "sites"),
    "matchmaking": (Matchmaking, "matchmakings"),
    "task": (Task, "tasks"),
    "procedure": (Procedure, "procedures"),
    "funding": (Funding, "funding"),
}
CREATED: Final = tuple(kind for kind in PLACES if kind not in ("person", "meeting"))
"""What is made by its first form alone; a person needs a password beside, a meeting its figures."""
APART: Final = (*(kind.CREATES for kind, _ in PLACES.values()), AttachDocument, SetRules)
"""Forms that make something new, come as a file, or belong to no id."""


def _tending(_crm: CRM, viewer: Viewer, id: UUID) -> None:
    access.demand(
        access.may_tend(viewer, id),
        "只有派驻在这里的人员、主管和管理员可以修改这个渠道。",
        "Only those posted here, managers and administrators may change this channel.",
    )


DEMANDS: Final[dict[type[Aggregate], Callable[[CRM, Viewer, UUID], Any]]] = {
    Lead: changeable, Channel: _tending,
    **{kind: demanding(kind) for kind, _ in PLACES.values() if issubclass(kind, Correctable) and kind is not Lead},
}  # fmt: skip
"""Who may change one of a kind, where the rule of the route is not all."""


def _permitted(crm: CRM, viewer: Viewer, kind: type[Aggregate], id: UUID) -> None:
    crm.aggregate(kind, id)
    if kind in DEMANDS:
        DEMANDS[kind](crm, viewer, id)


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
            about = crm.aggregate(kind, id) if isinstance(form, CorrectDetails) else None
            demand_known(crm, viewer, form, about)
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


def _through(viewer: Viewer, form: Form) -> None:
    """Leads come in through one's own channels only."""
    if isinstance(form, Register) and not access.may_tend(viewer, form.channel):
        raise Refused("channel.not_yours", "您不能通过这个渠道登记线索。", "You cannot bring leads in through this channel.",
                      field="channel")  # fmt: skip


def _create(aggregate: str) -> None:
    kind, place = PLACES[aggregate]
    form_class: Any = kind.CREATES

    def run(
        response: Response, crm: Crm, viewer: Who, who: Acting, form: Annotated[Any, reads(form_class)]
    ) -> dict[str, Any]:
        def act() -> Done:
            _through(viewer, form)
            demand_known(crm, viewer, form)
            return crm.create(who, kind, form)

        return recorded(crm, response, once(crm, who, kind, None, form, act))

    router.add_api_route(
        f"/{place}", run, methods=["POST"], name=f"api.{place}.{form_class.verb}", status_code=201,
        response_model=Recorded, responses=CREATE, tags=[place], **described(form_class),
    )  # fmt: skip


for _aggregate in CREATED:
    _create(_aggregate)


@router.post(
    "/rules", name="api.district.rules", response_model=Recorded, responses=COMMAND, tags=["district"],
    **described(SetRules),
)  # fmt: skip
def set_rules(
    response: Response, crm: Crm, who: Acting, seen: Seen, form: Annotated[SetRules, reads(SetRules)]
) -> dict[str, Any]:
    return recorded(crm, response, crm.change(who, District, DISTRICT, form, version=seen))
